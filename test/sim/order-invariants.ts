/** What must hold of an order in every state that is published, and between two of them. Violations are returned as text. */
import type { Entry, OrderRecord } from '../../actors/order/record.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { offTheStep } from './amount-steps.ts';
import { type ExactOrder, exactOrder, firstUnits } from './exact-amounts.ts';

export type StoredOrder = OrderRecord & { state: string };

const PENDING: ReadonlySet<string> = new Set(['requested', 'unknown']);
const FINAL: ReadonlySet<string> = new Set(['fulfilled', 'closed', 'cancelled']);
const RANK: Record<string, number> = { offered: 0, accepted: 1, ready: 2, 'handed-over': 3, declined: 4, cancelled: 4 };

export function sumOf(ledger: readonly Entry[], counts: (entry: Entry) => boolean): number {
  return ledger.reduce((sum, entry) => (counts(entry) ? sum + entry.amount : sum), 0);
}

export const isPaidAtTill = ({ mode }: StoredOrder): boolean => mode === 'reserve-and-collect';
export const isPending = ({ state }: Entry): boolean => PENDING.has(state);
export const takesMoney = ({ kind }: Entry): boolean => kind === 'capture' || kind === 'till-sale';

/** Entries that pay (or give back) the same units. */
function together({ ledger }: StoredOrder, lead: number): Entry[] {
  return ledger.filter(({ with: of }, position) => position === lead || of === lead);
}

export function isConfirmed(order: StoredOrder, lead: number | undefined): boolean {
  if (lead === undefined || isPrepaidLost(order, lead)) return false;
  return together(order, lead).every(({ state, replaced }) => state === 'confirmed' || replaced);
}

/** Prepaid money stood in for it, and some of that failed. */
function isPrepaidLost({ ledger }: StoredOrder, lead: number): boolean {
  const { replaced, prepaid = 0 } = ledger[lead] ?? {};
  if (!replaced || prepaid === 0) return false;
  return ledger.some((entry) => entry.prepayment && entry.state === 'failed' && !entry.replaced);
}

export function checkOrder(order: StoredOrder, place: OrderCommands['place']): string[] {
  return [
    ...bounds(order),
    ...paidFromWhereItCame(order),
    ...offTheStep(order),
    ...units(order),
    ...amounts(order, exactly(place)),
    ...funded(order),
    ...overdue(order),
  ];
}

/** What a store is asked about is still to be done. */
function overdue({ attention, fulfilments }: StoredOrder): string[] {
  return attention.flatMap(({ code, about }) =>
    code === 'not-ready' && fulfilments.find(({ id }) => id === about)?.state !== 'accepted'
      ? [`${about} is said not to be ready`]
      : [],
  );
}

/** Weighed goods may cost more than was authorised, as far as the method allows. */
export function mostOf(
  { weighed, currency }: StoredOrder,
  authorised: number,
  { percent, most }: StoredOrder['tenders'][number]['capability']['overCapture'],
): number {
  if (!weighed) return authorised;
  const more = Number((BigInt(authorised) * BigInt(percent)) / 100n);
  return authorised + Math.min(more, most ? (most[currency] ?? 0) : more);
}

/** Invariant 1. A capture that failed after its refund was confirmed is the provider's doing: it still counts here. */
function bounds(order: StoredOrder): string[] {
  const { ledger, tenders } = order;
  const found: string[] = [];
  const taken = sumOf(ledger, (entry) => takesMoney(entry) && (entry.state === 'confirmed' || failedLate(entry)));
  const back = sumOf(ledger, (entry) => entry.kind === 'refund' && entry.state !== 'failed');
  if (back > taken) found.push(`refunded or in flight ${back} > captured ${taken}`);
  tenders.forEach(({ authorised, settled, capability }, position) => {
    const of = (kind: Entry['kind'], counts: (entry: Entry) => boolean) =>
      sumOf(ledger, (entry) => entry.tender === position && entry.kind === kind && counts(entry));
    const captures = of('capture', ({ state }) => state !== 'failed');
    const voids = of('void', ({ state }) => state !== 'failed');
    if (captures + voids > mostOf(order, authorised, capability.overCapture))
      found.push(`tender ${position}: captured ${captures} + voided ${voids} > ${authorised}`);
    const { captures: most, delayedCapture, partialReleasesRest } = capability;
    const made = ledger.filter((e) => e.tender === position && e.kind === 'capture' && e.state !== 'failed').length;
    if (!settled && made > (delayedCapture === 'full' || partialReleasesRest ? 1 : most))
      found.push(`tender ${position}: ${made} captures of ${most}`);
    const took = of('capture', (entry) => entry.state === 'confirmed' || failedLate(entry));
    const gave = of('refund', ({ state }) => state !== 'failed');
    if (gave > took) found.push(`tender ${position}: refunded or in flight ${gave} > captured ${took}`);
  });
  for (const entry of ledger) {
    // Nothing is asked of a till, and nothing less than an amount step of a gateway.
    const least = entry.kind === 'till-sale' || entry.transit !== undefined ? 0 : 1;
    if (!Number.isSafeInteger(entry.amount) || entry.amount < least) found.push(`${entry.key} is of ${entry.amount}`);
  }
  if (new Set(ledger.map(({ key }) => key)).size !== ledger.length) found.push('two entries with one key');
  return found;
}

