/** What an order would still take if all that nobody cancelled is delivered. */
import { amountOfUnits } from '../../money/units.ts';
import { weighedWaiting } from '../fulfilment/weighed.ts';
import { leftOut } from '../ledger/amount-steps.ts';
import { hasFailedAlone, hasTaken, isFailed, lostOf, mayTakeMoney } from '../ledger/ledger.ts';
import { at, type Entry, isOpen, type OrderRecord, type Piece } from '../record.ts';
import { worth } from '../refund/owed-units.ts';
import { isPaidAtTill } from '../refund/till-money.ts';
import { piecesOf } from './pieces.ts';

interface ToCapture {
  units: number;
  /** Minor units, with the shipping fee if it is still due, and with what an amount step left out before. */
  amount: number;
}

/** Units that nobody cancelled and whose money was not taken (`uncaptured`), or whose capture failed. */
export function stillToCapture(record: OrderRecord): ToCapture & { uncaptured: number } {
  let { units, amount } = uncapturedGoods(record);
  const uncaptured = units;
  for (const [lead, failed] of failedCaptures(record)) {
    const left =
      failed.amount + ownFee(record, lead) - tookAnyway(record, lead) - lostOf(record, lead) - prepaidFor(record, lead);
    // What others took beyond the goods is for the fee.
    if (left + feeOfFailed(record, lead) <= 0) continue;
    units += failed.units;
    amount += left;
  }
  if (units === 0) return { units, uncaptured, amount: amount + restOfFee(record) };
  return { units, uncaptured, amount: Math.max(0, amount + shippingToCapture(record) + leftOut(record)) };
}

/** Goods alone, without those whose capture failed. */
export function uncapturedGoods(record: OrderRecord): ToCapture {
  let units = 0;
  let amount = 0;
  const waiting = weighedWaiting(record);
  record.lines.forEach((line, position) => {
    const { quantity, gross } = at(record.items, position);
    const top = quantity - line.dropped;
    units += top - line.taken;
    // Earlier units are no cheaper: whichever of them the weighed ones turn out to be, this is enough.
    const weighed = waiting.get(position) ?? { quantity: 0, gross: 0 };
    amount += amountOfUnits(gross, quantity, line.taken, top - weighed.quantity) + weighed.gross;
  });
  return { units, amount };
}

/** What of the fee no capture has, minor units: one that failed for certain has none. A till is paid for goods alone. */
export function shippingToCapture(record: OrderRecord): number {
  if (isPaidAtTill(record)) return 0;
  const taken = record.ledger.reduce(
    (sum, { kind, shipping = 0 }, lead) =>
      kind === 'capture' && shipping > 0 && hasTaken(record, lead) ? sum + shipping : sum,
    0,
  );
  return Math.max(0, record.shipping - taken);
}

/** What of the fee no other capture has, and one that failed brings if it is asked for again. */
export function feeOfFailed(record: OrderRecord, lead: number): number {
  if (hasTaken(record, lead)) return 0;
  return Math.min(at(record.ledger, lead).shipping ?? 0, shippingToCapture(record));
}

/** What of its fee a capture holds of which some may be taken after all: no other one brings it, and it is not to capture besides. */
export function ownFee(record: OrderRecord, lead: number): number {
  const { shipping = 0 } = at(record.ledger, lead);
  if (shipping === 0 || !hasTaken(record, lead)) return 0;
  const others = record.ledger.reduce(
    (sum, { kind, shipping: fee = 0 }, position) =>
      kind === 'capture' && fee > 0 && position !== lead && hasTaken(record, position) ? sum + fee : sum,
    0,
  );
  return Math.min(shipping, Math.max(0, record.shipping - others));
}

/** What tenders took of it beside others that surely failed: it is theirs as soon as those are replaced. */
export function feeBesideFailed(record: OrderRecord): number {
  let taken = 0;
  for (const [lead, { amount }] of failedCaptures(record)) {
    if (hasTaken(record, lead)) continue;
    const { shipping = 0 } = at(record.ledger, lead);
    const beyond = tookAnyway(record, lead) - amount - givenBackOf(record, lead);
    taken += Math.max(0, Math.min(shipping, beyond));
  }
  return taken;
}

/**
 * What of a fee that is taken pro rata no goods bring any more, as the rest of them was cancelled after the last capture: the full fee
 * is due once anything ships. It is captured alone, and not asked for again where that failed.
 */
export function restOfFee(record: OrderRecord): number {
  if (record.shippingPolicy !== 'pro-rata' || record.tenders.length === 0) return 0;
  const rest = shippingToCapture(record) - broughtByFailed(record);
  if (rest <= 0 || isAllCancelled(record)) return 0;
  return hasFailedWithoutGoods(record) ? 0 : rest;
}

