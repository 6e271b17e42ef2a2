/**
 * Several tenders were to pay for the same goods, some of them surely took nothing, and some of the goods are not wanted any more: less
 * is asked of what failed. What it would have taken for them is beyond what is asked of it by then (`excess`), and owed to nobody:
 * should it move after all, that goes back where it came from.
 */
import { castDraft, create } from 'mutative';
import { hasFailed, isPending, mayTakeMoney } from '../ledger/ledger.ts';
import { at, type Obligation, type OrderRecord, type Working } from '../record.ts';
import { splitOwed } from '../refund/owed-units.ts';
import { failedCaptures, shippingToCapture } from './still-to-capture.ts';
import { wantedApart } from './wanted-apart.ts';

export function withoutUnwanted(record: OrderRecord): OrderRecord {
  // What the scales said of units is told from all of them.
  if (record.weighed || !record.ledger.some(hasFailed) || record.obligations.some(isGoneBack)) return record;
  let next = record;
  for (const lead of failedCaptures(record).keys()) {
    const unwanted = unwantedOf(next, lead);
    if (unwanted.length > 0 && isCertain(next, lead)) next = askedForLess(next, lead, unwanted);
  }
  return next;
}

/** What others took of goods that are wanted no more went back before, by itself: it is settled when their captures are taken after all. */
const isGoneBack = ({ cause, tender, amount, shipping }: Obligation): boolean =>
  cause === 'undelivered' && tender === undefined && amount !== shipping;

/** Positions of what is owed for goods of it; none where it is more than that. */
function unwantedOf({ obligations }: OrderRecord, lead: number): number[] {
  const positions = obligations.flatMap(({ pieces }, position) =>
    pieces.some(({ entry }) => entry === lead) ? [position] : [],
  );
  return positions.every((position) => isForThese(at(obligations, position), lead)) ? positions : [];
}

const isForThese = ({ cause, shipping, pieces, entry, done }: Obligation, lead: number): boolean =>
  cause === 'cancelled' &&
  shipping === 0 &&
  entry === undefined &&
  !done &&
  pieces.every((piece) => piece.entry === lead && !piece.absorbed);

/** What became of each is known, and its goods can't leave it by themselves. */
function isCertain(record: OrderRecord, lead: number): boolean {
  const { ledger } = record;
  const together = ledger.flatMap((entry, position) => (position === lead || entry.with === lead ? [position] : []));
  return together.every((position) => {
    const entry = at(ledger, position);
    if (isPending(entry) || (entry.state === 'failed' && mayTakeMoney(entry))) return false;
    return !hasFailed(entry) || !wantedApart(record, position);
  });
}

/** Of the last tender first, as its authorisation is released first (void.ts). */
function askedForLess(record: OrderRecord, lead: number, unwanted: readonly number[]): OrderRecord {
  let left = unwanted.reduce((sum, position) => sum + at(record.obligations, position).amount, 0);
  return create(record, (draft) => {
    for (const [position, due] of dueOf(record, lead).toReversed()) {
      const less = Math.min(left, due);
      left -= less;
      const { retries: first = position } = at(record.ledger, position);
      for (const [index, entry] of draft.ledger.entries()) {
        const isSame = index === first || entry.retries === first;
        if (isSame && less > 0) entry.excess = Math.min(entry.amount, (entry.excess ?? 0) + less);
      }
    }
    keepOwed(draft, record, unwanted, left);
  });
}

/** By position: what each that failed was to take for goods; others may have taken some of the fee, which is not asked of it either. */
function dueOf(record: OrderRecord, lead: number): (readonly [position: number, due: number])[] {
  let fee = Math.max(0, (at(record.ledger, lead).shipping ?? 0) - shippingToCapture(record));
  return record.ledger.flatMap((entry, position) => {
    if ((position !== lead && entry.with !== lead) || !hasFailed(entry)) return [];
    const due = entry.amount - (entry.excess ?? 0);
    const ofFee = Math.min(fee, due);
    fee -= ofFee;
    return [[position, due - ofFee] as const];
  });
}

/** `amount` of it, which others took. */
function keepOwed(draft: Working, { obligations }: OrderRecord, unwanted: readonly number[], amount: number): void {
  let left = amount;
  for (const position of unwanted) {
    const owed = at(obligations, position);
    const kept = Math.min(left, owed.amount);
    left -= kept;
    if (kept === owed.amount) continue;
    const [first] = kept === 0 ? [NOTHING] : splitOwed(owed, kept);
    draft.obligations[position] = castDraft({ ...owed, ...first });
  }
}

const NOTHING = { amount: 0, pieces: [], done: true } as const;
