/**
 * Who should hold what of captured minus refunded, and who does (money rules, section 5).
 *
 * A store's share of a line is reckoned from all that it holds of it, never from the part that moved last: so parts add up.
 */
import type { Commission } from '../../../protocols/commission.ts';
import { halfUpProduct } from '../../money/round.ts';
import { storeShare } from '../../money/share.ts';
import { isConfirmed, mayTakeMoney } from '../ledger/ledger.ts';
import { type LineRule, lineRule } from '../placing/commission.ts';
import {
  type Allowance,
  at,
  type Entry,
  type Fulfilment,
  type GivenBack,
  type Obligation,
  type OrderRecord,
  type Piece,
} from '../record.ts';
import { feeOf } from '../returns/taking-back.ts';
import { type Brought, earnsFee, feeBrought, feeGivenBack } from '../rows/fee-earners.ts';

/** A store should hold no less than `low`, no more than `high`: between them are units whose refund is under way. */
export interface Target {
  low: number;
  /** What of `low` may be paid: not before the hand-over, where the store's terms say so. */
  ripe: number;
  high: number;
  payoutAccount?: string;
}

interface Part {
  commission: Commission;
  low: Sum;
  ripe: Sum;
  high: Sum;
}

/** Of units that customers keep, or have not had their money back for. */
export interface Sum {
  gross: number;
  net: number;
  units: number;
  allowance: number;
}

type Parts = Map<string, Part>;

/** Franchises only: what company stores sell, headquarters holds. */
export function targets(record: OrderRecord): Map<string, Target> {
  const found = new Map<string, Target>();
  const parts = new Map<string, Parts>();
  for (const fulfilment of record.fulfilments) {
    const { store, terms, lines } = fulfilment;
    if (terms?.ownership !== 'franchise') continue;
    if (!found.has(store)) found.set(store, { low: 0, ripe: 0, high: 0 });
    const target = found.get(store);
    if (target && terms.payoutAccount !== undefined) target.payoutAccount = terms.payoutAccount;
    const ofStore = partsOf(parts, store);
    for (const { line, pieces } of lines) {
      for (const piece of pieces)
        addPiece(record, ofStore, lineRule(fulfilment, line), piece, isRipe(fulfilment) ? 'ripe' : 'kept');
    }
  }
  for (const { store, terms } of record.takers ?? []) {
    if (terms?.ownership !== 'franchise' || found.has(store)) continue;
    const { payoutAccount } = terms;
    found.set(store, { low: 0, ripe: 0, high: 0, ...(payoutAccount === undefined ? {} : { payoutAccount }) });
  }
  if (found.size === 0) return found;
  for (const obligation of record.obligations) addObligation(record, parts, found, obligation);
  for (const [store, target] of found) {
    for (const part of partsOf(parts, store).values()) {
      // More units can be a smaller share, where a commission is a fixed amount a unit.
      const [fewer, more] = [shareOf(part.low, part.commission), shareOf(part.high, part.commission)];
      target.low += Math.min(fewer, more);
      target.ripe += shareOf(part.ripe, part.commission);
      target.high += Math.max(fewer, more);
    }
  }
  addShipping(record, found);
  addHandling(record, found);
  return found;
}

/** The customer has his money, or nothing was left to pay. */
export function isRefunded(record: OrderRecord, { done, entry }: Obligation): boolean {
  return done === true || isConfirmed(record, entry);
}

/** Units given back are the store's until the customer has his money; allowances likewise. */
function addObligation(
  record: OrderRecord,
  parts: Map<string, Parts>,
  stores: ReadonlyMap<string, Target>,
  obligation: Obligation,
): void {
  const refunded = isRefunded(record, obligation);
  if (!refunded) {
    for (const piece of obligation.pieces) {
      const { store, rule } = origin(record, piece);
      if (stores.has(store)) addPiece(record, partsOf(parts, store), rule, piece, 'given back');
    }
  }
  for (const allowance of obligation.allowances) {
    const { store, rule } = origin(record, allowance);
    if (!stores.has(store)) continue;
    const part = partOf(partsOf(parts, store), rule);
    part.low.allowance += allowance.amount;
    part.ripe.allowance += allowance.amount;
    if (refunded) part.high.allowance += allowance.amount;
  }
}

function origin(record: OrderRecord, { fulfilment, line }: GivenBack | Allowance): { store: string; rule: LineRule } {
  const from = at(record.fulfilments, fulfilment);
  return { store: from.store, rule: lineRule(from, line) };
}

const isRipe = ({ terms, state }: Fulfilment): boolean =>
  terms?.payoutWhen !== 'at-hand-over' || state === 'handed-over';

