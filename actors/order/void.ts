/** What will never be captured is given back to the customer's card as soon as that is certain. */
import { type Books, reserve, sumOf } from './ledger.ts';
import type { OrderPolicy, OrderRecord } from './record.ts';
import { stillToCapture } from './still-to-capture.ts';
import { authorisedBeyond, awaitedFromExchange, hasExpired, prepaidLeft } from './tenders.ts';

/**
 * From the last tender backwards. A capture in flight counts as captured: should it fail, the next comparison finds its amount.
 * What was authorised beyond the order goes last, when nothing is left to capture: until then it may still serve (a void can
 * end an authorisation).
 */
export function planVoid(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  if (awaitedFromExchange(record) > 0) return { record, effects: [] };
  const free = record.tenders.map((_, position) => freeOf(record, position, now));
  const { units, amount } = stillToCapture(record);
  const needed = Math.max(0, amount - prepaidLeft(record));
  const excess = units > 0 ? authorisedBeyond(record) : 0;
  let left = free.reduce((sum, of) => sum + of, 0) - needed - excess;
  let books: Books = { record, effects: [] };
  for (let tender = free.length - 1; tender >= 0 && left > 0; tender--) {
    const part = Math.min(left, free[tender] ?? 0);
    if (part <= 0) continue;
    left -= part;
    const next = reserve(books.record, { kind: 'void', amount: part, tender }, now, policy);
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  }
  return books;
}

/** A failed void is still to be done, under its own entry. */
function freeOf(record: OrderRecord, position: number, now: number): number {
  const tender = record.tenders[position];
  if (!tender || tender.settled || hasExpired(tender, now)) return 0;
  const gone = sumOf(
    record.ledger,
    ({ kind, tender: of, state, replaced }) =>
      of === position && !replaced && (kind === 'void' || (kind === 'capture' && state !== 'failed')),
  );
  return tender.authorised - gone;
}
