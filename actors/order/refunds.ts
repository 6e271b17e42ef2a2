/**
 * One refund for each obligation (and tender), as soon as the captures that it gives back are confirmed: refund-draws.ts says which
 * tender gets how much of it.
 */
import type { Attention } from '../../protocols/views.ts';
import type { Draw } from '../money/oldest-first.ts';
import { exchangeOf, gaveInExchange, partForExchange } from './exchange-given.ts';
import { type Books, isConfirmed, type NewEntry, nextKey, reserveTogether } from './ledger.ts';
import { isWaiting } from './lifecycle.ts';
import { goneBackBefore } from './owe.ts';
import { splitOwed } from './owed-units.ts';
import { at, type Entry, instant, type Obligation, type OrderPolicy, type OrderRecord } from './record.ts';
import { drawRefund, refundsTo } from './refund-draws.ts';
import { isAsked, termsOf } from './store-terms.ts';

export function planRefunds(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  const add = (next: Books): void => {
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  };
  const parts: number[] = [];
  // What goes to another order alone leaves a rest, which comes after the others.
  for (let position = 0; position < books.record.obligations.length; position++) {
    const obligation = at(books.record.obligations, position);
    if (!isWaiting(books.record, obligation) || !isCaptured(books.record, obligation)) continue;
    const done = refundRest(books.record, position, now, policy) ?? refund(books.record, [position], now, policy);
    if (done === 'a part') parts.push(position);
    else add(done);
  }
  if (parts.length === 0) return books;
  const together = refund(books.record, parts, now, policy);
  add(together === 'a part' ? blocked(books.record, parts, now, policy) : together);
  return books;
}

const BY_HAND = 'refund-by-hand';

export function isCaptured(record: OrderRecord, { pieces }: Obligation): boolean {
  return pieces.every(({ entry }) => entry === undefined || isConfirmed(record, entry));
}

/** Without what went back of it before: that is owed the other way round, and the two are settled together. */
function refundRest(record: OrderRecord, position: number, now: number, policy: OrderPolicy): Books | undefined {
  const before = goneBackBefore(record, at(record.obligations, position));
  if (before === 0) return undefined;
  const less: Obligation = { cause: 'undelivered', amount: -before, shipping: 0, pieces: [], allowances: [] };
  const both = { ...record, obligations: [...record.obligations, less] };
  const done = refund(both, [position, record.obligations.length], now, policy);
  const isDone = done !== 'a part' && !isWaiting(done.record, at(done.record.obligations, position));
  return isDone ? done : { record, effects: [] };
}

/** One refund for the obligations at these positions. `a part`: of what the method gives back whole or not at all. */
function refund(record: OrderRecord, positions: readonly number[], now: number, policy: OrderPolicy): Books | 'a part' {
  const [first = 0] = positions;
  const obligation = at(record.obligations, first);
  const amount = positions.reduce((sum, position) => sum + at(record.obligations, position).amount, 0);
  if (amount === 0) return { record: settledAs(record, positions), effects: [] };
  const part = partForExchange(record, obligation);
  if (part === undefined) return { record, effects: [] };
  const only = positions.length === 1 ? obligation.tender : undefined;
  const drawn = drawRefund(record, { amount, exchange: part, only, to: refundsTo(policy) }, now);
  if (drawn.kind === 'short') return { record, effects: [] };
  if (drawn.kind === 'blocked') {
    if (part > 0) return refund(exchangedAlone(record, first, part), [first], now, policy);
    return drawn.code === 'partial-refund-impossible' ? 'a part' : blocked(record, positions, now, policy);
  }
  const id = positions.length === 1 ? obligation.return : undefined;
  if (record.tenders.length === 0) {
    const against = [...drawn.refunded.values()].flat();
    const why = id === undefined ? {} : { return: id };
    return atTheTill(record, first, obligation, { kind: 'refund', amount, against, ...why }, now);
  }
  const exchange = exchangeOf(record, id ?? '')?.order;
  const exchanged = refundsOf(drawn.exchanged, id).map((wanted) => ({
    ...wanted,
    ...(exchange === undefined ? {} : { exchange }),
  }));
  const wanted = rounded(amount, [...exchanged, ...refundsOf(drawn.refunded, id)], id);
  const books = reserveTogether(record, wanted, now, policy);
  const next = executed(books.record, positions, record.ledger.length);
  const given = exchanged.reduce((sum, entry) => sum + entry.amount, 0);
  return { record: gaveInExchange(next, id ?? '', given), effects: books.effects };
}

/** No gateway is in the way of what another order gets: the rest is owed on its own. */
function exchangedAlone(record: OrderRecord, position: number, part: number): OrderRecord {
  const [exchanged, rest] = splitOwed(at(record.obligations, position), part);
  return { ...record, obligations: [...record.obligations.with(position, exchanged), rest] };
}

function refundsOf(draws: ReadonlyMap<number, Draw[]>, id: string | undefined): NewEntry[] {
  return [...draws].map(([tender, against]) => ({
    kind: 'refund',
    amount: against.reduce((sum, draw) => sum + draw.amount, 0),
    tender,
    against,
    ...(id === undefined ? {} : { return: id }),
  }));
}

function settledAs(record: OrderRecord, positions: readonly number[]): OrderRecord {
  const obligations = record.obligations.map((obligation, position) =>
    positions.includes(position) ? { ...obligation, done: true } : obligation,
  );
  return { ...record, obligations };
}

