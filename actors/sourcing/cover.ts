/**
 * The fewest stores that meet all needs; of as few, those that split no line, then the best ranked.
 *
 * One store more after another is searched for, first for covers that leave lines whole, then for those that split them. Each of
 * the two searches is exhaustive within a bounded number of steps. Beyond it a greedy cover is taken, and nobody knows whether
 * there are fewer.
 */
import type { Need, Needs } from './needs.ts';

/** Of each of the two searches, all sizes together. */
const MAX_STEPS = 4000;
/** A step that looks at more needs than these counts as several: an order of 1,000 lines holds nobody up for longer than one of 100. */
const NEEDS_A_STEP = 100;

export interface Cover {
  /** Positions in the ranking, best first. */
  readonly stores: readonly number[];
  /** False where a search gave up before it knew that there are no fewer. */
  readonly fewest: boolean;
}

interface Budget {
  steps: number;
}

/** `chosen` are part of the plan in any case. */
export function cover({ whole, split }: Needs, chosen: readonly number[]): Cover {
  const wholes: Budget = { steps: MAX_STEPS };
  const splits: Budget = { steps: split ? MAX_STEPS : 0 };
  let fewest = true;
  for (let more = 0; wholes.steps > 0 || splits.steps > 0; more += 1) {
    // One store alone gives a line whole or not at all: lines in parts take two.
    const inParts = chosen.length + more > 1 ? split : undefined;
    const found =
      new Search(chosen, wholes).best(whole, more) ?? (inParts && new Search(chosen, splits).best(inParts, more));
    if (found) return { stores: found, fewest };
    if ((inParts ? splits : wholes).steps <= 0) fewest = false;
  }
  const stores = greedyCover(whole, chosen);
  const inParts = split ? greedyCover(split, chosen) : stores;
  return { stores: inParts.length < stores.length ? inParts : stores, fewest: false };
}

interface Open {
  readonly need: Need;
  readonly missing: number;
}

/** Branches on the unmet need with the fewest offers: every cover has one of them. */
class Search {
  private readonly chosen: readonly number[];
  private readonly budget: Budget;
  private readonly picked: number[] = [];
  /** Those that are in already, and those with which all covers were looked at. */
  private readonly done: Set<number>;
  private found: readonly number[] | undefined;

  constructor(chosen: readonly number[], budget: Budget) {
    this.chosen = chosen;
    this.budget = budget;
    this.done = new Set(chosen);
  }

  /** The best ranked cover with at most `more` stores beside those chosen. */
  best(needs: readonly Need[], more: number): readonly number[] | undefined {
    this.look(openOf(needs, this.chosen), more);
    return this.found;
  }

  private look(open: readonly Open[], more: number): void {
    const [first] = open;
    if (!first) {
      const stores = inOrder([...this.chosen, ...this.picked]);
      if (!this.found || isBetter(stores, this.found)) this.found = stores;
      return;
    }
    if (!open.every(({ need, missing }) => need.isWithin(more, missing))) return;
    const hardest = open.reduce((least, one) => (one.need.offers.size < least.need.offers.size ? one : least), first);
    const tried: number[] = [];
    for (const store of hardest.need.offers.keys()) {
      if (this.done.has(store)) continue;
      this.budget.steps -= Math.max(1, open.length / NEEDS_A_STEP);
      if (this.budget.steps < 0) break;
      this.done.add(store);
      tried.push(store);
      this.picked.push(store);
      this.look(without(open, store), more - 1);
      this.picked.pop();
    }
    for (const store of tried) this.done.delete(store);
  }
}

function openOf(needs: readonly Need[], stores: readonly number[]): readonly Open[] {
  const open = needs.map((need): Open => ({ need, missing: need.quantity }));
  return stores.reduce<readonly Open[]>(without, open);
}

/** What is missing still when this store gives what it has. */
function without(open: readonly Open[], store: number): readonly Open[] {
  const left: Open[] = [];
  for (const one of open) {
    const units = one.need.offers.get(store);
    if (units === undefined) left.push(one);
    else if (units < one.missing) left.push({ need: one.need, missing: one.missing - units });
  }
  return left;
}

/** Again and again the store that meets most of the units still missing; the better ranked of two that meet the same. */
function greedyCover(needs: readonly Need[], chosen: readonly number[]): number[] {
  const stores = new Set(chosen);
  let open = openOf(needs, chosen);
  for (;;) {
    const best = mostGaining(open, stores);
    if (best === undefined) return inOrder([...stores]);
    stores.add(best);
    open = without(open, best);
  }
}

function mostGaining(open: readonly Open[], taken: ReadonlySet<number>): number | undefined {
  const gains: number[] = [];
  for (const { need, missing } of open) {
    for (const [store, units] of need.offers) gains[store] = (gains[store] ?? 0) + Math.min(units, missing);
  }
  let best: number | undefined;
  let most = 0;
  for (const [store, gain = 0] of gains.entries()) {
    if (gain > most && !taken.has(store)) [best, most] = [store, gain];
  }
  return best;
}

/** Of the same size: the best store first, then the next. */
function isBetter(a: readonly number[], b: readonly number[]): boolean {
  const different = a.findIndex((store, index) => store !== b[index]);
  return different >= 0 && (a[different] ?? 0) < (b[different] ?? 0);
}

const inOrder = (stores: readonly number[]): number[] => [...stores].sort((a, b) => a - b);
