/** When nothing moves any more: the ledgers against what the provider's journal says moved, and every share reckoned again. */
import type { Entry, Piece } from '../../actors/order/record.ts';
import type { StoreRecord } from '../../actors/store/record.ts';
import type { Commission } from '../../protocols/commission.ts';
import type { Journal, JournalRow } from '../../supervisor/gateway/simulator-journal.ts';
import { mostKept } from './amount-steps.ts';
import { exactShare, halfUp } from './exact-amounts.ts';
import {
  isConfirmed,
  isPaidAtTill,
  isPending,
  mostOf,
  type StoredOrder,
  sumOf,
  takesMoney,
} from './order-invariants.ts';
import { feeAtRest, shippingBounds } from './shipping-fee.ts';

/** What stores say that they owe is what the orders say. */
export function checkDebts(orders: readonly StoredOrder[], stores: readonly StoreRecord[]): string[] {
  const owed = new Map<string, number>();
  for (const { currency, ledger } of orders) {
    for (const { kind, party, amount } of ledger) {
      const key = `${party} ${currency}`;
      if (kind === 'receivable') owed.set(key, (owed.get(key) ?? 0) + amount);
      if (kind === 'netting') owed.set(key, (owed.get(key) ?? 0) - amount);
    }
  }
  for (const { id, account } of stores) {
    for (const [currency, amount] of account?.owes ?? []) {
      const key = `${id} ${currency}`;
      owed.set(key, (owed.get(key) ?? 0) - amount);
    }
  }
  const differ = [...owed].flatMap(([key, rest]) =>
    rest === 0 ? [] : [`${key}: orders say that ${rest} more is owed`],
  );
  return [...differ, ...uncollected(orders, stores)];
}

/** What stores have not paid yet are the receivables that orders were not told of. */
function uncollected(orders: readonly StoredOrder[], stores: readonly StoreRecord[]): string[] {
  const open = new Set(stores.flatMap(({ account }) => account?.debts?.map(({ key }) => key) ?? []));
  const found: string[] = [];
  for (const { ledger } of orders) {
    for (const { key, kind, collected } of ledger) {
      if (kind === 'receivable' && open.has(key) === (collected === true))
        found.push(
          `${key} is ${collected ? 'collected, and its store says that it is not' : 'paid, and nobody was told'}`,
        );
    }
  }
  return found;
}

export function checkMoney(orders: readonly StoredOrder[], journal: Journal, now: number): string[] {
  const moved = new Map<string, JournalRow>();
  const found: string[] = [];
  for (const row of journal.moved) {
    if (moved.has(row.key)) found.push(`${row.key} moved twice`);
    moved.set(row.key, row);
  }
  found.push(...oneAmountAKey(journal.calls), ...exchanges(orders));
  for (const order of orders) {
    for (const violation of [
      ...settled(order, moved),
      ...shares(order),
      ...checkHandlings(order),
      ...released(order, now),
      ...feeAtRest(order, now),
    ]) {
      found.push(`${order.id}: ${violation}`);
    }
    for (const { key } of order.ledger) moved.delete(key);
  }
  for (const key of moved.keys()) found.push(`${key} moved, and no order knows of it`);
  return found;
}

/** What a return gave to another order is a tender of that order, once; a return gives no more than is wanted. */
function exchanges(orders: readonly StoredOrder[]): string[] {
  const found: string[] = [];
  const taken = new Map<string, number>();
  for (const { tenders } of orders) {
    for (const { exchanged, authorised } of tenders) if (exchanged) taken.set(exchanged.entry, authorised);
  }
  for (const { ledger } of orders) {
    for (const { key, kind, exchange, amount } of ledger) {
      if (kind !== 'refund' || exchange === undefined) continue;
      if (taken.get(key) !== amount) found.push(`${key} gave ${amount} to ${exchange}, which has ${taken.get(key)}`);
      taken.delete(key);
    }
  }
  for (const [key, amount] of taken) found.push(`${amount} was taken from ${key}, which nobody gave`);
  return found;
}

