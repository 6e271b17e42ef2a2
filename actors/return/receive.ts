/** `receive`: what came in, up to what was declared, in as many parts as it likes. */
import type { Message } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { speakingStore } from './clerk.ts';
import { namedLines, withLines } from './named-lines.ts';
import { about, anyReceived, type ReturnRecord } from './record.ts';

export function receive(record: ReturnRecord, message: Message<ReturnCommands['receive']>): Verdict<ReturnRecord> {
  const store = speakingStore(message);
  if (store !== undefined && anyReceived(record) && record.store !== store) {
    return refuse('not-allowed', `the goods of ${record.id} are at ${record.store ?? 'headquarters'}`);
  }
  const lines = namedLines(record, message.payload.lines);
  if ('refuse' in lines) return lines;
  for (const { item, line } of lines.named) {
    const most = line.declared - line.received;
    if (item.quantity > most) return refuse('exceeds-declared', `line ${line.line}: ${item.quantity} of ${most}`);
  }
  const received = lines.named.map(({ item, line }) => ({ ...line, received: line.received + item.quantity }));
  const place = store ?? record.store;
  const where = place === undefined ? {} : { store: place };
  const units = message.payload.lines.map(({ line, quantity }) => ({ line, quantity }));
  return {
    record: { ...withLines(record, received), ...where },
    effects: [{ effect: 'event', name: 'received', payload: { ...about(record), ...where, lines: units } }],
  };
}
