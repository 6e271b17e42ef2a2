/**
 * `cancel`: what has not come in will not. Before anything came that is the whole return; after, the rest of it. A store may say so
 * of a return that it requested itself, wherever the goods are: of others it doesn't know what is still on its way. A channel and ops
 * may of any.
 */

import type { Message } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import type { ToOrder } from '../../protocols/internal.ts';
import { refuse, type Verdict } from '../chart.ts';
import { requestedElsewhere } from './clerk.ts';
import { withLines } from './named-lines.ts';
import { about, anyReceived, type ReturnRecord } from './record.ts';

export function cancel(record: ReturnRecord, message: Message<ReturnCommands['cancel']>): Verdict<ReturnRecord> {
  const { payload } = message;
  const elsewhere = requestedElsewhere(record, message);
  if (elsewhere) return elsewhere;
  const missing = record.lines.filter(({ declared, received }) => declared > received);
  if (missing.length === 0) return refuse('wrong-state', `all of return ${record.id} was received`);
  const lines = missing.map(({ line, declared, received }) => ({ line, quantity: declared - received }));
  const rest = withLines(
    record,
    missing.map((line) => ({ ...line, declared: line.received })),
  );
  const declareCancelled: ToOrder['declare-cancelled'] = { return: record.id, lines };
  const reason = payload.reason === undefined ? {} : { reason: payload.reason };
  return {
    record: anyReceived(record) ? rest : { ...rest, end: 'cancelled' },
    effects: [
      { effect: 'send', entity: 'order', id: record.order, name: 'declare-cancelled', payload: declareCancelled },
      { effect: 'event', name: 'cancelled', payload: { ...about(record), lines, ...reason } },
    ],
  };
}
