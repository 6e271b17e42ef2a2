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
import { planAdvice } from './attention/advice.ts';
import { fundReady } from './capture/capture.ts';
import { planEarlyCapture } from './capture/early-capture.ts';
import { planFeeInPart } from './capture/fee-in-part.ts';
import { planPaymentRequest } from './capture/payment-request.ts';
import { planReauthorisation } from './capture/reauthorise.ts';
import { planRecapture } from './capture/recapture.ts';
import { planVoid } from './capture/void.ts';
import type { Books } from './ledger/ledger.ts';
import { planCollected } from './payout/collected.ts';
import { planPayouts } from './payout/payout.ts';
import type { OrderPolicy, OrderRecord } from './record.ts';
import { planNextTender } from './refund/next-tender.ts';
import { oweUndelivered } from './refund/owe.ts';
import { planRefunds } from './refund/refunds.ts';
import { planExchangeOver } from './returns/exchange-given.ts';
import { planExchange } from './returns/exchange-taken.ts';

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
