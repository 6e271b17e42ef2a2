/**
 * A capture that surely failed, and some of whose goods are not wanted any more: the others leave it, and are paid by themselves. What it
 * would have taken for them is beyond what is asked of it by then: should it move after all, that goes back where it came from.
 */
import { create } from 'mutative';
import { lower } from '../attention/attention.ts';
import { hasFailed, mayTakeMoney } from '../ledger/ledger.ts';
import { at, type Entry, type FeePart, type OrderRecord } from '../record.ts';
import { feeOf, lessFee } from './shipping-fee.ts';
import { failedCaptures, feeOfFailed, ownFee, shippingToCapture, tookAnyway } from './still-to-capture.ts';

export interface Wanted {
  goods: number;
  /** What of its fee no other capture has. */
  shipping: number;
  shippingOf?: FeePart[];
}

/** None where all of its goods are wanted, or others pay for them too. */
export function wantedApart(record: OrderRecord, position: number): Wanted | undefined {
  const lead = at(record.ledger, position).with ?? position;
  const entry = at(record.ledger, lead);
  const { kind, with: of, prepaid, excess, prepayment, shipping = 0 } = entry;
  if (kind !== 'capture' || of !== undefined || !isNewest(record, lead, position)) return undefined;
  if (prepaid || excess || prepayment) return undefined;
  const wanted = failedCaptures(record).get(lead);
  const back = givenBack(record, lead);
  // An amount step may have left out more than is wanted by now.
  if (!wanted || back === 0 || record.ledger.some((one, index) => isOf(one, index, lead) && one.amount < back))
    return undefined;
  const left = Math.min(shipping, shippingToCapture(record));
  return { goods: wanted.amount, shipping: left, ...feeOf(record, left, () => worthOf(record, lead)) };
}

/** By position of the fulfilment. */
function worthOf({ fulfilments }: OrderRecord, lead: number): Map<number, number> {
  const worth = new Map<number, number>();
  fulfilments.forEach(({ lines }, position) => {
    for (const { entry, gross } of lines.flatMap(({ pieces }) => pieces)) {
      if (entry === lead) worth.set(position, (worth.get(position) ?? 0) + gross);
    }
  });
  return worth;
}

/** Some of its goods were cancelled, or came back. */
export function isWantedInPart(record: OrderRecord, position: number): boolean {
  return givenBack(record, at(record.ledger, position).with ?? position) > 0;
}

/** The same, and what other tenders took is enough for those that are wanted. */
export function isPaidByOthers(record: OrderRecord, position: number): boolean {
  const lead = at(record.ledger, position).with ?? position;
  const wanted = failedCaptures(record).get(lead);
  if (!wanted || !isWantedInPart(record, position)) return false;
  return tookAnyway(record, lead) >= wanted.amount + ownFee(record, lead) + feeOfFailed(record, lead);
}

/** It asks for all that its lead did, as often as that was asked for, and none of them will take it. */
function isNewest({ ledger }: OrderRecord, lead: number, position: number): boolean {
  if (!hasFailed(at(ledger, position))) return false;
  return ledger.every(
    (entry, index) =>
      !isOf(entry, index, lead) ||
      (!mayTakeMoney(entry) && (index === lead || entry.retries === lead) && (index === position || !hasFailed(entry))),
  );
}

const isOf = (entry: Pick<Entry, 'with'>, index: number, lead: number): boolean =>
  index === lead || entry.with === lead;

/** `to`: position of the entry that pays for them. */
export function setApart(record: OrderRecord, position: number, to: number): OrderRecord {
  const lead = at(record.ledger, position).with ?? position;
  const back = givenBack(record, lead);
  return create(record, (draft) => {
    for (const { lines } of draft.fulfilments) {
      for (const { pieces } of lines) for (const piece of pieces) if (piece.entry === lead) piece.entry = to;
    }
    draft.ledger.forEach((entry, index) => {
      if (isOf(entry, index, lead)) entry.excess = entry.amount - back;
    });
    delete at(draft.ledger, lead).transit;
    const { shipping = 0 } = at(draft.ledger, lead);
    lessFee(at(draft.ledger, lead), shipping);
    lower(draft, at(draft.ledger, position).key);
  });
}

function givenBack({ obligations }: OrderRecord, lead: number): number {
  return obligations.reduce(
    (sum, { pieces }) => pieces.reduce((of, { entry, gross }) => (entry === lead ? of + gross : of), sum),
    0,
  );
}