/** Each account gives stores no more than it took, as long as nothing was given back or lost; and gets back from each account of theirs no more than it gave. */
function paidFromWhereItCame(order: StoredOrder): string[] {
  const { ledger, tenders } = order;
  if (isPaidAtTill(order)) return [];
  const [took, gave, held] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, name: string, amount: number) => to.set(name, (to.get(name) ?? 0) + amount);
  for (const entry of ledger) {
    const { kind, state, party, amount, tender = 0, replaced, payoutAccount } = entry;
    const account = tenders[tender]?.account ?? '';
    if (kind === 'capture' && (state === 'confirmed' || failedLate(entry))) add(took, account, amount);
    if (kind === 'payout') add(held, `${account} to ${payoutAccount} of ${party}`, amount);
    if (kind === 'payout' && !replaced) add(gave, account, amount);
    if (kind === 'payout-reversal' && state !== 'failed')
      add(held, `${account} to ${payoutAccount} of ${party}`, -amount);
  }
  const found = [...held].flatMap(([name, amount]) =>
    amount < 0 ? [`${name} is given back ${-amount} too much`] : [],
  );
  for (const [account, amount] of gave) {
    const most = took.get(account) ?? 0;
    if (amount > most && isPlain(order)) found.push(`${account} gives stores ${amount} of ${most}`);
  }
  return found;
}

const PLAIN: ReadonlySet<string> = new Set(['capture', 'payout', 'void', 'reauthorisation']);

/** What stores are due is never more than what was captured. */
const isPlain = ({ ledger, handlings = [] }: StoredOrder): boolean =>
  handlings.every(({ rule }) => !rule?.handlingFee) &&
  ledger.every(
    (entry) =>
      PLAIN.has(entry.kind) && entry.transit === undefined && (entry.kind !== 'capture' || entry.state !== 'failed'),
  );

const failedLate = ({ state, gatewayReference }: Entry): boolean =>
  state === 'failed' && gatewayReference !== undefined;

const known = new WeakMap<OrderCommands['place'], ExactOrder>();

function exactly(place: OrderCommands['place']): ExactOrder {
  const exact = known.get(place) ?? exactOrder(place);
  known.set(place, exact);
  return exact;
}

function units(order: StoredOrder): string[] {
  const { items, lines, fulfilments } = order;
  const found = declaredUnits(order);
  lines.forEach((line, position) => {
    const { quantity = 0, line: name } = items[position] ?? { line: '?' };
    let open = 0;
    for (const fulfilment of fulfilments) {
      for (const work of fulfilment.lines) {
        if (work.ready > work.quantity || work.quantity < 0)
          found.push(`${fulfilment.id} ${name}: ${work.ready} ready`);
        if (work.line === position && ['offered', 'accepted', 'ready'].includes(fulfilment.state))
          open += work.quantity;
      }
    }
    const { waiting, handedOver, cancelled, declared, returned, taken, dropped } = line;
    if (waiting + open + handedOver + cancelled !== quantity) {
      found.push(`line ${name}: ${waiting} + ${open} + ${handedOver} + ${cancelled} is not ${quantity}`);
    }
    if (declared < 0 || declared + returned > handedOver)
      found.push(`line ${name}: ${declared} declared, ${returned} back`);
    if (taken + dropped > quantity) found.push(`line ${name}: ${taken} taken, ${dropped} dropped of ${quantity}`);
  });
  return found;
}