/** What comes with captures that failed when they are taken after all, or asked for again. */
function broughtByFailed(record: OrderRecord): number {
  let brought = 0;
  for (const lead of failedCaptures(record).keys()) {
    if (!hasTaken(record, lead)) brought += at(record.ledger, lead).shipping ?? 0;
  }
  return brought;
}

function hasFailedWithoutGoods(record: OrderRecord): boolean {
  return record.ledger.some((entry, position) => {
    const isFailedFee = isFailed(record, position) || (entry.feeBefore !== undefined && entry.state === 'failed');
    return isFailedFee && isForFeeAlone(record, entry.with ?? position);
  });
}

/** It was never to pay for goods. */
export function isForFeeAlone(record: OrderRecord, lead: number): boolean {
  const { kind, with: of, prepayment, shipping = 0 } = at(record.ledger, lead);
  if (kind !== 'capture' || of !== undefined || prepayment || shipping === 0) return false;
  for (const { entry } of piecesOf(record)) if (entry === lead) return false;
  return true;
}

export function isAllCancelled({ lines, items }: OrderRecord): boolean {
  return lines.every(({ cancelled }, position) => cancelled === at(items, position).quantity);
}

/** Units that are still wanted, by position of the lead of their failed capture. */
export function failedCaptures(record: OrderRecord): Map<number, ToCapture> {
  const found = new Map<number, ToCapture>();
  if (!record.ledger.some(({ state }) => state === 'failed')) return found;
  for (const { entry, quantity, gross } of wantedPieces(record)) {
    if (entry === undefined || !isFailed(record, entry)) continue;
    const known = found.get(entry) ?? { units: 0, amount: 0 };
    found.set(entry, { units: known.units + quantity, amount: known.amount + gross });
  }
  return found;
}

/** Units that are still wanted are paid by it, or were to be. */
export function paysForGoods(record: OrderRecord, lead: number): boolean {
  return [...wantedPieces(record)].some(({ entry }) => entry === lead);
}

/** The same, of goods that have not left: they can't before it is made. */
export function holdsGoods({ fulfilments }: OrderRecord, lead: number): boolean {
  return fulfilments.some(
    (fulfilment) =>
      isOpen(fulfilment) && fulfilment.lines.some(({ pieces }) => pieces.some(({ entry }) => entry === lead)),
  );
}

function* wantedPieces({ fulfilments }: OrderRecord): Iterable<Piece> {
  for (const fulfilment of fulfilments) {
    if (!isOpen(fulfilment) && fulfilment.state !== 'handed-over') continue;
    for (const { pieces } of fulfilment.lines) yield* pieces;
  }
}

/** What a capture that may have been made, or may be made after all, has of prepayments; its units may be wanted no more. */
function prepaidFor(record: OrderRecord, lead: number): number {
  const entry = at(record.ledger, lead);
  return mayTakeMoney(entry) ? (entry.prepaid ?? 0) : 0;
}

/**
 * What prepayments pay of a capture: nothing of one that failed, itself or with others that pay its units, unless it may be taken after all
 * and its units are wanted, or its customer has had that much of it back.
 */
export function prepaidBy(record: OrderRecord, lead: number): number {
  const { prepaid = 0 } = at(record.ledger, lead);
  if (prepaid === 0 || !isFailed(record, lead)) return prepaid;
  const paid = prepaidFor(record, lead);
  if (failedCaptures(record).has(lead) || isFeeThatShips(record, lead)) return paid;
  const back = givenBackOf(record, lead);
  if (lostOf(record, lead) === 0) return Math.min(prepaid, Math.max(0, back - tookForCertain(record, lead)));
  return hasFailedAlone(record, lead) ? Math.min(paid, back) : prepaid;
}

/** It stays, whatever failed of it: the full fee is due once anything ships. */
export function isFeeThatShips(record: OrderRecord, lead: number): boolean {
  return isForFeeAlone(record, lead) && !isAllCancelled(record);
}

/** What was refunded, or is being, of units that a capture pays for. */
export function givenBackOf({ obligations }: OrderRecord, lead: number): number {
  return obligations.reduce((sum, { entry, done, pieces }) => {
    if (entry === undefined && !done) return sum;
    return sum + worth(pieces.filter((piece) => piece.entry === lead));
  }, 0);
}

/** What other tenders paid where one of them failed, as far as that is known. */
export function tookForCertain(record: OrderRecord, lead: number): number {
  return tookOf(record, lead, ({ state }) => state === 'confirmed');
}

/** The same, with what they may have paid. */
export function tookAnyway(record: OrderRecord, lead: number): number {
  return tookOf(record, lead, ({ state }) => state !== 'failed');
}

/** What nobody asked for goes back where it came from: it pays for nothing. */
function tookOf({ ledger }: OrderRecord, lead: number, counts: (entry: Entry) => boolean): number {
  return ledger.reduce((sum, entry, position) => {
    const isOf = position === lead || entry.with === lead;
    return isOf && counts(entry) ? sum + entry.amount - (entry.excess ?? 0) : sum;
  }, 0);
}
