/** Gives the units of lines out to stores: a line whole where one of those chosen has it whole, else in as few parts as can be. */
import type { SourcingPlan, StoreCandidate, Wanted } from '../../protocols/sourcing.ts';
import type { Supply } from './supply.ts';

export class Allotment {
  private readonly supply: Supply;
  /** store → line → units. */
  private readonly assigned = new Map<string, Map<string, number>>();
  private readonly left = new Map<string, number>();

  constructor(supply: Supply) {
    this.supply = supply;
  }

  /** A pinned line comes from its store, as far as that has it; the rest from nobody. */
  pin(line: Wanted, candidate: StoreCandidate | undefined): void {
    const missing = this.inParts(line, line.quantity, candidate ? [candidate] : []);
    this.note(line, missing);
  }

  /**
   * Of one sku those lines first that may take it from fewer stores, then the largest: a small one finds its place beside them,
   * the other way round it may not. What is missing then is taken from lines that can come from elsewhere, so nothing is left
   * that any sharing of the stock would give.
   */
  share(lines: readonly Wanted[], stores: readonly StoreCandidate[], others: readonly StoreCandidate[]): void {
    const all = [...stores, ...others];
    const barred = new Map(lines.map((line) => [line, this.supply.barred(all, line)]));
    const fewer = (a: Wanted, b: Wanted) => (barred.get(b) ?? 0) - (barred.get(a) ?? 0);
    const short: Wanted[] = [];
    for (const line of [...lines].sort((a, b) => fewer(a, b) || b.quantity - a.quantity)) {
      if (this.note(line, this.from(line, line.quantity, stores, others)) > 0) short.push(line);
    }
    for (const sku of new Set(short.map((line) => line.sku))) {
      const sharing = lines.filter((line) => line.sku === sku);
      if (sharing.some((line) => barred.get(line))) this.makeRoom(short, sharing, all);
    }
  }

  /** In the order of the question. */
  plan(lines: readonly Wanted[], reason: string): SourcingPlan {
    const units = (given: ReadonlyMap<string, number> | undefined) =>
      lines.flatMap(({ line }) => {
        const quantity = given?.get(line);
        return quantity === undefined ? [] : [{ line, quantity }];
      });
    return {
      assignments: [...this.assigned].map(([store, given]) => ({ store, lines: units(given) })),
      unassigned: units(this.left),
      reason,
    };
  }

  unassigned(): ReadonlyMap<string, number> {
    return this.left;
  }

  /** Stores that give something of these lines. */
  storesOf(lines: readonly Wanted[]): Set<string> {
    const serving = [...this.assigned].filter(([, given]) => lines.some(({ line }) => given.has(line)));
    return new Set(serving.map(([store]) => store));
  }

  private note({ line }: Wanted, missing: number): number {
    if (missing > 0) this.left.set(line, missing);
    else this.left.delete(line);
    return missing;
  }

  /** Stores that made no room for one line make none for the next. */
  private makeRoom(short: readonly Wanted[], sharing: readonly Wanted[], stores: readonly StoreCandidate[]): void {
    let hopeful = new Set(stores);
    for (const line of sharing.filter((one) => short.includes(one))) {
      let missing = this.left.get(line.line) ?? 0;
      while (missing > 0) {
        const untried = new Set(hopeful);
        const placed = this.place(line, missing, sharing, untried);
        missing -= placed;
        if (placed > 0) continue;
        hopeful = untried;
        break;
      }
      this.note(line, missing);
    }
  }

  /** Gives a line some of these units, where need be in place of others that find another store; how many. */
  private place(line: Wanted, units: number, sharing: readonly Wanted[], untried: Set<StoreCandidate>): number {
    const open = [...untried].filter((candidate) => this.supply.may(candidate, line));
    const spare = (candidate: StoreCandidate) => this.supply.of(candidate, line);
    const free = open.find((candidate) => spare(candidate) >= units) ?? open.find((candidate) => spare(candidate) > 0);
    if (free) return this.assign(line, free, Math.min(spare(free), units));
    for (const candidate of open) {
      if (!untried.delete(candidate)) continue;
      for (const other of sharing) {
        const given = this.assigned.get(candidate.store)?.get(other.line) ?? 0;
        const moved = given > 0 ? this.place(other, Math.min(given, units), sharing, untried) : 0;
        if (moved === 0) continue;
        this.assign(other, candidate, -moved);
        return this.assign(line, candidate, moved);
      }
    }
    return 0;
  }

  /** How many units nobody has. */
  private from(
    line: Wanted,
    quantity: number,
    stores: readonly StoreCandidate[],
    others: readonly StoreCandidate[],
  ): number {
    const hasAll = (candidate: StoreCandidate) => this.supply.of(candidate, line) >= quantity;
    const one = stores.find(hasAll) ?? (this.haveTogether(stores, line, quantity) ? undefined : others.find(hasAll));
    if (one) {
      this.assign(line, one, quantity);
      return 0;
    }
    return this.inParts(line, this.inParts(line, quantity, stores), others);
  }

  private haveTogether(stores: readonly StoreCandidate[], line: Wanted, quantity: number): boolean {
    return stores.reduce((sum, candidate) => sum + this.supply.of(candidate, line), 0) >= quantity;
  }

  private inParts(line: Wanted, quantity: number, stores: readonly StoreCandidate[]): number {
    let missing = quantity;
    const offers = stores.map((candidate) => ({ candidate, units: this.supply.of(candidate, line) }));
    for (const { candidate, units } of offers.sort((a, b) => b.units - a.units)) {
      const part = Math.min(units, missing);
      if (part > 0) this.assign(line, candidate, part);
      missing -= part;
    }
    return missing;
  }

  /** Less than none: they are taken back. */
  private assign(wanted: Wanted, candidate: StoreCandidate, quantity: number): number {
    const { line } = wanted;
    this.supply.give(candidate, wanted, quantity);
    const given = this.assigned.get(candidate.store) ?? new Map<string, number>();
    const units = (given.get(line) ?? 0) + quantity;
    if (units > 0) given.set(line, units);
    else given.delete(line);
    if (given.size > 0) this.assigned.set(candidate.store, given);
    else this.assigned.delete(candidate.store);
    return quantity;
  }
}
