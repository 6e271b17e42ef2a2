/**
 * The rest of a fee that was captured alone (P6), of which some surely failed: what the others brought is the fee, and kept. What is
 * missing is not asked for again. Should it move after all, it brings its part.
 */
import { castDraft, create } from 'mutative';
import { type Books, hasFailed, isFailed, isPending, mayTakeMoney } from '../ledger/ledger.ts';
import { at, type Entry, type OrderRecord } from '../record.ts';
import { lessFee } from './shipping-fee.ts';
import { isAllCancelled, isForFeeAlone, tookForCertain } from './still-to-capture.ts';

export function planFeeInPart(record: OrderRecord): Books {
  if (record.shippingPolicy !== 'pro-rata' || isAllCancelled(record)) return { record, effects: [] };
  let next = record;
  for (const lead of record.ledger.keys()) {
    if (isFailed(record, lead) && isForFeeAlone(record, lead)) next = withoutFailed(next, lead);
  }
  return { record: next, effects: [] };
}

function withoutFailed(record: OrderRecord, lead: number): OrderRecord {
  const isOf = (entry: Entry, position: number): boolean => position === lead || entry.with === lead;
  const together = record.ledger.filter(isOf);
  const isOpen = together.some((entry) => isPending(entry) || (hasFailed(entry) && mayTakeMoney(entry)));
  if (isOpen || tookForCertain(record, lead) + (at(together, 0).prepaid ?? 0) === 0) return record;
  return create(record, (draft) => {
    const target = at(draft.ledger, lead);
    record.ledger.forEach((entry, position) => {
      if (!isOf(entry, position) || !hasFailed(entry)) return;
      const { shipping = 0, shippingOf } = target;
      const failed = at(draft.ledger, position);
      failed.replaced = true;
      failed.feeBefore = castDraft({ shipping, ...(shippingOf ? { shippingOf: [...shippingOf] } : {}) });
      lessFee(target, entry.amount);
    });
  });
}
