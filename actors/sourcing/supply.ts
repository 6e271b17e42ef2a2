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
  of(candidate: StoreCandidate, { line, sku }: Wanted): number {
    if (!candidate.open || this.excluded.get(line)?.has(candidate.store)) return 0;
    const given = this.given.get(candidate.store)?.get(sku) ?? 0;
    return Math.max(0, candidate.available(sku) - given);
  }

  give(candidate: StoreCandidate, { sku }: Wanted, quantity: number): void {
    const given = this.given.get(candidate.store) ?? new Map<string, number>();
    this.given.set(candidate.store, given.set(sku, (given.get(sku) ?? 0) + quantity));
  }
}
