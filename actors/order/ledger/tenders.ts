/** What each tender of an order still gives: by capture from what was authorised, or from what was prepaid. */
import type { Capability } from '../../../protocols/capability.ts';
import { drawInSteps, stepDown } from '../../money/step.ts';
import { piecesOf } from '../capture/pieces.ts';
import { prepaidBy } from '../capture/still-to-capture.ts';
import { mostBeyond, orderedTotal, weighedSurplus } from '../fulfilment/weighed.ts';
import { at, type Entry, type OrderRecord, type Tender } from '../record.ts';
import { coarsestStep, stepOf } from './amount-steps.ts';
import { hasFailedAlone, mayTakeMoney, sumOf } from './ledger.ts';

export interface Draw {
  tender: number;
  amount: number;
}

/** What one tender has left to capture, minor units: captures and voids that failed for certain took nothing. */
export function roomOf(record: OrderRecord, position: number, now: number): number {
  return hasExpired(at(record.tenders, position), now) ? 0 : leftOf(record, position);
}

/** The same, whether or not it has expired. */
export function leftOf(record: OrderRecord, position: number): number {
  const tender = at(record.tenders, position);
  if (tender.settled || capturesLeft(record, position) <= 0) return 0;
  const used = sumOf(record.ledger, (entry) => entry.tender === position && reducesRoom(entry));
  return tender.authorised - used;
}

/** What failed after the provider had accepted it may be done after all. */
function reducesRoom(entry: Entry): boolean {
  return (entry.kind === 'capture' || entry.kind === 'void') && mayTakeMoney(entry);
}

/** Its first capture is its last one: what that does not take is released with it, or taken all the same. */
export function isIndivisible({ delayedCapture, partialReleasesRest }: Capability): boolean {
  return delayedCapture === 'full' || partialReleasesRest;
}

/** How often it can still be captured: not at all when another authorisation took its place. */
export function capturesLeft(record: OrderRecord, position: number): number {
  const { capability } = at(record.tenders, position);
  if (record.tenders.some(({ replaces }) => replaces === position)) return 0;
  const most = isIndivisible(capability) ? 1 : capability.captures;
  return record.ledger.reduce(
    (left, entry) => (entry.kind === 'capture' && entry.tender === position && mayTakeMoney(entry) ? left - 1 : left),
    most,
  );
}

/** The authorisation that took its place, and that one's; itself where none did. */
export function newestOf(record: OrderRecord, position: number): number {
  const next = record.tenders.findIndex(({ replaces }) => replaces === position);
  return next < 0 ? position : newestOf(record, next);
}

export function hasExpired({ captureBefore, expiry }: Tender, now: number): boolean {
  return expiry === 'over' || (captureBefore !== undefined && now >= Date.parse(captureBefore));
}

/** It is not counted on any more: its end is near, or past. */
export function isEnding(tender: Tender, now: number): boolean {
  return tender.expiry === 'ending' || hasExpired(tender, now);
}

/** Tenders in their order, each as far as it goes; undefined where they don't give `amount` together, but for less than a step. */
export function drawDown(record: OrderRecord, amount: number, now: number): Draw[] | undefined {
  const sources = record.tenders.map((tender, position) => ({
    room: roomOf(record, position, now),
    step: stepOf(tender, record.currency),
  }));
  const draws = drawInSteps(amount, sources).flatMap((drawn, tender) => (drawn > 0 ? [{ tender, amount: drawn }] : []));
  const step = coarsestStep(record);
  let left = amount - drawnBy(draws);
  if (left >= step && record.weighed) left = drawBeyond(record, left, draws, now);
  return left < step ? draws : undefined;
}

export function drawnBy(draws: readonly Draw[]): number {
  return draws.reduce((sum, { amount }) => sum + amount, 0);
}

