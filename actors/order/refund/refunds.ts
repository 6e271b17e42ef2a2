/**
 * One refund for each obligation (and tender), as soon as the captures that it gives back are confirmed: refund-draws.ts says which
 * tender gets how much of it.
 */
import type { Draw } from '../../money/oldest-first.ts';
import { isSaid } from '../attention/attention.ts';
import { isAllCancelled } from '../capture/still-to-capture.ts';
import { coarsestStep } from '../ledger/amount-steps.ts';
import { type Books, isPending, type NewEntry, reserveTogether } from '../ledger/ledger.ts';
import { isCaptured, isWaiting } from '../lifecycle.ts';
import { at, instant, type Obligation, type OrderPolicy, type OrderRecord } from '../record.ts';
import { exchangeOf, gaveInExchange, partForExchange } from '../returns/exchange-given.ts';
import { isAskedOfPerson, isHisToPay } from './asked-of-person.ts';
import { withoutGoneBack } from './owe.ts';
import { apart, executed, owedBy, owedName, splitOwed } from './owed-units.ts';
import { drawRefund, openCaptures, refundsTo } from './refund-draws.ts';
import { refundableShipping } from './refundable.ts';
import { isTill } from './till-money.ts';
import { atTheTill } from './till-refund.ts';

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
    if (isHisToPay(books.record, position)) {
      add(blocked(books.record, [position], now, policy));
      continue;
    }
    const done = refundRest(books.record, position, now, policy) ?? refund(books.record, [position], now, policy);
    if (done === 'a part') parts.push(position);
    else add(done);
  }
  const last = allThatIsLeft(books.record);
  if (last) {
    const { record: owing, position } = last;
    const done = refundRest(owing, position, now, policy) ?? refund(owing, [position], now, policy);
    add(done === 'a part' ? blocked(owing, [position], now, policy) : done);
  }
  if (parts.length === 0) return books;
  const together = refund(books.record, parts, now, policy);
  add(together === 'a part' ? blocked(books.record, parts, now, policy) : together);
  return books;
}

const CAME_TO_NOTHING: ReadonlySet<Obligation['cause']> = new Set(['cancelled', 'undelivered']);

/**
 * An order that came to nothing keeps nothing. Where it owes more than is left, a part of that went back under another name, as a
 * capture failed late, or a clerk gave it as goodwill, before the rest was taken after all; and what one tender paid beside another
 * that was lost stands for no unit. Not of what amount steps leave over.
 */
function allThatIsLeft(record: OrderRecord): { record: OrderRecord; position: number } | undefined {
  if (!isAllCancelled(record) || record.ledger.some((entry) => entry.kind === 'capture' && isPending(entry))) return;
  const open = openCaptures(record, { to: 'reverse', only: undefined, atTill: false });
  const left = open.reduce((sum, { remaining }) => sum + remaining, 0);
  if (left === 0) return;
  const { obligations } = record;
  const isDue = (owed: Obligation): boolean => isWaiting(record, owed) && isCaptured(record, owed);
  for (const [position, owed] of obligations.entries()) {
    if (!CAME_TO_NOTHING.has(owed.cause) || owed.tender !== undefined || !isDue(owed)) continue;
    const both = withoutGoneBack(record, position);
    const beyond = owedBy(both.record, both.positions) - left;
    if (beyond <= 0) continue;
    const less = { ...owed, amount: owed.amount - beyond };
    return { record: { ...record, obligations: obligations.with(position, less) }, position };
  }
  if (obligations.some(isDue) || coarsestStep(record) > 1) return;
  const shipping = Math.min(left, refundableShipping(record));
  const owed: Obligation = { cause: 'undelivered', amount: left, shipping, pieces: [], allowances: [] };
  return { record: { ...record, obligations: [...obligations, owed] }, position: obligations.length };
}

function refundRest(record: OrderRecord, position: number, now: number, policy: OrderPolicy): Books | undefined {
  const both = withoutGoneBack(record, position);
  if (both.record === record) return undefined;
  const done = refund(both.record, both.positions, now, policy);
  const isDone = done !== 'a part' && !isWaiting(done.record, at(done.record.obligations, position));
  return isDone ? done : blocked(record, [position], now, policy);
}

