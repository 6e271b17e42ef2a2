/** What failed is asked for under another key: the newer entry stands for the same, and the one before is owed no more. */
import { create } from 'mutative';
import type { Effect } from '../../../protocols/actor.ts';
import { lower } from '../attention/attention.ts';
import { at, type Entry, type OrderPolicy, type OrderRecord } from '../record.ts';
import { type Books, type NewEntry, reserve } from './ledger.ts';

export function askAgain(
  record: OrderRecord,
  position: number,
  wanted: NewEntry,
  now: number,
  policy: OrderPolicy,
): Books {
  const same = sameAs(record, position);
  const books = reserve(replacing(record, position), { ...wanted, ...same }, now, policy);
  const asked = at(books.record.ledger, record.ledger.length);
  return { record: books.record, effects: [askedAgain(record, position, asked), ...books.effects] };
}

/** What an entry that asks for the same says of it. */
export function sameAs({ ledger }: OrderRecord, position: number): { with: number; retries: number } {
  const { with: lead, retries } = at(ledger, position);
  return { with: lead ?? position, retries: retries ?? position };
}

export function replacing(record: OrderRecord, position: number): OrderRecord {
  return create(record, (draft) => {
    const entry = at(draft.ledger, position);
    entry.replaced = true;
    lower(draft, entry.key);
  });
}

export function askedAgain({ ledger }: OrderRecord, position: number, { key, amount }: Entry): Effect {
  return { effect: 'event', name: 'asked-again', payload: { entry: key, retries: at(ledger, position).key, amount } };
}

/** The entry without its money: what the next one needs to know of it. */
export function wantedOf({
  tender,
  fulfilment,
  fulfilments,
  excess,
  return: id,
  against,
}: Entry): Omit<NewEntry, 'kind' | 'amount'> {
  return {
    ...(tender === undefined ? {} : { tender }),
    ...(fulfilment === undefined ? {} : { fulfilment }),
    ...(fulfilments === undefined ? {} : { fulfilments: [...fulfilments] }),
    ...(excess === undefined ? {} : { excess }),
    ...(id === undefined ? {} : { return: id }),
    ...(against === undefined ? {} : { against: [...against] }),
  };
}
