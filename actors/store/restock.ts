/**
 * `restock`: accepted units of a return go back on the shelf, open or closed; the clerks are told to put them there. Where nobody opened
 * the store there is no shelf, and the order hears of it.
 */
import type { Message } from '../../protocols/actor.ts';
import type { ToOrder, ToStore } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { stockEvent } from './announce.ts';
import { HoldingsEdit } from './holdings.ts';
import type { StoreRecord } from './record.ts';

export function restock(
  record: StoreRecord | undefined,
  { id, payload }: Message<ToStore['restock']>,
): Verdict<StoreRecord> {
  const { return: returned, order, items } = payload;
  if (!record) {
    if (order === undefined) return { ignore: `there is no ${id}` };
    const told: ToOrder['not-restocked'] = { store: id, return: returned, items };
    return { answer: [{ effect: 'send', entity: 'order', id: order, name: 'not-restocked', payload: told }] };
  }
  const edit = new HoldingsEdit(record.holdings);
  for (const { sku, quantity } of items) {
    const [, onHand, reserved] = edit.stockOf(sku);
    edit.setStock(sku, onHand + quantity, reserved);
  }
  const holdings = edit.done();
  return {
    record: { ...record, holdings },
    effects: [
      { effect: 'tell', origin: record.id, name: 'restock', payload: { return: returned, items } },
      stockEvent(record, edit, holdings.load),
    ],
  };
}