/** The lead says what amount steps left out of what is owed; where that is all of it, no gateway is asked. */
function rounded(owed: number, wanted: readonly NewEntry[], id: string | undefined): NewEntry[] {
  const transit = owed - wanted.reduce((sum, { amount }) => sum + amount, 0);
  if (transit === 0) return [...wanted];
  const nothing: NewEntry = { kind: 'refund', amount: 0, ...(id === undefined ? {} : { return: id }) };
  const [lead = nothing, ...others] = wanted;
  return [{ ...lead, transit }, ...others];
}

/** What it is waiting for is said once, and not any more when it is done. */
function executed(record: OrderRecord, positions: readonly number[], entry: number): OrderRecord {
  const about = new Set(positions.map((position) => owedName(record, position)));
  const obligations = record.obligations.map((obligation, position) =>
    positions.includes(position) ? { ...obligation, entry } : obligation,
  );
  const said = record.attention.some((known) => known.about !== undefined && about.has(known.about));
  const attention = said
    ? record.attention.filter((known) => known.about === undefined || !about.has(known.about))
    : record.attention;
  return { ...record, obligations, attention };
}

/** Names an obligation that no entry executes. */
export const owedName = ({ id }: OrderRecord, position: number): string => `${id}-owed-${position + 1}`;

/** The gateway can't be asked, by the terms of the method: it stays owed, and a person is told, once for each amount. */
function blocked(record: OrderRecord, positions: readonly number[], now: number, policy: OrderPolicy): Books {
  const news = positions.flatMap((position) => {
    const obligation = at(record.obligations, position);
    const { amount, tender: only } = obligation;
    const exchange = partForExchange(record, obligation) ?? 0;
    const drawn = drawRefund(record, { amount, exchange, only, to: refundsTo(policy) }, now);
    const about = owedName(record, position);
    if (drawn.kind !== 'blocked' || isSaid(record, drawn, about)) return [];
    return [{ code: drawn.code, reason: drawn.reason, about, at: instant(now) }];
  });
  if (news.length === 0) return { record, effects: [] };
  const others = record.attention.filter((known) => !news.some(({ about }) => about === known.about));
  const attention = [...others, ...news];
  return { record: { ...record, attention }, effects: [] };
}

const isSaid = (
  { attention }: OrderRecord,
  { code, reason }: Pick<Attention, 'code' | 'reason'>,
  about: string,
): boolean => attention.some((known) => known.code === code && known.reason === reason && known.about === about);

/**
 * The till of the store that took the goods gives the money, whoever sold them: what another one gave for the seller, headquarters
 * owes it (payout.ts). Where no till is at hand, or nobody knows it, a person pays, once for all that is owed of a return.
 */
function atTheTill(
  record: OrderRecord,
  position: number,
  obligation: Obligation,
  wanted: Pick<Entry, 'kind' | 'amount' | 'against' | 'return'>,
  now: number,
): Books {
  const payer = tillOf(record, obligation);
  if (payer === 'not known yet') return { record, effects: [] };
  if (payer === 'known' && obligation.till !== undefined) {
    const [key, when] = [nextKey(record, 'refund'), instant(now)];
    const entry: Entry = { ...wanted, key, state: 'confirmed', party: obligation.till, at: when };
    const payload = { entry: key, amount: wanted.amount, store: obligation.till, return: obligation.return };
    return {
      record: executedBy(record, position, obligation, entry),
      effects: [{ effect: 'event', name: 'refunded', payload }],
    };
  }
  return { record: askByHand(record, paidTogether(record, position), now), effects: [] };
}

function tillOf(record: OrderRecord, { till }: Obligation): 'known' | 'not known yet' | 'none' {
  if (till === undefined) return 'none';
  if (till === record.collectAt || termsOf(record, till)) return 'known';
  return isAsked(record, till) ? 'not known yet' : 'none';
}

/** Positions of what a person pays together with the one at `position`: what is owed of a return that no till pays. */
export function paidTogether(record: OrderRecord, position: number): number[] {
  const { return: id } = at(record.obligations, position);
  if (id === undefined || record.tenders.length > 0) return [position];
  return record.obligations.flatMap((owed, index) =>
    owed.return === id && owed.amount > 0 && isWaiting(record, owed) && tillOf(record, owed) === 'none' ? [index] : [],
  );
}

function askByHand(record: OrderRecord, positions: readonly number[], now: number): OrderRecord {
  const about = owedName(record, at(positions, 0));
  const amount = positions.reduce((sum, position) => sum + at(record.obligations, position).amount, 0);
  const reason = `${amount} is owed to the customer, who paid at a till; settle-refund ends it`;
  const others = record.attention.filter((known) => known.code !== BY_HAND || known.about !== about);
  if (isSaid(record, { code: BY_HAND, reason }, about)) return record;
  return { ...record, attention: [...others, { code: BY_HAND, reason, about, at: instant(now) }] };
}

function executedBy(record: OrderRecord, position: number, obligation: Obligation, entry: Entry): OrderRecord {
  const next = replaced(record, position, { ...obligation, entry: record.ledger.length });
  return { ...next, ledger: [...record.ledger, entry] };
}

function replaced(record: OrderRecord, position: number, obligation: Obligation): OrderRecord {
  return { ...record, obligations: record.obligations.with(position, obligation) };
}
