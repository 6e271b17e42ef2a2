/**
 * What stores would have got under other commission rules: the recorded rows once more, each share reckoned as orders do it. A line from
 * all that the store holds of it, the shipping fee from all that its goods brought, goods that it took back for another store from
 * their units. Nothing is changed.
 *
 * Money between parties stays as it is, and what headquarters' own stores sell is headquarters' under any rules.
 */
import { firstMatch, givesFee, saleOf, versionAt } from '../../actors/commission/rule-book.ts';
import { NO_UNITS, type Sum, shareOf } from '../../actors/order/payout/holdings.ts';
import { feeOf } from '../../actors/order/returns/taking-back.ts';
import { addUnits } from '../../actors/order/rows/booking.ts';
import { heldOfFee } from '../../actors/order/rows/fee-earners.ts';
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { CommissionRule, RuleBook, RuleVersion } from '../../protocols/commission.ts';

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
  /** Counted rows that are left as recorded: they, or what they are reckoned from, are older than what that takes. */
  unknown = 0;
  /** Counted rows of orders that were placed before the first version is valid: their stores' own commission decides. */
  withoutVersion = 0;
  private readonly rules: RuleBook;
  private readonly asOf: number | undefined;
  /** Units that a store took back for another one, by return and line, less those that a row of their fee tells of. */
  private readonly taken = new Map<string, number>();
  /** Of each line of a store, under the rule that would decide; and of each shipping fee. */
  private readonly parts = new Map<string, Sum>();
  /** Names of parts with a row that is too old: the rest of them can't be reckoned either. */
  private readonly old = new Set<string>();
  private readonly compared = new Map<string, Compared>();

  /** `asOf`, ms since the epoch: every order is under the version that is valid then, whenever it was placed. */
  constructor(rules: RuleBook, asOf?: number) {
    this.rules = rules;
    this.asOf = asOf;
  }

  /** Every row from the first one on, in their order; only those that are `counted` are compared. */
  add(row: AttributionRow, counted: boolean): void {
    const { currency, headquartersShare, storeShare } = row;
    const store = storeOf(row);
    const would = this.shareUnder(row, store);
    this.addTaken(row, counted);
    if (!counted) return;
    if (isDated(row) && !this.versionFor(row)) this.withoutVersion += 1;
    if (would === undefined) this.unknown += 1;
    const more = would === undefined ? 0 : would - storeShare;
    this.compare(HEADQUARTERS, currency, headquartersShare, -more);
    if (store !== undefined) this.compare(store, currency, storeShare, more);
  }

  /**
   * Units that a store took back for another one before rows told of it, where there was no fee, or that nobody opened, which has no
   * terms: none is reckoned for them.
   */
  get untold(): number {
    return [...this.taken.values()].reduce((sum, units) => sum + Math.max(0, units), 0);
  }

  /** Of each store, and headquarters, in each currency. */
  result(): Compared[] {
    const rank = ({ party, currency }: Compared) => `${party === HEADQUARTERS ? '' : party} ${currency}`;
    return [...this.compared.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  }

  /** Undefined where nobody can say. */
  private shareUnder(row: AttributionRow, store: string | undefined): number | undefined {
    if (row.movement === 'handling-fee') return this.handlingFee(row, store);
    if (row.subject === 'shipping') return this.shippingShare(row, store);
    if (row.subject === 'line' && store !== undefined) return this.lineShare(row, store);
    return row.storeShare;
  }

  private lineShare(row: AttributionRow, store: string): number | undefined {
    const { order, line, category, storeRate, storeShare } = row;
    const name = JSON.stringify([order, line, store]);
    if (!isDated(row) || storeRate === undefined) return storeShare === 0 ? 0 : this.leave(name);
    if (this.old.has(name)) return undefined;
    const rule = this.ruleFor(row, { preparedBy: store, category });
    const [before, after] = this.addTo(`${name} ${rule ? `rule ${rule.rule}` : storeRate}`, basisOf(row));
    const commission = rule ?? { percent: storeRate };
    return shareOf(after, commission) - shareOf(before, commission);
  }

  private shippingShare(row: AttributionRow, store: string | undefined): number | undefined {
    const name = JSON.stringify([row.order]);
    if (!isDated(row)) return this.leave(name);
    if (this.old.has(name)) return undefined;
    if (store === undefined || !givesFee(this.ruleFor(row, { preparedBy: store }))) return 0;
    const [before, after] = this.addTo(`${name} ${store}`, basisOf(row));
    return heldOfFee(after.gross) - heldOfFee(before.gross);
  }

  private handlingFee(row: AttributionRow, store: string | undefined): number | undefined {
    const { quantity, preparedBy, category } = row;
    if (store === undefined || preparedBy === undefined || !isDated(row)) return undefined;
    return feeOf({ quantity, rule: this.ruleFor(row, { preparedBy, store, category }) });
  }

  private addTaken(row: AttributionRow, counted: boolean): void {
    const { movement, subject, quantity, preparedBy, takenBackBy = preparedBy, takerOwnership } = row;
    const isRefund = counted && movement === 'refund' && subject === 'line' && takerOwnership !== 'company';
    if (takenBackBy === preparedBy || !(isRefund || movement === 'handling-fee')) return;
    const name = JSON.stringify([row.order, row.return, row.line, takenBackBy]);
    const units = (this.taken.get(name) ?? 0) - quantity;
    if (units === 0) this.taken.delete(name);
    else this.taken.set(name, units);
  }

  private leave(name: string): undefined {
    this.old.add(name);
  }

  private ruleFor(row: Dated, asked: Parameters<typeof saleOf>[1]): CommissionRule | undefined {
    const version = this.versionFor(row);
    return version && firstMatch(version, saleOf(row, asked));
  }

  private versionFor({ placedAt }: Dated): RuleVersion | undefined {
    return versionAt(this.rules, this.asOf ?? Date.parse(placedAt));
  }

  private addTo(name: string, more: Sum): [before: Sum, after: Sum] {
    const before = this.parts.get(name) ?? NO_UNITS;
    const after = addUnits(before, more);
    this.parts.set(name, after);
    return [before, after];
  }

  private compare(party: string, currency: string, was: number, more: number): void {
    const key = `${party} ${currency}`;
    const known = this.compared.get(key) ?? { party, currency, was: 0, would: 0, difference: 0 };
    known.was += was;
    known.would += was + more;
    known.difference += more;
    this.compared.set(key, known);
  }
}

/** Of a shipping fee that headquarters keeps, the one that would have it under other rules. */
const storeOf = ({ party, broughtBy = party }: AttributionRow): string | undefined => broughtBy;

type Dated = AttributionRow & { placedAt: string };

/** Rows that rules decide about say when their order was placed, but for those that are too old. */
const isDated = (row: AttributionRow): row is Dated => row.placedAt !== undefined;

function basisOf({ basis, gross, net, quantity }: AttributionRow): Sum {
  if (basis === undefined) return { gross, net, units: quantity, allowance: 0 };
  const [ofGross = 0, ofNet = 0, units = 0, allowance = 0] = basis.split(' ').map(Number);
  return { gross: ofGross, net: ofNet, units, allowance };
}
