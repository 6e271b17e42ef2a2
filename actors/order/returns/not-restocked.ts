/** Goods of a return that are fit for sale, and on no shelf, as nobody opened the store that took them: a person sees to them. */
import { create } from 'mutative';
import type { Message } from '../../../protocols/actor.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import { raise } from '../attention/attention.ts';
import type { OrderRecord } from '../record.ts';

const CODE = 'not-restocked';

export function notRestocked(
  record: OrderRecord,
  { payload, at }: Message<ToOrder['not-restocked']>,
): Verdict<OrderRecord> {
  const { store, return: about, items } = payload;
  const units = items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
  const next = create(record, (draft) => {
    const known = draft.attention.find((said) => said.code === CODE && said.about === about);
    // Another part of the same return: one place takes it.
    if (known) known.reason += `, ${units}`;
    else raise(draft, CODE, about, `${store} was never opened, so what it took back is on no shelf: ${units}`, at);
  });
  return { record: next, effects: [{ effect: 'event', name: CODE, payload: { return: about, store, items } }] };
}
