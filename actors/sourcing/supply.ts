/** What stores can still give for the lines of one question, less what the plan has given out already. */
import type { SourcingQuestion, StoreCandidate, Wanted } from '../../protocols/sourcing.ts';

export class Supply {
  private readonly excluded: ReadonlyMap<string, ReadonlySet<string>>;
  /** store → sku → units given out. */
  private readonly given = new Map<string, Map<string, number>>();

  constructor({ excluded }: SourcingQuestion) {
    this.excluded = new Map(Object.entries(excluded).map(([line, stores]) => [line, new Set(stores)]));
  }

  /** Units of this line's sku that the store can give to this line. */
  of(candidate: StoreCandidate, wanted: Wanted): number {
    return this.may(candidate, wanted) ? this.units(candidate, wanted.sku) : 0;
  }

  may({ open, store }: StoreCandidate, { line }: Wanted): boolean {
    return open && !this.excluded.get(line)?.has(store);
  }

  /** How many stores have units that this line may not take. */
  barred(candidates: readonly StoreCandidate[], { line, sku }: Wanted): number {
    const excluded = this.excluded.get(line);
    if (!excluded || excluded.size === 0) return 0;
    return candidates.filter((one) => one.open && excluded.has(one.store) && this.units(one, sku) > 0).length;
  }

  /** Less than none: they come back. */
  give(candidate: StoreCandidate, { sku }: Wanted, quantity: number): void {
    const given = this.given.get(candidate.store) ?? new Map<string, number>();
    this.given.set(candidate.store, given.set(sku, (given.get(sku) ?? 0) + quantity));
  }

  private units(candidate: StoreCandidate, sku: string): number {
    return Math.max(0, candidate.available(sku) - (this.given.get(candidate.store)?.get(sku) ?? 0));
  }
}
