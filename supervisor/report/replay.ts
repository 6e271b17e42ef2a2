/**
 * What stores would have got under other commission rules: the recorded rows once more, each share reckoned from all that the store
 * holds of its line under the rule, as orders do it. Nothing is changed.
 *
 * Shipping, handling fees, money between parties and what headquarters' own stores sell stay as they are.
 */
import { firstMatch, type Sale, versionAt } from '../../actors/commission/rule-book.ts';
import { NO_UNITS, type Sum, shareOf } from '../../actors/order/holdings.ts';
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { Commission, RuleBook, SaleMode } from '../../protocols/commission.ts';

/** Minor units; a positive difference is more than it was. */
interface Compared {
  party: string;
  currency: string;
  was: number;
  would: number;
  difference: number;
}

const HEADQUARTERS = 'headquarters';

export class Replay {
  /** Rows with a share that are older than what it takes to reckon it anew. */
  unknown = 0;
  private readonly rules: RuleBook;
  /** Of each line of a store, under the rule that would decide. */
  private readonly parts = new Map<string, Sum>();
  private readonly compared = new Map<string, Compared>();

  constructor(rules: RuleBook) {
    this.rules = rules;
  }

  /** Every row from the first one on, in their order; only those that are `counted` are compared. */
  add(row: AttributionRow, counted: boolean): void {
    const { party, subject, storeShare } = row;
    const { currency, headquartersShare } = row;
    let would = storeShare;
    if (party !== undefined && subject === 'line' && isShared(row)) would = this.shareUnder(row);
    else if (party !== undefined && subject === 'line' && storeShare !== 0) this.unknown += 1;
    if (!counted) return;
    this.compare(HEADQUARTERS, currency, headquartersShare, headquartersShare + storeShare - would);
    if (party !== undefined) this.compare(party, currency, storeShare, would);
  }

  /** Of each store, and headquarters, in each currency. */
  result(): Compared[] {
    const rank = ({ party, currency }: Compared) => `${party === HEADQUARTERS ? '' : party} ${currency}`;
    return [...this.compared.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  }

  private shareUnder(row: SharedRow): number {
    const { order, preparedBy = '', line = '' } = row;
    const { name, commission } = this.decision(row);
    const key = JSON.stringify([order, preparedBy, line, name]);
    const before = this.parts.get(key) ?? NO_UNITS;
    const basis = basisOf(row);
    const after: Sum = {
      gross: before.gross + basis.gross,
      net: before.net + basis.net,
      units: before.units + basis.units,
      allowance: before.allowance + basis.allowance,
    };
    this.parts.set(key, after);
    return shareOf(after, commission) - shareOf(before, commission);
  }

  private decision(row: SharedRow): { name: string; commission: Commission } {
    const { preparedBy = '', channel, currency, category, placedAt, storeRate } = row;
    const version = versionAt(this.rules, Date.parse(placedAt));
    const sale: Sale = { store: preparedBy, channel, currency, mode: modeOf(row) };
    const rule = version && firstMatch(version, category === undefined ? sale : { ...sale, category });
    return rule
      ? { name: `rule ${rule.rule}`, commission: rule }
      : { name: storeRate, commission: { percent: storeRate } };
  }

  private compare(party: string, currency: string, was: number, would: number): void {
    const key = `${party} ${currency}`;
    const known = this.compared.get(key) ?? { party, currency, was: 0, would: 0, difference: 0 };
    known.was += was;
    known.would += would;
    known.difference += would - was;
    this.compared.set(key, known);
  }
}

type SharedRow = AttributionRow & { placedAt: string; storeRate: string };

function isShared(row: AttributionRow): row is SharedRow {
  return row.placedAt !== undefined && row.storeRate !== undefined;
}

function basisOf({ basis, gross, net, quantity }: AttributionRow): Sum {
  if (basis === undefined) return { gross, net, units: quantity, allowance: 0 };
  const [ofGross = 0, ofNet = 0, units = 0, allowance = 0] = basis.split(' ').map(Number);
  return { gross: ofGross, net: ofNet, units, allowance };
}

function modeOf({ mode, soldBy, preparedBy }: AttributionRow): SaleMode {
  if (mode !== 'ship') return mode as SaleMode;
  return soldBy === undefined || soldBy === preparedBy ? 'ship-from-store' : 'endless-aisle';
}
