/** The reply to `query.return.<id>`. */
import type { ReturnView } from '../../protocols/views.ts';
import type { Charted } from '../chart.ts';
import { anyReceived, type ReturnRecord, stillToHandBack } from './record.ts';

export function returnView({ state, record }: Charted<ReturnRecord>): ReturnView {
  const { id, revision, order, by, store, exchange, lines } = record;
  return {
    return: id,
    revision,
    state: state === 'extending' ? stateBefore(record) : state,
    order,
    by,
    ...(exchange === undefined ? {} : { exchange }),
    lines: lines.map((line) => {
      const { sentBy: _, ...shown } = line;
      return { ...shown, toHandBack: stillToHandBack(line) };
    }),
    ...(store === undefined ? {} : { store }),
  };
}

/** While the order is asked nothing has changed: it may refuse. */
const stateBefore = (record: ReturnRecord): string => (anyReceived(record) ? 'received' : 'requested');