/** Invariant 4: whatever came under a key was the same operation. */
function oneAmountAKey(calls: readonly JournalRow[]): string[] {
  const found: string[] = [];
  const first = new Map<string, JournalRow>();
  for (const call of calls) {
    const known = first.get(call.key);
    if (!known) first.set(call.key, call);
    else if (known.amount !== call.amount || known.kind !== call.kind || known.party !== call.party) {
      found.push(`${call.key} came as ${known.kind} of ${known.amount} and as ${call.kind} of ${call.amount}`);
    }
  }
  return found;
}

/** At a till, between orders, on paper, when the order was placed, by the provider itself, or nothing at all: no call of ours moved it. */
export const movesElsewhere = (
  order: StoredOrder,
  { kind, party, tender, exchange, released, outside, amount }: Entry,
): boolean =>
  amount === 0 ||
  exchange !== undefined ||
  outside === true ||
  released === true ||
  kind === 'till-sale' ||
  kind === 'receivable' ||
  kind === 'netting' ||
  (kind === 'capture' && tender !== undefined && order.tenders[tender]?.settled === true) ||
  (kind === 'refund' && party !== 'customer');

function settled(order: StoredOrder, moved: ReadonlyMap<string, JournalRow>): string[] {
  const found: string[] = [];
  for (const entry of order.ledger) {
    if (movesElsewhere(order, entry)) continue;
    const row = moved.get(entry.key);
    if (isPending(entry)) found.push(`${entry.key} is still ${entry.state}`);
    else if (entry.state === 'confirmed' && row?.amount !== entry.amount) {
      found.push(`${entry.key} of ${entry.amount} is confirmed, ${row?.amount ?? 'nothing'} moved`);
    } else if (entry.state === 'failed' && row) found.push(`${entry.key} is failed, ${row.amount} moved`);
    const { captureBefore } = order.tenders[entry.tender ?? -1] ?? {};
    if (row && entry.kind === 'capture' && captureBefore && Date.parse(row.at) > Date.parse(captureBefore)) {
      found.push(`${entry.key} was captured at ${row.at}, after ${captureBefore}`);
    }
    if (row && row.currency !== order.currency) found.push(`${entry.key} moved ${row.currency}`);
  }
  return [...found, ...booksBalance(order, moved)];
}

/** Invariant 2, with what headquarters and stores hold taken from the journal and the tills. */
function booksBalance(order: StoredOrder, moved: ReadonlyMap<string, JournalRow>): string[] {
  const byKind = (kind: string) =>
    order.ledger.reduce((sum, { key }) => {
      const row = moved.get(key);
      return row?.kind === kind ? sum + row.amount : sum;
    }, 0);
  const stores = byKind('payout') - byKind('payout-reversal');
  const prepaid = sumOf(order.ledger, (entry) => entry.kind === 'capture' && movesElsewhere(order, entry));
  // To another order, at a till, or by a person through a bank.
  const given = sumOf(
    order.ledger,
    (entry) => entry.kind === 'refund' && entry.state === 'confirmed' && movesElsewhere(order, entry),
  );
  const kept = prepaid + byKind('capture') - byKind('refund') - given;
  const confirmed = (kind: Entry['kind']) =>
    sumOf(order.ledger, (entry) => entry.kind === kind && entry.state === 'confirmed');
  const attributed = confirmed('payout') - confirmed('payout-reversal');
  const found: string[] = [];
  // A payout may fail late, when it was pulled back already: it stays owed to the store.
  const owed = sumOf(order.ledger, ({ kind, state }) => kind === 'payout' && state === 'failed');
  if (stores + owed < 0 && !isPaidAtTill(order)) found.push(`stores paid ${-stores} more than they got`);
  if (attributed !== stores) found.push(`stores hold ${stores}, the ledger says ${attributed}`);
  if (confirmed('capture') - confirmed('refund') !== kept) found.push(`${kept} was kept, the ledger says otherwise`);
  order.tenders.forEach(({ authorised, settled: atOnce, capability }, position) => {
    const captured = order.ledger.reduce((sum, { key, kind, tender }) => {
      return tender === position && kind === 'capture' ? sum + (moved.get(key)?.amount ?? 0) : sum;
    }, 0);
    const most = mostOf(order, authorised, capability.overCapture);
    if (captured > (atOnce ? 0 : most)) found.push(`${captured} captured of ${authorised} on tender ${position}`);
  });
  return found;
}