/** Every declared unit left with the fulfilment that it is said to be of, and is still with the customer. */
function declaredUnits({ lines, fulfilments, returns }: StoredOrder): string[] {
  const found: string[] = [];
  const open = returns.flatMap((returned) => returned.lines);
  lines.forEach(({ declared }, position) => {
    const ofLine = open.filter(({ line }) => line === position);
    const sum = ofLine.reduce((total, units) => total + units.declared, 0);
    if (sum !== declared) found.push(`line at ${position}: ${declared} declared, returns say ${sum}`);
    fulfilments.forEach(({ id, state, lines: work }, index) => {
      const here = ofLine.reduce((total, units) => (units.fulfilment === index ? total + units.declared : total), 0);
      const held = work.flatMap(({ line, pieces }) => (line === position ? pieces : []));
      const most = state === 'handed-over' ? held.reduce((total, { quantity }) => total + quantity, 0) : 0;
      if (here > most) found.push(`${id}: ${here} declared of ${most}`);
    });
  });
  return found;
}

/** Invariant 8, from the command alone. */
function amounts(order: StoredOrder, exact: ExactOrder): string[] {
  const found: string[] = [];
  if (BigInt(order.total) !== exact.total) found.push(`total ${order.total}, must be ${exact.total}`);
  if (BigInt(order.shipping) !== exact.shipping) found.push(`shipping ${order.shipping}, must be ${exact.shipping}`);
  const taken = piecesByLine(order);
  exact.lines.forEach(({ line, gross, tax, quantity }, position) => {
    const item = order.items[position];
    if (BigInt(item?.gross ?? -1) !== gross || BigInt(item?.tax ?? -1) !== tax) {
      found.push(`line ${line}: ${item?.gross} with tax ${item?.tax}, must be ${gross} with ${tax}`);
    }
    // A till may sell below the price, and scales say what they say.
    if (isPaidAtTill(order) || order.weighed) return;
    const count = order.lines[position]?.taken ?? 0;
    const target = firstUnits(gross, quantity, count);
    const had = taken.get(position) ?? { quantity: 0, gross: 0 };
    const missing = target - BigInt(had.gross);
    if (had.quantity === count && (missing < 0n || missing > askedOfNobody(order, position))) {
      found.push(`line ${line}: ${had.gross} taken for ${count} units, must be ${target}`);
    }
  });
  return found;
}

/** What captures that took nothing were to bring for cancelled units of the line: it is asked of nobody any more, and owed to nobody. */
function askedOfNobody({ ledger, obligations }: StoredOrder, line: number): bigint {
  const pieces = obligations.flatMap((owed) => owed.pieces.filter((piece) => piece.line === line));
  const leads = new Set(pieces.map(({ entry }) => entry));
  const isAsked = ({ state, with: lead, retries }: Entry, position: number): boolean =>
    state === 'failed' && retries === undefined && leads.has(lead ?? position);
  return ledger.filter(isAsked).reduce((sum, { excess = 0 }) => sum + BigInt(excess), 0n);
}

function piecesByLine({ fulfilments, obligations }: StoredOrder): Map<number, { quantity: number; gross: number }> {
  const sums = new Map<number, { quantity: number; gross: number }>();
  const add = (line: number, { quantity, gross }: { quantity: number; gross: number }) => {
    const sum = sums.get(line) ?? { quantity: 0, gross: 0 };
    sums.set(line, { quantity: sum.quantity + quantity, gross: sum.gross + gross });
  };
  for (const { lines } of fulfilments)
    for (const { line, pieces } of lines) for (const piece of pieces) add(line, piece);
  for (const { pieces } of obligations) for (const piece of pieces) add(piece.line, piece);
  return sums;
}

/** Each capture, with the others that pay the same units, is of these and the shipping fee, and of nothing else. */
function funded(order: StoredOrder): string[] {
  const found: string[] = [];
  const byEntry = new Map<number, number>();
  const add = (entry: number | undefined, gross: number) => {
    if (entry === undefined && gross > 0) found.push(`${gross} of goods without a capture`);
    if (entry !== undefined) byEntry.set(entry, (byEntry.get(entry) ?? 0) + gross);
  };
  for (const { lines } of order.fulfilments) {
    for (const { pieces } of lines) for (const { entry, gross } of pieces) add(entry, gross);
  }
  for (const { pieces } of order.obligations) for (const { entry, gross } of pieces) add(entry, gross);
  let [prepaid, drawn] = [0, 0];
  order.ledger.forEach((entry, position) => {
    const goods = byEntry.get(position) ?? 0;
    if (!takesMoney(entry) || entry.with !== undefined) return;
    const { key, amount, shipping = 0, transit = 0 } = entry;
    if (entry.prepayment) {
      prepaid += amount - shipping;
      drawn += goods;
      return;
    }
    if (entry.state !== 'failed') drawn += entry.prepaid ?? 0;
    const paid = sumOf(order.ledger, ({ with: of }) => of === position) + amount + transit + (entry.prepaid ?? 0);
    if (entry.kind === 'till-sale' && goods !== paid)
      found.push(`${key}: ${paid} paid at the till for goods of ${goods}`);
    if (goods > paid - shipping) found.push(`${key} of ${paid} with ${shipping} shipping stands for goods of ${goods}`);
  });
  if (drawn > prepaid) found.push(`prepayments of ${prepaid} stand for goods of ${drawn}`);
  return found;
}

