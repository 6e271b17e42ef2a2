/**
 * What is still to be captured, and has nothing to come from: authorisations that end are not counted on, nor is a return that is over,
 * nor a card for what it declined where a person said that the customer is asked.
 */
import { stepDown } from '../../money/step.ts';
import { coarsestStep } from '../ledger/amount-steps.ts';
import { hasFailed, isPending, mayTakeMoney, sumOf } from '../ledger/ledger.ts';
import { awaitedFromExchange, hasFallenShort, isEnding, roomOf } from '../ledger/tenders.ts';
import type { Entry, OrderRecord } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { isPaidAtTill } from '../refund/till-money.ts';
import { neededInstead } from './recapture.ts';
import { failedCaptures, shippingToCapture, stillToCapture } from './still-to-capture.ts';

export function shortfall(record: OrderRecord, now: number): number {
  if (isPaidAtTill(record)) return 0;
  const asked = askedInstead(record);
  const isMissing =
    asked.length > 0 || hasFallenShort(record) || record.tenders.some((tender) => isEnding(tender, now));
  if (!isMissing) return 0;
  const { units, amount } = stillToCapture(record);
  // Nobody is asked for the rest of a fee alone.
  if (units === 0) return 0;
  const instead = sumNeeded(asked);
  const left = Math.max(0, amount - instead - moneyLeft(record, now, asked));
  return lessPrepaid(record, instead + left);
}

/**
 * The same, of goods that are not ready, once those that are had theirs. What failed stands aside where the customer is asked for it, or
 * where what is left can't pay it: goods that others pay are not lost for it.
 */
export function shortfallOfOpen(record: OrderRecord, now: number): number {
  let money = moneyLeft(record, now, askedInstead(record)) + prepaidKept(record);
  const aside = failedCapturesOf(record, () => true).filter(({ isAsked, needed }) => {
    if (isAsked || needed > money) return true;
    money -= needed;
    return false;
  });
  const asked = aside.filter(({ isAsked }) => isAsked);
  return lessPrepaid(record, stillToCapture(record).amount - sumNeeded(aside) - moneyLeft(record, now, asked));
}

function lessPrepaid(record: OrderRecord, amount: number): number {
  return stepDown(Math.max(0, amount - prepaidKept(record)), coarsestStep(record));
}

/** What may still be captured, or is to come, but for what `declined` would have taken of its card. */
function moneyLeft(record: OrderRecord, now: number, declined: readonly FailedCapture[]): number {
  return record.tenders.reduce(
    (sum, tender, position) => (isEnding(tender, now) ? sum : sum + roomBeside(record, position, declined, now)),
    awaitedFromExchange(record) + sumOf(record.ledger, (entry) => entry.kind === 'reauthorisation' && isPending(entry)),
  );
}

interface FailedCapture {
  key: string;
  tender: number;
  needed: number;
  /** What of `needed` is the shipping fee. */
  fee: number;
  isAsked: boolean;
}

const sumNeeded = (captures: readonly FailedCapture[]): number => captures.reduce((sum, { needed }) => sum + needed, 0);

/** Captures that surely failed, in whose place the customer is asked to pay. */
export const askedInstead = (record: OrderRecord): FailedCapture[] =>
  failedCapturesOf(record, ({ fromCustomer }) => fromCustomer === true);

function failedCapturesOf(record: OrderRecord, counts: (entry: Entry) => boolean): FailedCapture[] {
  const wanted = failedCaptures(record);
  let feeLeft = shippingToCapture(record);
  // What others took of the fee, by lead, beyond what its first tender asked for.
  const leads = new Map<number, number>();
  return record.ledger.flatMap((entry, position) => {
    const { key, kind, tender = 0, amount, excess = 0, fromCustomer, with: lead = position } = entry;
    if (kind !== 'capture' || !counts(entry)) return [];
    if (!hasFailed(entry) || mayTakeMoney(entry) || !wanted.has(lead)) return [];
    const isAsked = fromCustomer === true;
    // What goods lack of their fee, or of prepaid money, is their first tender's.
    const beyond = leads.get(lead);
    if (beyond !== undefined) {
      const less = Math.min(beyond, amount - excess);
      leads.set(lead, beyond - less);
      return [{ key, tender, needed: amount - excess - less, fee: 0, isAsked }];
    }
    const { needed, fee, feeBeyond } = neededInstead(record, position, feeLeft);
    leads.set(lead, feeBeyond);
    feeLeft -= fee;
    return [{ key, tender, needed, fee, isAsked }];
  });
}

function roomBeside(record: OrderRecord, position: number, declined: readonly FailedCapture[], now: number): number {
  const room = roomOf(record, position, now);
  const taken = declined.reduce((sum, { tender, needed }) => (tender === position ? sum + needed : sum), 0);
  return room > 0 ? Math.max(0, room - taken) : room;
}