interface Part {
  commission: Commission;
  gross: bigint;
  net: bigint;
  units: bigint;
  allowance: bigint;
}

/**
 * What each franchise must hold: of the units that the customer keeps, and of those whose money has not come back to him.
 * Failed payouts stay owed, so they widen what may be held; what a failed reversal left there is a debt.
 */
function shares(order: StoredOrder): string[] {
  return franchises(order).flatMap((store) => {
    const { low, high } = bounds(order, store);
    const unpaid = sumOf(
      order.ledger,
      ({ kind, party, state }) => kind === 'payout' && party === store && state === 'failed',
    );
    const holds = BigInt(held(order, store));
    const waits =
      order.fulfilments.some(
        (of) => of.store === store && of.terms?.payoutWhen === 'at-hand-over' && of.state !== 'handed-over',
      ) ||
      [...order.fulfilments, ...(order.takers ?? [])].some(
        (of) => of.store === store && of.terms?.payoutWhen === 'by-period',
      );
    if ((waits || holds >= low - BigInt(unpaid)) && holds <= high) return [];
    return [`${store} holds ${holds}, must be ${low === high ? low : `${low} to ${high}`}`];
  });
}

function franchises({ fulfilments, takers = [] }: StoredOrder): string[] {
  const stores = [...fulfilments, ...takers].filter(({ terms }) => terms?.ownership === 'franchise');
  return [...new Set(stores.map(({ store }) => store))];
}

function held({ ledger }: StoredOrder, store: string): number {
  const confirmed = (...kinds: Entry['kind'][]) =>
    sumOf(ledger, ({ kind, party, state }) => party === store && state === 'confirmed' && kinds.includes(kind));
  return confirmed('payout', 'till-sale', 'netting') - confirmed('payout-reversal', 'refund', 'receivable');
}

/** With and without what is being refunded; under a fixed commission the larger part can be the smaller share. */
export function bounds(order: StoredOrder, store: string): { low: bigint; high: bigint } {
  const [fewer, more] = [partsOf(order, store, false), partsOf(order, store, true)];
  let { low, high } = shippingBounds(order, store);
  const fees = handlingFees(order, store);
  low += fees;
  high += fees;
  for (const key of new Set([...fewer.keys(), ...more.keys()])) {
    const [one, other] = [shareOf(fewer.get(key)), shareOf(more.get(key))];
    low += one < other ? one : other;
    high += one < other ? other : one;
  }
  return { low, high };
}

/** Nothing takes them back. */
function handlingFees({ handlings = [] }: StoredOrder, of: string): bigint {
  return handlings.reduce((sum, { store, quantity, rule }) => {
    return store === of ? sum + BigInt(quantity) * BigInt(rule?.handlingFee ?? 0) : sum;
  }, 0n);
}

/** No more units than came back are paid for, and none to the store that prepared them. */
function checkHandlings({ handlings = [], lines, fulfilments }: StoredOrder): string[] {
  const found: string[] = [];
  const units = new Map<number, number>();
  for (const { store, line, fulfilment, quantity } of handlings) {
    units.set(line, (units.get(line) ?? 0) + quantity);
    if (fulfilments[fulfilment]?.store === store) found.push(`${store} is paid for what it takes back of its own`);
  }
  for (const [line, quantity] of units) {
    const returned = lines[line]?.returned ?? 0;
    if (quantity > returned) found.push(`line at ${line}: ${quantity} of ${returned} units were handled for others`);
  }
  return found;
}

