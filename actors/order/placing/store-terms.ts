/** The terms of a store, frozen on the order: of its fulfilments, or told because it took goods back. */
import { create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import type { ToOrder, ToStore } from '../../../protocols/internal.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import type { Verdict } from '../../chart.ts';
import { withDebtor } from '../payout/netting.ts';
import type { OrderPolicy, OrderRecord, Working } from '../record.ts';
import type { Taker } from '../returns/handling.ts';

/** What the configuration says today is frozen too. */
export function frozenTerms({ payoutWhen, ...terms }: StoreTerms, { payout }: OrderPolicy): StoreTerms {
  const when = payoutWhen ?? payout?.when ?? 'at-capture';
  return when === 'at-capture' || terms.ownership === 'company' ? terms : { ...terms, payoutWhen: when };
}

function takerOf({ takers }: Pick<OrderRecord, 'takers'>, store: string): Taker | undefined {
  return takers?.find((known) => known.store === store);
}

export function termsOf(record: OrderRecord, store: string): StoreTerms | undefined {
  const prepared = record.fulfilments.find((fulfilment) => fulfilment.store === store && fulfilment.terms);
  return prepared?.terms ?? takerOf(record, store)?.terms;
}

/** It has not answered yet. */
export function isAsked(record: OrderRecord, store: string): boolean {
  const taker = takerOf(record, store);
  return taker !== undefined && !taker.terms && !taker.isUnknown;
}

/** Once a store; one that prepared something has said them already. */
export function askForTerms(draft: Working, record: OrderRecord, store: string): Effect[] {
  if (termsOf(record, store) || takerOf(record, store)) return [];
  draft.takers = [...(draft.takers ?? []), { store }];
  const { id: order, takenAt } = record;
  const payload: ToStore['tell-terms'] = { order, ...(takenAt === undefined ? {} : { takenAt }) };
  return [{ effect: 'send', entity: 'store', id: store, name: 'tell-terms', payload }];
}

export function storeTerms(
  record: OrderRecord,
  { payload }: Message<ToOrder['store-terms']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const { store, terms, owes } = payload;
  if (!isAsked(record, store)) return { ignore: `the terms of ${store} are not waited for` };
  const next = create(owes ? withDebtor(record, store) : record, (draft) => {
    const told: Taker = terms ? { store, terms: frozenTerms(terms, policy) } : { store, isUnknown: true };
    draft.takers = (draft.takers ?? []).map((taker) => (taker.store === store ? told : taker));
  });
  return { record: next, effects: [] };
}