function addPiece(
  record: OrderRecord,
  parts: Parts,
  rule: LineRule,
  piece: Piece,
  of: 'ripe' | 'kept' | 'given back',
): void {
  if (!isConfirmed(record, piece.entry)) return;
  const { low, ripe, high } = partOf(parts, rule);
  for (const sum of { ripe: [low, ripe, high], kept: [low, high], 'given back': [high] }[of]) {
    sum.units += piece.quantity;
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

/** One line of one store can be under two rules: what was sourced again may have come back under the store's new terms. */
function partOf(parts: Parts, { key, commission }: LineRule): Part {
  let part = parts.get(key);
  if (!part) {
    part = { commission, low: { ...NO_UNITS }, ripe: { ...NO_UNITS }, high: { ...NO_UNITS } };
    parts.set(key, part);
  }
  return part;
}

export const NO_UNITS: Sum = { gross: 0, net: 0, units: 0, allowance: 0 };

export function shareOf({ gross, net, units, allowance }: Sum, commission: Commission): number {
  // For a moment, where a capture fails whose units were given back before: as much as it would be of what is held, the other way round.
  if (gross < 0) return -shareOf({ gross: -gross, net: -net, units: -units, allowance: 0 }, commission);
  if (gross === 0) return 0;
  const held = Math.max(0, gross - allowance);
  return storeShare({ gross: held, net: held === gross ? net : halfUpProduct(net, held, gross), units }, commission);
}

/** Headquarters owes it from the moment the goods were accepted, and for good. */
function addHandling({ handlings = [] }: OrderRecord, stores: ReadonlyMap<string, Target>): void {
  for (const handling of handlings) {
    const target = stores.get(handling.store);
    if (!target) continue;
    const fee = feeOf(handling);
    target.low += fee;
    target.ripe += fee;
    target.high += fee;
  }
}

/** The fee with its tax is the store's where its rule says so: it is no merchandise, and bears no commission. */
function addShipping(record: OrderRecord, stores: ReadonlyMap<string, Target>): void {
  const fees = new Map<number, { captured: number; owed: number; refunded: number }>();
  const add = (parts: readonly Brought[], to: 'captured' | 'owed' | 'refunded'): void => {
    for (const { bringer, amount } of parts) {
      if (bringer === undefined || !earnsFee(record, bringer)) continue;
      const fee = fees.get(bringer) ?? { captured: 0, owed: 0, refunded: 0 };
      fee[to] += amount;
      fees.set(bringer, fee);
    }
  };
  for (const parts of feeBrought(record).values()) add(parts, 'captured');
  if (fees.size === 0) return;
  for (const [position, parts] of feeGivenBack(record)) {
    add(parts, 'owed');
    if (isRefunded(record, at(record.obligations, position))) add(parts, 'refunded');
  }
  for (const [earner, { captured, owed, refunded }] of fees) {
    const fulfilment = at(record.fulfilments, earner);
    const target = stores.get(fulfilment.store);
    if (!target) continue;
    const fee = Math.max(0, captured - owed);
    target.low += fee;
    if (isRipe(fulfilment)) target.ripe += fee;
    target.high += Math.max(0, captured - refunded);
  }
}

/** Signs of money as a store holds it: the till's is in its hands, headquarters' comes and goes. */
const SIGNS: Partial<Record<Entry['kind'], 1 | -1>> = { 'till-sale': 1, payout: 1, refund: -1, 'payout-reversal': -1 };

/** What the entry moved into (or out of) the hands of its party; nothing where headquarters' own stores have it. */
export function settledBy(record: OrderRecord, { kind, state, party, amount }: Entry): number {
  if (state !== 'confirmed' || party === 'customer') return 0;
  const isOwn = withTerms(record).some(({ store, terms }) => store === party && terms?.ownership === 'company');
  return isOwn ? 0 : amount * (SIGNS[kind] ?? 0);
}

/** A debt counts as given back, what pays it as paid out: though no money moves. */
const ACCOUNTED: typeof SIGNS = { ...SIGNS, receivable: -1, netting: 1 };

/** What the entry added to (or took off) what its store owes headquarters, as the report has it: negative where it owes more. */
export function nettedBy({ kind, amount }: Entry): number {
  if (kind === 'netting') return amount;
  return kind === 'receivable' ? -amount : 0;
}

/** What a store has had of its share, or will have once all that is under way is confirmed. */
export function accountedFor(record: OrderRecord, store: string): number {
  return sumSigned(record, store, ACCOUNTED, ({ state }) => state !== 'failed');
}

/** What of it is money; less what was taken back late in vain, and may go back after all. */
export function paidTo(record: OrderRecord, store: string): number {
  return sumSigned(
    record,
    store,
    SIGNS,
    (entry) => entry.state !== 'failed' || (entry.kind === 'payout-reversal' && mayTakeMoney(entry)),
  );
}

function sumSigned(record: OrderRecord, store: string, signs: typeof SIGNS, counts: (entry: Entry) => boolean): number {
  let sum = 0;
  for (const entry of record.ledger) {
    if (entry.party === store && counts(entry)) sum += entry.amount * (signs[entry.kind] ?? 0);
  }
  return sum;
}

/** Stores that have to do with the order, as often as they said their terms. */
const withTerms = ({ fulfilments, takers }: OrderRecord): readonly Pick<Fulfilment, 'store' | 'terms'>[] =>
  takers ? [...fulfilments, ...takers] : fulfilments;

export function isFranchise(record: OrderRecord, of: string): boolean {
  return withTerms(record).some(({ store, terms }) => store === of && terms?.ownership === 'franchise');
}

/** What each franchise holds now, for certain: also what it should not hold, and owes. */
export function holdings(record: OrderRecord): Map<string, number> {
  const held = new Map<string, number>();
  for (const { store, terms } of withTerms(record)) {
    if (terms?.ownership === 'franchise' && !held.has(store)) {
      held.set(
        store,
        sumSigned(record, store, SIGNS, ({ state }) => state === 'confirmed'),
      );
    }
  }
  return held;
}
