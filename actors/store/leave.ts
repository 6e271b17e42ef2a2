/** How reserved units leave a store's open work: not wanted any more, not found, or gone with the customer. */
import type { Message } from '../../protocols/actor.ts';
import type { SkuUnits, ToStore } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { counted, openCount } from './count.ts';
import type { Work } from './holdings.ts';
import { type StoreRecord, unitsBySku } from './record.ts';

type Leaving = ToStore['release' | 'short' | 'hand-over'];

/** Free again. */
export function release(record: StoreRecord, message: Message<Leaving>): Verdict<StoreRecord> {
  return leave(record, message, false);
}

/** Neither reserved nor on hand: short-picked, or handed over. */
export function takeAway(record: StoreRecord, message: Message<Leaving>): Verdict<StoreRecord> {
  return leave(record, message, true);
}

/** Off the shelf as far as it is there, whoever it was promised to since: as a count would find. */
export function takeUnreserved(record: StoreRecord, message: Message<ToStore['late-hand-over']>): Verdict<StoreRecord> {
  const edit = openCount(record);
  for (const [sku, quantity] of unitsBySku(message.payload.lines)) {
    const [, onHand, reserved] = edit.stockOf(sku);
    edit.setStock(sku, Math.max(0, onHand - quantity), reserved);
  }
  return counted(record, edit, message.at);
}

function leave(record: StoreRecord, { payload, at }: Message<Leaving>, offHand: boolean): Verdict<StoreRecord> {
  const { fulfilment, lines } = payload;
  const edit = openCount(record);
  const work = edit.workOf(fulfilment, lines);
  if (!work) return { ignore: `no open work ${fulfilment}` };
  const { gone, left } = divide(work, lines);
  if (gone.length === 0) return { ignore: `nothing of that is reserved for ${fulfilment}` };
  edit.changeWork(work, left);
  for (const [sku, quantity] of unitsBySku(gone)) {
    const [, onHand, reserved] = edit.stockOf(sku);
    // What a count missed may be there after all.
    edit.setStock(sku, offHand ? Math.max(0, onHand - quantity) : onHand, reserved - quantity);
  }
  return counted(record, edit, at);
}

/** No more than is still reserved: a count may have lost units while the message was under way. */
function divide(work: Work, lines: readonly SkuUnits[]): { gone: SkuUnits[]; left: SkuUnits[] } {
  const asked = new Map<string, number>();
  for (const { line, quantity } of lines) asked.set(line, (asked.get(line) ?? 0) + quantity);
  const gone: SkuUnits[] = [];
  const left: SkuUnits[] = [];
  for (const line of work.lines) {
    const quantity = Math.min(asked.get(line.line) ?? 0, line.quantity);
    if (quantity > 0) gone.push({ ...line, quantity });
    if (quantity < line.quantity) left.push({ ...line, quantity: line.quantity - quantity });
  }
  return { gone, left };
}
