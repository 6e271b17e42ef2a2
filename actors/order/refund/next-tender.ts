/** A refund that failed for certain goes to the next tender that has room for all of it, once, where the policy says so. */
import type { Draw } from '../../money/oldest-first.ts';
import { askAgain, sameAs, wantedOf } from '../ledger/ask-again.ts';
import { type Books, hasFailed, hasFailedLate } from '../ledger/ledger.ts';
import { isCaptured } from '../lifecycle.ts';
import type { Entry, OrderPolicy, OrderRecord } from '../record.ts';
import { drawFrom, refundsTo } from './refund-draws.ts';
import { isTill } from './till-money.ts';

export function planNextTender(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  if (policy.refundFailure !== 'next-tender') return books;
  record.ledger.forEach((entry, position) => {
    const found =
      mayGoElsewhere(entry) && isStillOwed(record, position) ? elsewhere(books.record, entry, now, policy) : undefined;
    if (!found) return;
    const wanted = { ...wantedOf(entry), ...found, kind: 'refund', amount: entry.amount } as const;
    const next = askAgain(books.record, position, wanted, now, policy);
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  });
  return books;
}

/** Not what the provider had accepted: it may be paid after all. And not what was asked again before. */
function mayGoElsewhere(entry: Entry): boolean {
  const { kind, tender, retries } = entry;
  const isFirst = retries === undefined && !hasFailedLate(entry);
  return kind === 'refund' && tender !== undefined && isFirst && hasFailed(entry);
}

function isStillOwed(record: OrderRecord, position: number): boolean {
  const { with: lead } = sameAs(record, position);
  return record.obligations.some((owed) => owed.entry === lead && isCaptured(record, owed));
}

/** In the order of refunding. */
function elsewhere(
  record: OrderRecord,
  { amount, tender: failed }: Entry,
  now: number,
  policy: OrderPolicy,
): Elsewhere | undefined {
  const tenders = [...record.tenders.keys()];
  for (const tender of refundsTo(policy) === 'reverse' ? tenders.reverse() : tenders) {
    const against = tender === failed || isTill(record, tender) ? undefined : drawFrom(record, tender, amount, now);
    if (against) return { tender, against };
  }
  return undefined;
}

interface Elsewhere {
  tender: number;
  against: Draw[];
}
