/**
 * Keeps the books: after every step, what should be is compared with what is reserved, and the difference is reserved and
 * asked of the gateway in the same step.
 *
 * S1  Σ captures requested, unknown, confirmed or lost + voids ≤ authorised: what failed late may be taken after all.
 *     Σ refunds ≤ captures confirmed.
 * S2  The customer comes first: a refund never waits for a store, and the store's share is pulled back when the refund is
 *     confirmed. The other way round could not be undone when the refund fails (GOV.UK Pay went back to this order).
 * S3  A reversal never overtakes a payout of the same store.
 * S4  What failed stays owed under its own entry and key: nothing is asked again under another one, unless a person says so, or
 *     the policy for refunds; and never what the provider had accepted. But for reversals: one that surely failed moved nothing, so
 *     what the store's account has is asked under a key of its own, and the rest is a receivable (netting.ts).
 * S5  Units that are ready get their money in whichever step makes that possible (capture-plan.ts).
 */
import { planAdvice } from './advice.ts';
import { fundReady } from './capture.ts';
import { planCollected } from './collected.ts';
import { planEarlyCapture } from './early-capture.ts';
import { planExchangeOver } from './exchange-given.ts';
import { planExchange } from './exchange-taken.ts';
import { planFeeInPart } from './fee-in-part.ts';
import type { Books } from './ledger.ts';
import { planNextTender } from './next-tender.ts';
import { oweUndelivered } from './owe.ts';
import { planPaymentRequest } from './payment-request.ts';
import { planPayouts } from './payout.ts';
import { planReauthorisation } from './reauthorise.ts';
import { planRecapture } from './recapture.ts';
import type { OrderPolicy, OrderRecord } from './record.ts';
import { planRefunds } from './refunds.ts';
import { planVoid } from './void.ts';

export function settle(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  for (const plan of PLANS) {
    const { record: next, effects } = plan(books.record, now, policy);
    books = { record: next, effects: effects.length > 0 ? [...books.effects, ...effects] : books.effects };
  }
  return books;
}

const owe = (record: OrderRecord): Books => ({ record: oweUndelivered(record), effects: [] });

/** In this order: what a capture takes is not asked for again, what is void is not needed. */
const PLANS = [
  planEarlyCapture,
  fundReady,
  planRecapture,
  planFeeInPart,
  owe,
  planReauthorisation,
  planPaymentRequest,
  planRefunds,
  planNextTender,
  planExchange,
  planExchangeOver,
  planVoid,
  planPayouts,
  planCollected,
  planAdvice,
];
