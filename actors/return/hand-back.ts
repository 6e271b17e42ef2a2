/** `hand-back`: rejected units are the customer's; he gets them at the counter, or by mail. */
import type { Message } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { goodsElsewhere } from './clerk.ts';
import { namedLines, withLines } from './named-lines.ts';
import { about, type ReturnRecord, stillToHandBack } from './record.ts';

export function handBack(record: ReturnRecord, message: Message<ReturnCommands['hand-back']>): Verdict<ReturnRecord> {
  const elsewhere = goodsElsewhere(record, message);
  if (elsewhere) return elsewhere;
  const lines = namedLines(record, message.payload.lines);
  if ('refuse' in lines) return lines;
  for (const { item, line } of lines.named) {
    const most = stillToHandBack(line);
    if (item.quantity > most) return refuse('exceeds-rejected', `line ${line.line}: ${item.quantity} of ${most}`);
  }
  const handed = lines.named.map(({ item, line }) => ({ ...line, handedBack: line.handedBack + item.quantity }));
  const { carrier, tracking } = message.payload;
  const payload = {
    ...about(record),
    ...(record.store === undefined ? {} : { store: record.store }),
    lines: lines.named.map(({ item: { quantity }, line: { line, sku } }) => ({ line, sku, quantity })),
    ...(carrier === undefined ? {} : { carrier }),
    ...(tracking === undefined ? {} : { tracking }),
  };
  return { record: withLines(record, handed), effects: [{ effect: 'event', name: 'handed-back', payload }] };
}
