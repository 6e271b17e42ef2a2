/** The reply to `query.return.<id>`. */
import type { ReturnView } from '../../protocols/views.ts';
import type { Charted } from '../chart.ts';
import type { ReturnRecord } from './record.ts';

export function returnView({ state, record }: Charted<ReturnRecord>): ReturnView {
  const { id, revision, order, by, store, lines } = record;
  return {
    return: id,
    revision,
    state,
    order,
    by,
    lines: lines.map(({ sentBy: _, ...line }) => line),
    ...(store === undefined ? {} : { store }),
  };
}
