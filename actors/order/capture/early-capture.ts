/** All that an authorisation which ends was to pay is captured while it can be: as a prepayment, units draw on it when they are ready. */
import { stepDown } from '../../money/step.ts';
import { stepOf } from '../ledger/amount-steps.ts';
import { type Books, reserve } from '../ledger/ledger.ts';
import { isEnding, roomOf } from '../ledger/tenders.ts';
import type { OrderPolicy, OrderRecord } from '../record.ts';
import { expiryPolicy } from './expiry.ts';
import { shippingUpFront } from './shipping-fee.ts';
import { askedInstead, shortfall } from './shortfall.ts';

export function planEarlyCapture(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  if (expiryPolicy(policy).act !== 'capture-early' || record.held) return books;
  // What the customer was asked for is not asked of his card as well.
  const asked = askedInstead(record).reduce(
    (sum, of) => ({ needed: sum.needed + of.needed, fee: sum.fee + of.fee }),
    NONE,
  );
  let left = Math.max(0, shortfall(record, now) - asked.needed);
  record.tenders.forEach((tender, position) => {
    const room = roomOf(record, position, now);
    const amount = stepDown(Math.min(left, room), stepOf(tender, record.currency));
    if (amount <= 0 || !isEnding(tender, now) || hasFailedEarly(record, position)) return;
    left -= amount;
    const shipping = Math.max(0, shippingUpFront(books.record) - asked.fee);
    const wanted = {
      kind: 'capture' as const,
      tender: position,
      amount: tender.capability.delayedCapture === 'full' ? room : amount,
      prepayment: true as const,
      ...(shipping > 0 && shipping <= amount ? { shipping } : {}),
    };
    const next = reserve(books.record, wanted, now, policy);
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  });
  return books;
}

const NONE = { needed: 0, fee: 0 };

/** What was refused is not asked again: ready goods are captured one by one then, as long as that is possible. */
function hasFailedEarly({ ledger }: OrderRecord, position: number): boolean {
  return ledger.some(({ prepayment, tender, state }) => prepayment && tender === position && state === 'failed');
}
