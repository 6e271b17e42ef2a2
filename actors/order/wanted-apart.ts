/**
 * A capture that surely failed, and some of whose goods are not wanted any more: the others leave it, and are paid by themselves. What it
 * would have taken for them is beyond what is asked of it by then: should it move after all, that goes back where it came from.
 */
import { create } from 'mutative';
import { coarsestStep } from './amount-steps.ts';
import { lower } from './attention.ts';
import { hasFailed, mayTakeMoney } from './ledger.ts';
import { at, type OrderRecord } from './record.ts';
import { failedCaptures, shippingToCapture } from './still-to-capture.ts';

export interface Wanted {
  goods: number;
  /** What of its fee no other capture has. */
  shipping: number;
}

/** None where all of its goods are wanted, or others pay for them too. */
export function wantedApart(record: OrderRecord, lead: number): Wanted | undefined {
  const entry = at(record.ledger, lead);
  const { kind, with: of, prepaid, transit, excess, prepayment, shipping = 0, shippingOf } = entry;
  if (kind !== 'capture' || !hasFailed(entry) || mayTakeMoney(entry) || of !== undefined) return undefined;
  if (prepaid || transit || excess || prepayment || shippingOf || coarsestStep(record) > 1) return undefined;
  const wanted = failedCaptures(record).get(lead);
  if (!wanted || givenBack(record, lead) === 0 || record.ledger.some((other) => other.with === lead)) return undefined;
  return { goods: wanted.amount, shipping: Math.min(shipping, shippingToCapture(record)) };
}

/** `to`: position of the entry that pays for them. */
export function setApart(record: OrderRecord, lead: number, to: number): OrderRecord {
  const excess = at(record.ledger, lead).amount - givenBack(record, lead);
  return create(record, (draft) => {
    for (const { lines } of draft.fulfilments) {
      for (const { pieces } of lines) for (const piece of pieces) if (piece.entry === lead) piece.entry = to;
    }
    const entry = at(draft.ledger, lead);
    entry.excess = excess;
    delete entry.shipping;
    lower(draft, entry.key);
  });
}

function givenBack({ obligations }: OrderRecord, lead: number): number {
  return obligations.reduce(
    (sum, { pieces }) => pieces.reduce((of, { entry, gross }) => (entry === lead ? of + gross : of), sum),
    0,
  );
}
