/**
 * Who should hold what of captured minus refunded, and who does (money rules, section 5).
 *
 * A store's share of a line is reckoned from all that it holds of it, never from the part that moved last: so parts add up.
 */
import { parseRate } from '../../protocols/rate.ts';
import { halfUpProduct } from '../money/round.ts';
import { storeShare } from '../money/share.ts';
import { isConfirmed } from './ledger.ts';
import { at, type Entry, type Obligation, type OrderRecord, type Piece } from './record.ts';

/** A store should hold no less than `low`, no more than `high`: between them are units whose refund is under way. */
export interface Target {
  low: number;
  high: number;
  payoutAccount?: string;
}

interface Part {
  commission: string;
  low: Sum;
  high: Sum;
}

interface Sum {
  gross: number;
  net: number;
  allowance: number;
}

type Parts = Map<string, Part>;

/** Franchises only: what company stores sell, headquarters holds. */
export function targets(record: OrderRecord): Map<string, Target> {
  const found = new Map<string, Target>();
  const parts = new Map<string, Parts>();
  for (const { store, terms, lines } of record.fulfilments) {
    if (terms?.ownership !== 'franchise') continue;
    if (!found.has(store)) found.set(store, { low: 0, high: 0 });
    const target = found.get(store);
    if (target && terms.payoutAccount !== undefined) target.payoutAccount = terms.payoutAccount;
    const ofStore = partsOf(parts, store);
    for (const { line, pieces } of lines) {
      for (const piece of pieces) addPiece(record, ofStore, line, terms.commission, piece, true);
    }
  }
  if (found.size === 0) return found;
  for (const obligation of record.obligations) addObligation(record, parts, found, obligation);
  for (const [store, target] of found) {
    for (const part of partsOf(parts, store).values()) {
      target.low += shareOf(part.low, part.commission);
      target.high += shareOf(part.high, part.commission);
    }
  }
  return found;
}

/** Units given back are the store's until the customer has his money; allowances likewise. */
function addObligation(
  record: OrderRecord,
  parts: Map<string, Parts>,
  stores: ReadonlyMap<string, Target>,
  obligation: Obligation,
): void {
  const refunded = obligation.done === true || isConfirmed(record, obligation.entry);
  if (!refunded) {
    for (const piece of obligation.pieces) {
      const { store, commission } = origin(record, piece.fulfilment);
      if (stores.has(store)) addPiece(record, partsOf(parts, store), piece.line, commission, piece, false);
    }
  }
  for (const { fulfilment, line, amount } of obligation.allowances) {
    const { store, commission } = origin(record, fulfilment);
    if (!stores.has(store)) continue;
    const part = partOf(partsOf(parts, store), line, commission);
    part.low.allowance += amount;
    if (refunded) part.high.allowance += amount;
  }
}

function origin(record: OrderRecord, fulfilment: number): { store: string; commission: string } {
  const { store, terms } = at(record.fulfilments, fulfilment);
  return { store, commission: terms?.commission ?? '0' };
}

function addPiece(
  record: OrderRecord,
  parts: Parts,
  line: number,
  commission: string,
  piece: Piece,
  kept: boolean,
): void {
  if (!isConfirmed(record, piece.entry)) return;
  const { low, high } = partOf(parts, line, commission);
  for (const sum of kept ? [low, high] : [high]) {
    sum.gross += piece.gross;
    sum.net += piece.gross - piece.tax;
  }
}

function partsOf(parts: Map<string, Parts>, store: string): Parts {
  let found = parts.get(store);
  if (!found) {
    found = new Map();
    parts.set(store, found);
  }
  return found;
}

/** The rule is frozen when the store reserves, so one line of one store can be under two commissions. */
function partOf(parts: Parts, line: number, commission: string): Part {
  const key = `${line} ${commission}`;
  let part = parts.get(key);
  if (!part) {
    part = { commission, low: { gross: 0, net: 0, allowance: 0 }, high: { gross: 0, net: 0, allowance: 0 } };
    parts.set(key, part);
  }
  return part;
}

function shareOf({ gross, net, allowance }: Sum, commission: string): number {
  const rate = parseRate(commission);
  if (!rate) throw new Error(`${commission} is no rate`);
  if (gross === 0) return 0;
  const held = Math.max(0, gross - allowance);
  return storeShare({ gross: held, net: held === gross ? net : halfUpProduct(net, held, gross) }, rate);
}

/** Signs of money as a store holds it: the till's is in its hands, headquarters' comes and goes. */
const SIGNS: Partial<Record<Entry['kind'], 1 | -1>> = { 'till-sale': 1, payout: 1, refund: -1, 'payout-reversal': -1 };

/** Sum of what `counts` moved into (or out of) the hands of a store. */
export function moved(record: OrderRecord, store: string, counts: (entry: Entry) => boolean): number {
  let sum = 0;
  for (const entry of record.ledger) {
    if (entry.party === store && counts(entry)) sum += entry.amount * (SIGNS[entry.kind] ?? 0);
  }
  return sum;
}

/** What each franchise holds now, for certain. */
export function holdings(record: OrderRecord): Map<string, number> {
  const held = new Map<string, number>();
  for (const { store, terms } of record.fulfilments) {
    if (terms?.ownership === 'franchise' && !held.has(store)) {
      held.set(
        store,
        moved(record, store, ({ state }) => state === 'confirmed'),
      );
    }
  }
  return held;
}