function partsOf(order: StoredOrder, store: string, withUnrefunded: boolean): Map<string, Part> {
  const parts = new Map<string, Part>();
  const part = (fulfilment: number, line: number): Part | undefined => {
    const { store: by, terms, lines } = order.fulfilments[fulfilment] ?? {};
    if (by !== store || terms?.ownership !== 'franchise') return undefined;
    const rule = lines?.find((work) => work.line === line)?.rule;
    const key = `${line} ${rule?.rule ?? ''} ${rule ? '' : terms.commission}`;
    const commission = rule ?? { percent: terms.commission };
    const known = parts.get(key) ?? { commission, gross: 0n, net: 0n, units: 0n, allowance: 0n };
    parts.set(key, known);
    return known;
  };
  const add = (fulfilment: number, line: number, piece: Piece) => {
    const sum = isConfirmed(order, piece.entry) ? part(fulfilment, line) : undefined;
    if (!sum) return;
    sum.gross += BigInt(piece.gross);
    sum.net += BigInt(piece.gross - piece.tax);
    sum.units += BigInt(piece.quantity);
  };
  for (const [fulfilment, { lines }] of order.fulfilments.entries()) {
    for (const { line, pieces } of lines) for (const piece of pieces) add(fulfilment, line, piece);
  }
  for (const { entry, done, pieces, allowances } of order.obligations) {
    const isRefunded = done === true || isConfirmed(order, entry);
    if (!isRefunded && withUnrefunded) {
      for (const piece of pieces) add(piece.fulfilment, piece.line, piece);
      continue;
    }
    for (const { fulfilment, line, amount } of allowances) {
      const sum = part(fulfilment, line);
      if (sum) sum.allowance += BigInt(amount);
    }
  }
  return parts;
}

function shareOf(part: Part | undefined): bigint {
  if (!part || part.gross === 0n) return 0n;
  const { gross, net, units, allowance, commission } = part;
  const kept = gross > allowance ? gross - allowance : 0n;
  return exactShare({ gross: kept, net: kept === gross ? net : halfUp(net * kept, gross), units }, commission);
}

/** Of what an exchange brought and nobody came for. */
function keptForNothing(order: StoredOrder): string[] {
  const { state, ledger } = order;
  const kept = sumOf(ledger, takesMoney) - sumOf(ledger, ({ kind }) => kind === 'refund');
  return state === 'cancelled' && (kept < 0 || kept > mostKept(order)) ? [`cancelled, and ${kept} is kept`] : [];
}

/** What will never be captured is voided; an order that came to nothing keeps nothing. */
function released(order: StoredOrder, now: number): string[] {
  const { tenders, ledger, state } = order;
  const failures = ledger.some((entry) => entry.state === 'failed');
  if (isPaidAtTill(order)) return failures ? [] : keptForNothing(order);
  const isOver = state === 'fulfilled' || state === 'closed' || state === 'cancelled';
  const expires = tenders.some(({ captureBefore }) => captureBefore !== undefined && Date.parse(captureBefore) <= now);
  if (!isOver || failures || expires) return [];
  const found: string[] = [];
  const captured = sumOf(ledger, takesMoney);
  const voided = sumOf(ledger, ({ kind }) => kind === 'void');
  const refunded = sumOf(ledger, ({ kind }) => kind === 'refund');
  const authorised = tenders.reduce((sum, tender) => sum + tender.authorised, 0);
  if (order.weighed ? captured + voided < authorised : captured + voided !== authorised) {
    found.push(`${state} with ${captured} captured and ${voided} voided of ${authorised}`);
  }
  const kept = captured - refunded;
  if (state === 'cancelled' && (kept < 0 || kept > mostKept(order)))
    found.push(`cancelled with ${refunded} of ${captured} refunded`);
  return found;
}