/** One refund for the obligations at these positions. `a part`: of what the method gives back whole or not at all. */
function refund(record: OrderRecord, positions: readonly number[], now: number, policy: OrderPolicy): Books | 'a part' {
  const [first = 0] = positions;
  const obligation = at(record.obligations, first);
  const amount = owedBy(record, positions);
  if (amount === 0) return { record: settledAs(record, positions), effects: [] };
  const wish = isAskedOfPerson(record, first) ? 0 : partForExchange(record, obligation);
  if (wish === undefined) return { record, effects: [] };
  // What is given back together is the customer's.
  const part = positions.length === 1 ? wish : 0;
  const only = positions.length === 1 ? obligation.tender : undefined;
  const [to, atTill] = [refundsTo(policy), obligation.till !== undefined];
  const drawn = drawRefund(record, { amount, exchange: part, only, settles: positions, to, atTill }, now);
  if (drawn.kind === 'short') return { record, effects: [] };
  if (drawn.kind === 'blocked') {
    if (part > 0) return refund(exchangedAlone(record, first, part), [first], now, policy);
    return drawn.code === 'partial-refund-impossible' ? 'a part' : blocked(record, positions, now, policy);
  }
  const id = positions.length === 1 ? obligation.return : undefined;
  if ([...drawn.refunded.keys()].some((source) => isTill(record, source))) {
    if (part > 0) return refund(exchangedAlone(record, first, part), [first], now, policy);
    return withTill(record, positions, drawn.refunded, now, policy);
  }
  const exchange = exchangeOf(record, id ?? '')?.order;
  const exchanged = refundsOf(record, drawn.exchanged, id).map((wanted) => ({
    ...wanted,
    ...(exchange === undefined ? {} : { exchange }),
  }));
  const wanted = rounded(amount, [...exchanged, ...refundsOf(record, drawn.refunded, id)], id);
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

function refundsOf({ tenders }: OrderRecord, draws: ReadonlyMap<number, Draw[]>, id: string | undefined): NewEntry[] {
  return [...draws].map(([tender, against]) => ({
    kind: 'refund',
    amount: sumOfDraws(against),
    ...(tender < tenders.length ? { tender } : {}),
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

/** The gateway can't be asked, by the terms of the method: it stays owed, and a person is told, once for each amount. */
function blocked(record: OrderRecord, positions: readonly number[], now: number, policy: OrderPolicy): Books {
  const news = positions.flatMap((position) => {
    const { tender: only, till } = at(record.obligations, position);
    const both = withoutGoneBack(record, position);
    const amount = owedBy(both.record, both.positions);
    // Another order got its part before.
    const wish = {
      amount,
      exchange: 0,
      only,
      settles: both.positions,
      to: refundsTo(policy),
      atTill: till !== undefined,
    };
    const drawn = drawRefund(record, wish, now);
    const about = owedName(record, position);
    if (drawn.kind !== 'blocked') return [];
    const said = {
      code: drawn.code,
      reason: `${drawn.reason}; settle-refund ends it when it was paid in another way`,
      about,
    };
    return isSaid(record, said) ? [] : [{ ...said, at: instant(now) }];
  });
  if (news.length === 0) return { record, effects: [] };
  const others = record.attention.filter((known) => !news.some(({ about }) => about === known.about));
  const attention = [...others, ...news];
  return { record: { ...record, attention }, effects: [] };
}

/** What a till took goes back by one (till-refund.ts), the rest through the gateway. */
function withTill(
  record: OrderRecord,
  positions: readonly number[],
  draws: ReadonlyMap<number, Draw[]>,
  now: number,
  policy: OrderPolicy,
): Books {
  const [atTills, others] = [new Map<number, Draw[]>(), new Map<number, Draw[]>()];
  for (const [source, of] of draws) (isTill(record, source) ? atTills : others).set(source, of);
  const owed = owedBy(record, positions);
  const against = [...atTills.values()].flat();
  const due = others.size === 0 ? owed : Math.min(owed, sumOfDraws(against));
  const { record: parted, first, rest } = apart(record, positions, due);
  const paid = atTheTill(parted, first, against, now);
  if (!paid || others.size === 0) return paid ?? { record, effects: [] };
  const id = positions.length === 1 ? at(record.obligations, at(positions, 0)).return : undefined;
  const wanted = rounded(owed - due, refundsOf(record, others, id), id);
  const books = reserveTogether(paid.record, wanted, now, policy);
  const next = executed(books.record, rest, paid.record.ledger.length);
  return { record: next, effects: [...paid.effects, ...books.effects] };
}

const sumOfDraws = (draws: readonly Draw[]): number => draws.reduce((sum, { amount }) => sum + amount, 0);
