/** `restock`: accepted units of a return go back on the shelf, open or closed; the clerks are told to put them there. */
import type { Message } from '../../protocols/actor.ts';
import type { ToStore } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { stockEvent } from './announce.ts';
import { HoldingsEdit } from './holdings.ts';
import type { StoreRecord } from './record.ts';

export function restock(record: StoreRecord, { payload }: Message<ToStore['restock']>): Verdict<StoreRecord> {
  const edit = new HoldingsEdit(record.holdings);
  for (const { sku, quantity } of payload.items) {
    const [, onHand, reserved] = edit.stockOf(sku);
    edit.setStock(sku, onHand + quantity, reserved);
  }
  const holdings = edit.done();
  return {
    record: { ...record, holdings },
    effects: [
      { effect: 'tell', origin: record.id, name: 'restock', payload: { return: payload.return, items: payload.items } },
      stockEvent(record, edit, holdings.load),
    ],
  };
}
