/**
 * One refund for each obligation (and tender), as soon as the captures that it gives back are confirmed. Tenders get back in the
 * reverse order of drawing, never more than each gave; the captures of a tender oldest first.
 */
import { type Draw, drawOldestFirst, type OpenCapture } from '../money/oldest-first.ts';
import { isRaised } from './attention.ts';
import { exchangeOf, gaveInExchange, partForExchange } from './exchange-given.ts';
import { type Books, isConfirmed, nextKey, reserveTogether, takesMoney } from './ledger.ts';
import { isWaiting } from './lifecycle.ts';
import { type Entry, instant, type Obligation, type OrderPolicy, type OrderRecord } from './record.ts';

export function planRefunds(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  record.obligations.forEach((obligation, position) => {
    if (!isWaiting(books.record, obligation) || !isCaptured(books.record, obligation)) return;
    const { record: next, effects } = refund(books.record, position, obligation, now, policy);
    books = { record: next, effects: [...books.effects, ...effects] };
  });
  return books;
}

export function isCaptured(record: OrderRecord, { pieces }: Obligation): boolean {
  return pieces.every(({ entry }) => entry === undefined || isConfirmed(record, entry));
}

function refund(
  record: OrderRecord,
  position: number,
  obligation: Obligation,
  now: number,
  policy: OrderPolicy,
): Books {
  const { amount } = obligation;
  if (amount === 0) return { record: replaced(record, position, { ...obligation, done: true }), effects: [] };
  const part = partForExchange(record, obligation);
  if (part === undefined) return { record, effects: [] };
  const drawn = drawOldestFirst(amount, openCaptures(record));
  // A capture was lost after all (its own attention says so): what is owed waits for it.
  if (drawn.kind === 'refused') return { record, effects: [] };
  const { return: id } = obligation;
  if (record.tenders.length === 0) {
    const wanted = {
      kind: 'refund',
      amount,
      against: drawn.draws,
      ...(id === undefined ? {} : { return: id }),
    } as const;
    return atTheTill(record, position, obligation, wanted, now);
  }
  const { first, rest } = splitDraws(drawn.draws, part);
  const exchange = exchangeOf(record, id ?? '')?.order;
  const exchanged = refundsOf(record, first, id).map((wanted) => ({
    ...wanted,
    ...(exchange === undefined ? {} : { exchange }),
  }));
  const books = reserveTogether(record, [...exchanged, ...refundsOf(record, rest, id)], now, policy);
  const next = replaced(books.record, position, { ...obligation, entry: record.ledger.length });
  return { record: gaveInExchange(next, id ?? '', part), effects: books.effects };
}

function refundsOf(record: OrderRecord, draws: readonly Draw[], id: string | undefined) {
  return [...byTender(record, draws)].map(([tender, against]) => ({
    kind: 'refund' as const,
    amount: against.reduce((sum, draw) => sum + draw.amount, 0),
    tender,
    against,
    ...(id === undefined ? {} : { return: id }),
  }));
}

/** The first `amount` of what is drawn, and the rest. */
function splitDraws(draws: readonly Draw[], amount: number): { first: Draw[]; rest: Draw[] } {
  const [first, rest]: [Draw[], Draw[]] = [[], []];
  let left = amount;
  for (const { entry, amount: drawn } of draws) {
    const here = Math.min(left, drawn);
    left -= here;
    if (here > 0) first.push({ entry, amount: here });
    if (drawn > here) rest.push({ entry, amount: drawn - here });
  }
  return { first, rest };
}

function byTender(record: OrderRecord, draws: readonly Draw[]): Map<number, Draw[]> {
  const tenders = new Map(record.ledger.map(({ key, tender = 0 }) => [key, tender]));
  const found = new Map<number, Draw[]>();
  for (const draw of draws) {
    const tender = tenders.get(draw.entry) ?? 0;
    found.set(tender, [...(found.get(tender) ?? []), draw]);
  }
  return found;
}

/** The store that sold pays out of its till. Anybody else would have to be made whole: a person does that, for now. */
function atTheTill(
  record: OrderRecord,
  position: number,
  obligation: Obligation,
  wanted: Pick<Entry, 'kind' | 'amount'>,
  now: number,
): Books {
  const about = `${record.id}-owed-${position + 1}`;
  if (obligation.till !== undefined && obligation.till === record.collectAt) {
    const [key, when] = [nextKey(record, 'refund'), instant(now)];
    const entry: Entry = { ...wanted, key, state: 'confirmed', party: obligation.till, at: when };
    const payload = { entry: key, amount: wanted.amount, store: obligation.till, return: obligation.return };
    return {
      record: executedBy(record, position, obligation, entry),
      effects: [{ effect: 'event', name: 'refunded', payload }],
    };
  }
  if (isRaised(record, 'refund-by-hand', about)) return { record, effects: [] };
  const reason = `${wanted.amount} is owed to the customer, who paid at a till`;
  const attention = { code: 'refund-by-hand', reason, about, at: instant(now) };
  return { record: { ...record, attention: [...record.attention, attention] }, effects: [] };
}

function executedBy(record: OrderRecord, position: number, obligation: Obligation, entry: Entry): OrderRecord {
  const next = replaced(record, position, { ...obligation, entry: record.ledger.length });
  return { ...next, ledger: [...record.ledger, entry] };
}

function replaced(record: OrderRecord, position: number, obligation: Obligation): OrderRecord {
  return { ...record, obligations: record.obligations.with(position, obligation) };
}

/** What each capture has left, in the order of refunding. A failed refund is still owed, so it keeps its draw. */
function openCaptures(record: OrderRecord): OpenCapture[] {
  const drawn = new Map<string, number>();
  for (const { against = [], replaced } of record.ledger) {
    if (replaced) continue;
    for (const { entry, amount } of against) drawn.set(entry, (drawn.get(entry) ?? 0) + amount);
  }
  return record.ledger
    .filter((entry) => takesMoney(entry) && entry.state === 'confirmed')
    .sort((one, other) => (other.tender ?? 0) - (one.tender ?? 0))
    .map(({ key, amount }) => ({ entry: key, remaining: amount - (drawn.get(key) ?? 0) }));
}
