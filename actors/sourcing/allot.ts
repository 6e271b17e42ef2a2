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
    if (missing > 0) this.left.set(line.line, missing);
  }

  /** The largest lines first: a small one finds its place beside them, the other way round it may not. */
  share(lines: readonly Wanted[], stores: readonly StoreCandidate[], others: readonly StoreCandidate[]): void {
    for (const line of [...lines].sort((a, b) => b.quantity - a.quantity)) {
      const missing = this.from(line, line.quantity, stores, others);
      if (missing > 0) this.left.set(line.line, missing);
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

  private assign(line: Wanted, candidate: StoreCandidate, quantity: number): void {
    this.supply.give(candidate, line, quantity);
    const given = this.assigned.get(candidate.store) ?? new Map<string, number>();
    this.assigned.set(candidate.store, given.set(line.line, (given.get(line.line) ?? 0) + quantity));
  }
}