/** The one way back: a till ticket of units whose reservation had run out, which a person is told of. */
function isLateTicket(before: StoredOrder, after: StoredOrder, position: number): boolean {
  const [was, now] = [before.fulfilments[position], after.fulfilments[position]];
  return (
    was?.state === 'cancelled' &&
    now?.state === 'handed-over' &&
    was.lines.some(({ expired = 0 }) => expired > 0) &&
    after.ledger.some(({ kind, fulfilment }) => kind === 'till-sale' && fulfilment === was.id) &&
    after.attention.some(({ code, about }) => code === 'late-ticket' && about === was.id)
  );
}

/** Units of each line that were cancelled before and sold by then. */
function soldLate(before: StoredOrder, after: StoredOrder): Map<number, number> {
  const sold = new Map<number, number>();
  before.fulfilments.forEach(({ lines }, position) => {
    if (!isLateTicket(before, after, position)) return;
    lines.forEach(({ line, expired = 0 }, index) => {
      const units = expired - (after.fulfilments[position]?.lines[index]?.expired ?? 0);
      sold.set(line, (sold.get(line) ?? 0) + units);
    });
  });
  return sold;
}

function mayFollow({ state }: StoredOrder, after: StoredOrder, isSoldLate: boolean): boolean {
  if (isSoldLate) return after.state === 'fulfilled' || after.state === 'closed';
  return state === 'fulfilled' && after.state === 'closed';
}

/** Between two published states of one order. */
export function checkStep(before: StoredOrder, after: StoredOrder): string[] {
  const found: string[] = [];
  const late = soldLate(before, after);
  if (FINAL.has(before.state) && after.state !== before.state && !mayFollow(before, after, late.size > 0)) {
    found.push(`the order went from ${before.state} to ${after.state}`);
  }
  if (after.revision < before.revision) found.push(`the revision went from ${before.revision} to ${after.revision}`);
  before.ledger.forEach((entry, position) => {
    const now = after.ledger[position];
    if (now?.key !== entry.key || now.amount !== entry.amount) found.push(`${entry.key} of ${entry.amount} changed`);
  });
  before.lines.forEach(({ handedOver, returned, cancelled }, position) => {
    const now = after.lines[position];
    const revived = late.get(position) ?? 0;
    if (
      !now ||
      now.handedOver < handedOver + revived ||
      now.returned < returned ||
      now.cancelled < cancelled - revived
    ) {
      found.push(`line at ${position} went back`);
    }
  });
  before.fulfilments.forEach(({ id, state }, position) => {
    const now = after.fulfilments[position]?.state ?? '';
    if ((RANK[now] ?? -1) < (RANK[state] ?? 0) && !isLateTicket(before, after, position))
      found.push(`${id} went from ${state} to ${now}`);
    if (state === 'handed-over' && now !== state) found.push(`${id} was handed over and is ${now}`);
  });
  return [...found, ...handedOverUnpaid(before, after)];
}

/** Invariant 6: no hand-over before funds. */
function handedOverUnpaid(before: StoredOrder, after: StoredOrder): string[] {
  return after.fulfilments.flatMap(({ id, state, lines }, position) => {
    if (state !== 'handed-over' || before.fulfilments[position]?.state === state) return [];
    // What happened since in the same commit may have failed a capture: it was confirmed when the goods left.
    const unpaid = lines.filter(
      ({ quantity, pieces }) =>
        pieces.reduce((sum, piece) => sum + piece.quantity, 0) < quantity ||
        pieces.some(({ entry }) => {
          const paying = entry === undefined ? [] : together(after, entry);
          return paying.some((paid) => paid.state !== 'confirmed' && !paid.replaced && !failedLate(paid));
        }),
    );
    return unpaid.length > 0 && !givenBackSince(after, position) ? [`${id} was handed over before it was paid`] : [];
  });
}

/** Units may leave and come back within one commit. */
function givenBackSince(after: StoredOrder, position: number): boolean {
  return after.fulfilments[position]?.lines.some(({ line }) => (after.lines[line]?.returned ?? 0) > 0) ?? false;
}
