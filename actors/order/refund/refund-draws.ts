/**
 * Which captures a refund may be drawn from, by what the methods that paid allow: only so long after the payment, in parts or only as a
 * whole, and on their amount steps.
 */
import { formatMinor } from '../../../protocols/currency.ts';
import { DAY_MS } from '../../../protocols/durations.ts';
import { allocate } from '../../money/allocate.ts';
import { type Draw, drawOldestFirst, type OpenCapture } from '../../money/oldest-first.ts';
import { giveBackInSteps } from '../../money/step.ts';
import { coarsestStep, leftToGive, stepOf } from '../ledger/amount-steps.ts';
import { isPending, sumOf, takesMoney } from '../ledger/ledger.ts';
import { at, type Entry, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import { isTill, sourceOf } from './till-money.ts';

export type RefundDraws =
  /** By tender, the till behind them (till-money.ts): what goes to another order, and what goes back to the customer. */
  | { kind: 'drawn'; exchanged: ByTender; refunded: ByTender }
  /** A capture was lost after all (its own attention says so), or is under way: what is owed waits for it. */
  | { kind: 'short' }
  | Blocked;

/** A person has to find another way, or more has to come together. */
interface Blocked {
  kind: 'blocked';
  code: 'refund-window-closed' | 'partial-refund-impossible';
  /** What the customer has to get, without what goes to another order. */
  amount: number;
  reason: string;
}

type ByTender = ReadonlyMap<number, Draw[]>;

export interface RefundWish {
  amount: number;
  /** What of it moves to another order, whatever the methods allow. */
  exchange: number;
  /** From the captures of this tender. */
  only?: number | undefined;
  /** Positions of the obligations that it settles. */
  settles?: readonly number[];
  to: NonNullable<OrderPolicy['refundsTo']>;
  /** A till that took the goods stands ready; else what a gateway can give back goes before what a person would have to pay. */
  atTill: boolean;
}

export const refundsTo = ({ refundsTo: to = 'reverse' }: OrderPolicy): RefundWish['to'] => to;

/** Tenders as the policy says, the captures of each oldest first; those that can't give it back are passed over. */
export function drawRefund(record: OrderRecord, wish: RefundWish, now: number): RefundDraws {
  const { amount, to } = wish;
  const open = openCaptures(record, wish);
  const exchange = upToAStep(record, wish.exchange, sumOfOpen(open));
  const refunded = toRefund(record, amount - wish.exchange, sumOfOpen(open) - exchange);
  const all = drawOldestFirst(
    exchange + refunded,
    to === 'proportional' ? inProportion(record, exchange + refunded, open) : open,
  );
  if (all.kind === 'refused') return { kind: 'short' };
  const { first, rest } = splitDraws(all.draws, exchange);
  const stepped = inSteps(record, rest, without(open, first));
  if (isAllowed(record, stepped, now)) return drawn(record, first, stepped);
  const other = allowedDraws(record, refunded, open, now);
  if (!Array.isArray(other)) return other;
  const left = drawOldestFirst(exchange, without(open, other));
  if (left.kind === 'refused') return { kind: 'short' };
  return drawn(record, left.draws, inSteps(record, other, without(open, left.draws)));
}

/**
 * With what earlier ones left out, or gave too much; where less than a step is missing, what there is, unless a capture under way may
 * bring it: that one took what those before it left out.
 */
function toRefund(record: OrderRecord, amount: number, available: number): number {
  if (amount === 0) return 0;
  const wanted = Math.max(0, amount + leftToGive(record));
  if (record.ledger.some((entry) => entry.kind === 'capture' && isPending(entry))) return wanted;
  return amount - available < coarsestStep(record) ? Math.min(wanted, Math.max(0, available)) : wanted;
}

/** Where less than a step is missing, what there is: the captures left that out. */
function upToAStep(record: OrderRecord, amount: number, available: number): number {
  return amount - available < coarsestStep(record) ? Math.min(amount, available) : amount;
}

/** The same tenders, each on its amount step: rounded down, and what all of them leave out by the first that has a step more. */
function inSteps(record: OrderRecord, draws: readonly Draw[], open: readonly OpenCapture[]): Draw[] {
  if (coarsestStep(record) === 1) return [...draws];
  const parts = [...byTender(record, draws)];
  const openOf = (source: number) => open.filter(({ entry }) => sourceOf(record, entryOf(record, entry)) === source);
  const given = parts.map(([tender, of]) => {
    const step = isTill(record, tender) ? 1 : stepOf(at(record.tenders, tender), record.currency);
    return { amount: of.reduce((sum, { amount }) => sum + amount, 0), room: sumOfOpen(openOf(tender)), step };
  });
  return giveBackInSteps(given).flatMap((amount, index) => {
    const of = drawOldestFirst(amount, openOf(at(parts, index)[0]));
    return of.kind === 'drawn' ? of.draws : [];
  });
}

const sumOfOpen = (open: readonly OpenCapture[]): number => open.reduce((sum, { remaining }) => sum + remaining, 0);

/** All of it from one tender, where its method allows that. */
export function drawFrom(record: OrderRecord, tender: number, amount: number, now: number): Draw[] | undefined {
  if (amount % stepOf(at(record.tenders, tender), record.currency) !== 0) return undefined;
  const all = drawOldestFirst(amount, openCaptures(record, { to: 'reverse', only: tender, atTill: false }));
  return all.kind === 'drawn' && isAllowed(record, all.draws, now) ? all.draws : undefined;
}

const drawn = (record: OrderRecord, exchanged: readonly Draw[], refunded: readonly Draw[]): RefundDraws => ({
  kind: 'drawn',
  exchanged: byTender(record, exchanged),
  refunded: byTender(record, refunded),
});

function allowedDraws(
  record: OrderRecord,
  amount: number,
  open: readonly OpenCapture[],
  now: number,
): Draw[] | Blocked {
  const money = formatMinor(amount, record.currency);
  const inTime = open.filter(({ entry }) => now <= closesAt(record, entryOf(record, entry)));
  const young = drawOldestFirst(amount, inTime);
  if (young.kind === 'refused') {
    return { kind: 'blocked', code: 'refund-window-closed', amount, reason: `${money} ${whenClosed(record)}` };
  }
  if (isAllowed(record, young.draws, now)) return young.draws;
  const divisible = inTime.filter(({ entry }) => takesParts(record, sourceOf(record, entryOf(record, entry))));
  const parts = drawOldestFirst(amount, divisible);
  if (parts.kind === 'drawn') return parts.draws;
  const methods = record.tenders.filter(({ capability }) => !capability.partialRefund).map(({ method }) => method);
  const reason = `${methods.join(', ')}: refunded whole or not at all, and ${money} is a part`;
  return { kind: 'blocked', code: 'partial-refund-impossible', amount, reason };
}

/** The first `amount` of what is drawn, and the rest. */
function splitDraws(draws: readonly Draw[], amount: number): { first: Draw[]; rest: Draw[] } {
  const [first, rest]: [Draw[], Draw[]] = [[], []];
  let left = amount;
  for (const { entry, amount: of } of draws) {
    const here = Math.min(left, of);
    left -= here;
    if (here > 0) first.push({ entry, amount: here });
    if (of > here) rest.push({ entry, amount: of - here });
  }
  return { first, rest };
}

function without(open: readonly OpenCapture[], draws: readonly Draw[]): OpenCapture[] {
  const taken = new Map(draws.map(({ entry, amount }) => [entry, amount]));
  return open.map(({ entry, remaining }) => ({ entry, remaining: remaining - (taken.get(entry) ?? 0) }));
}

/** No more of each tender than its part of the amount, by what it has left. */
function inProportion(record: OrderRecord, amount: number, open: readonly OpenCapture[]): readonly OpenCapture[] {
  const left = new Map<number, number>();
  for (const { entry, remaining } of open) {
    const source = sourceOf(record, entryOf(record, entry));
    left.set(source, (left.get(source) ?? 0) + remaining);
  }
  const total = [...left.values()].reduce((sum, of) => sum + of, 0);
  if (amount > total) return open;
  const shares = allocate(amount, [...left.values()]);
  const parts = new Map([...left.keys()].map((tender, index) => [tender, at(shares, index)]));
  return open.map(({ entry, remaining }) => {
    const source = sourceOf(record, entryOf(record, entry));
    const part = Math.min(remaining, parts.get(source) ?? 0);
    parts.set(source, (parts.get(source) ?? 0) - part);
    return { entry, remaining: part };
  });
}

/**
 * What each capture has left, in the order of refunding. A failed refund is still owed, so it keeps its draw; and what can go back to one
 * tender alone finds there what it needs.
 */
export function openCaptures(
  record: OrderRecord,
  { to, only, atTill, settles = [] }: Omit<RefundWish, 'amount' | 'exchange'>,
): OpenCapture[] {
  const drawn = new Map<string, number>();
  for (const { against = [], replaced } of record.ledger) {
    if (replaced) continue;
    for (const { entry, amount } of against) drawn.set(entry, (drawn.get(entry) ?? 0) + amount);
  }
  const isByHand = (entry: Entry): number => (!atTill && isTill(record, sourceOf(record, entry)) ? 1 : 0);
  const paidAt = (entry: Entry): number => (to === 'reverse' ? -1 : 1) * sourceOf(record, entry);
  const open = record.ledger
    .filter((entry) => takesMoney(entry) && entry.state === 'confirmed' && (only ?? entry.tender) === entry.tender)
    .sort((one, other) => isByHand(one) - isByHand(other) || paidAt(one) - paidAt(other))
    .map(({ key, amount }) => ({ entry: key, remaining: Math.max(0, amount - (drawn.get(key) ?? 0)) }));
  return withoutBound(record, open, settles);
}

/** The youngest captures of each tender keep what is owed back to it, as the oldest give first. */
function withoutBound(record: OrderRecord, open: OpenCapture[], settles: readonly number[]): OpenCapture[] {
  const bound = new Map<number, number>();
  for (const [position, { tender, entry, done, amount }] of record.obligations.entries()) {
    if (tender === undefined || entry !== undefined || done || settles.includes(position)) continue;
    bound.set(tender, (bound.get(tender) ?? 0) + amount);
  }
  if (bound.size === 0) return open;
  const left = open.toReversed().map(({ entry, remaining }) => {
    const source = sourceOf(record, entryOf(record, entry));
    const kept = Math.min(remaining, bound.get(source) ?? 0);
    bound.set(source, (bound.get(source) ?? 0) - kept);
    return { entry, remaining: remaining - kept };
  });
  return left.reverse();
}

function byTender(record: OrderRecord, draws: readonly Draw[]): Map<number, Draw[]> {
  const sources = new Map(record.ledger.map((entry) => [entry.key, sourceOf(record, entry)]));
  const found = new Map<number, Draw[]>();
  for (const draw of draws) {
    const source = sources.get(draw.entry) ?? 0;
    found.set(source, [...(found.get(source) ?? []), draw]);
  }
  return found;
}

/** Till money is given back in any part, at any time. */
function takesParts({ tenders }: OrderRecord, source: number): boolean {
  return tenders[source]?.capability.partialRefund !== false;
}

function isAllowed(record: OrderRecord, draws: readonly Draw[], now: number): boolean {
  if (draws.some(({ entry }) => now > closesAt(record, entryOf(record, entry)))) return false;
  return [...byTender(record, draws)].every(([tender, of]) => {
    if (takesParts(record, tender)) return true;
    const isTaken = (entry: Entry) =>
      entry.kind === 'capture' && entry.tender === tender && entry.state === 'confirmed';
    return of.reduce((sum, { amount }) => sum + amount, 0) === sumOf(record.ledger, isTaken);
  });
}

function entryOf({ ledger }: OrderRecord, key: string): Entry {
  const found = ledger.find((entry) => entry.key === key);
  if (!found) throw new Error(`there is no entry ${key}`);
  return found;
}

/** The last moment at which a capture can be given back, ms since the epoch. What was settled at once is as old as its payment. */
function closesAt(record: OrderRecord, entry: Entry): number {
  const { at: asked } = entry;
  const tender = record.tenders[sourceOf(record, entry)];
  if (!tender) return Number.POSITIVE_INFINITY;
  const since = Date.parse(tender.settled ? tender.authorisedAt : asked);
  return since + tender.capability.refundWithin * DAY_MS;
}

function whenClosed(record: OrderRecord): string {
  const closed = record.ledger
    .filter((entry) => entry.kind === 'capture' && entry.state === 'confirmed')
    .map((entry) => {
      const { method, capability } = at(record.tenders, entry.tender ?? 0);
      return `${entry.key} by ${method} until ${instant(closesAt(record, entry))} (${capability.refundWithin} days)`;
    });
  return `could be given back: ${closed.join(', ')}`;
}