/** Adds to `draws` what weighed goods cost beyond all that was authorised, as far as providers allow; what is left of it. */
function drawBeyond(record: OrderRecord, amount: number, draws: Draw[], now: number): number {
  const over = record.tenders.map((_, tender) => Math.max(0, -leftOf(record, tender)));
  const surplus = weighedSurplus(record) - over.reduce((sum, of) => sum + of, 0);
  let left = amount;
  let allowed = surplus;
  record.tenders.forEach((tender, position) => {
    if (hasExpired(tender, now) || capturesLeft(record, position) <= 0) return;
    const beyond = mostBeyond(tender, record.currency) - at(over, position);
    const more = stepDown(Math.min(left, allowed, beyond), stepOf(tender, record.currency));
    if (more <= 0) return;
    const draw = draws.find((known) => known.tender === position);
    if (draw) draw.amount += more;
    else draws.push({ tender: position, amount: more });
    left -= more;
    allowed -= more;
  });
  return left;
}

export function authorisedBy({ tenders }: Pick<OrderRecord, 'tenders'>): number {
  return tenders.reduce((sum, { authorised }) => sum + authorised, 0);
}

/** What was authorised beyond the order, minor units: none where an exchange is still to pay. */
export function authorisedBeyond(record: OrderRecord): number {
  const tenders = record.tenders.filter(({ replaces, request }) => replaces === undefined && request === undefined);
  return Math.max(0, authorisedBy({ tenders }) - orderedTotal(record));
}

/**
 * What was prepaid beyond the order, and may still serve while goods are to come: not what the customer paid when he was asked, as no
 * more was asked than is missing.
 */
export function prepaidBeyond(record: OrderRecord): number {
  const prepaid = sumOf(record.ledger, ({ prepayment, state, tender }) => {
    const isAsked = tender !== undefined && at(record.tenders, tender).request !== undefined;
    return prepayment === true && state === 'confirmed' && !isAsked;
  });
  return Math.max(0, prepaid - orderedTotal(record));
}

export function paidByExchange({ tenders }: Pick<OrderRecord, 'tenders'>): number {
  return tenders.reduce((sum, { exchanged, authorised }) => (exchanged ? sum + authorised : sum), 0);
}

/** What is still to come from the return that pays for some of the order, and counted on. */
export function awaitedFromExchange({ exchange, tenders }: Pick<OrderRecord, 'exchange' | 'tenders'>): number {
  if (!exchange || exchange.overdue) return 0;
  return Math.max(0, Math.min(exchange.wanted, exchange.over ?? exchange.wanted) - paidByExchange({ tenders }));
}

/** The return that pays for some of it brings less than was said, or has not brought it in time. */
export function hasFallenShort({ exchange, tenders }: Pick<OrderRecord, 'exchange' | 'tenders'>): boolean {
  if (!exchange) return false;
  const { over, overdue, wanted } = exchange;
  if (over !== undefined) return over < wanted;
  return overdue === true && paidByExchange({ tenders }) < wanted;
}

/** What was prepaid and stands for no units and no shipping yet, minor units; with what is being captured, or for certain. */
export function prepaidLeft(record: OrderRecord, isCertain = false): number {
  let left = 0;
  record.ledger.forEach(({ prepayment, shipping = 0, amount, state }, position) => {
    if (!prepayment) left -= prepaidBy(record, position);
    else if (!hasFailedAlone(record, position) && (state === 'confirmed' || !isCertain)) left += amount - shipping;
  });
  if (left === 0) return 0;
  for (const { entry, gross } of piecesOf(record)) {
    if (entry !== undefined && record.ledger[entry]?.prepayment) left -= gross;
  }
  return left;
}

/** The entry that units are said to be paid by when prepayments pay them: the newest one that did not fail. */
export function prepaymentLead({ ledger }: OrderRecord): number | undefined {
  const found = ledger.findLastIndex(({ prepayment, state }) => prepayment === true && state !== 'failed');
  return found < 0 ? undefined : found;
}
