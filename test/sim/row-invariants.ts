/**
 * The report to the ERP, row by row as it is stored: after every commit the rows of an order sum to its money, and when nothing moves
 * any more they are what the provider and the tills moved, and what each store is entitled to.
 */
import { isWaiting } from '../../actors/order/lifecycle.ts';
import type { AttributionRow, Booked } from '../../protocols/attribution.ts';
import type { RuleBook } from '../../protocols/commission.ts';
import type { Journal } from '../../supervisor/gateway/simulator-journal.ts';
import { Replay } from '../../supervisor/report/replay.ts';
import { wrongAmounts } from '../row-amounts.ts';
import { isWellRounded } from './amount-steps.ts';
import type { Heard } from './heard.ts';
import { bounds, movesElsewhere } from './money-at-rest.ts';
import { type StoredOrder, sumOf, takesMoney } from './order-invariants.ts';

const FINAL: ReadonlySet<string> = new Set(['fulfilled', 'closed', 'cancelled']);

type Amount = 'gross' | 'storeShare' | 'settled';

export class RowInvariants {
  private readonly rows = new Map<string, AttributionRow[]>();
  /** Not checked yet. */
  private readonly fresh = new Map<string, AttributionRow[]>();
  private readonly seen = new Set<string>();

  /** Before the commit that says it is checked. Violations of the rows by themselves. */
  heard({ origin, entity, id, payload }: Heard): string[] {
    if (origin !== undefined || entity !== 'attribution') return [];
    const { rows } = payload as unknown as Booked;
    const found: string[] = [];
    for (const row of rows) {
      if (this.seen.has(row.row)) found.push(`row ${row.row} was said twice`);
      this.seen.add(row.row);
    }
    this.rows.set(id, [...(this.rows.get(id) ?? []), ...rows]);
    this.fresh.set(id, [...(this.fresh.get(id) ?? []), ...rows]);
    return found;
  }

  /** Invariants 2 and 5 of the report, at every published state. */
  check(order: StoredOrder): string[] {
    const confirmed = order.ledger.filter(({ state }) => state === 'confirmed');
    const kept = sumOf(confirmed, takesMoney) - sumOf(confirmed, ({ kind }) => kind === 'refund');
    const booked = this.sum(order.id, 'gross', () => true);
    const fresh = this.fresh.get(order.id) ?? [];
    const wrong = fresh.flatMap((row) => wrongAmounts(row, order, fresh));
    this.fresh.delete(order.id);
    return booked === kept ? wrong : [...wrong, `rows sum to ${booked}, captured − refunded is ${kept}`];
  }

  atRest(orders: readonly StoredOrder[], journal: Journal): string[] {
    const moved = new Map(journal.moved.map(({ key, kind, amount }) => [key, { kind, amount }]));
    return orders.flatMap((order) =>
      [...this.byEntry(order, moved), ...this.byStore(order), ...this.rounded(order)].map(
        (violation) => `${order.id}: ${violation}`,
      ),
    );
  }

  /** Under the rules that were in force, every share and every fee is what it was: nothing is too old, and no party has more or less. */
  replayed(rules: RuleBook): string[] {
    return [...this.rows].flatMap(([order, rows]) => {
      const replay = new Replay(rules);
      for (const row of rows) replay.add(row, true);
      const differing = replay.result().filter(({ difference }) => difference !== 0);
      const found = differing.map(({ party, was, would }) => `${order}: ${party} had ${was} and would have ${would}`);
      return replay.unknown === 0 ? found : [...found, `${order}: ${replay.unknown} rows can't be reckoned anew`];
    });
  }

  /** What an account of the gateway moved is in its rows: the provider's word, not the ledger's. */
  private byEntry(order: StoredOrder, moved: ReadonlyMap<string, { kind: string; amount: number }>): string[] {
    return order.ledger.flatMap((entry) => {
      const { key, kind } = entry;
      const row = moved.get(key);
      if (kind === 'void' || kind === 'reauthorisation' || movesElsewhere(order, entry)) return [];
      const sign = kind === 'refund' || kind === 'payout-reversal' ? -1 : 1;
      const amount = kind === 'capture' || kind === 'refund' ? 'gross' : 'settled';
      const booked = this.sum(order.id, amount, (of) => of.entry === key);
      const due = row ? sign * row.amount : 0;
      return booked === due ? [] : [`rows of ${key} sum to ${booked}, ${due} moved`];
    });
  }

  /** Once all is decided nothing stays in transit. What failed has its own room; what a person is to pay is not decided. */
  private rounded(order: StoredOrder): string[] {
    if (!FINAL.has(order.state) || order.ledger.some(({ state }) => state === 'failed')) return [];
    if (order.obligations.some((obligation) => isWaiting(order, obligation))) return [];
    const of = (wanted: AttributionRow['movement']) =>
      this.sum(order.id, 'gross', ({ movement }) => movement === wanted);
    const [transit, rounding] = [of('transit'), of('rounding')];
    if (transit !== 0) return [`${transit} is in transit`];
    return isWellRounded(order, rounding) ? [] : [`${rounding} is rounding`];
  }

  private byStore(order: StoredOrder): string[] {
    const franchises = [...order.fulfilments, ...(order.takers ?? [])].filter(
      ({ terms }) => terms?.ownership === 'franchise',
    );
    return [...new Set(franchises.map(({ store }) => store))].flatMap((store) => {
      const share = BigInt(this.sum(order.id, 'storeShare', ({ party }) => party === store));
      const { low, high } = bounds(order, store);
      return share >= low && share <= high ? [] : [`rows give ${store} ${share}, it is entitled to ${low} to ${high}`];
    });
  }

  private sum(order: string, amount: Amount, counts: (row: AttributionRow) => boolean): number {
    return (this.rows.get(order) ?? []).reduce((sum, row) => (counts(row) ? sum + row[amount] : sum), 0);
  }
}
