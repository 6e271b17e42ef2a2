/**
 * The fewest stores that meet all needs.
 *
 * A greedy cover says how many are enough; a search then looks for fewer, and among those of the fewest for the best ranked. The
 * search is exhaustive for one more store after another, and gives up after a bounded number of steps: then it is the greedy one.
 */
import { isMet, type Need } from './needs.ts';

const MAX_STEPS = 4000;

export interface Cover {
  /** Positions in the ranking, best first. */
  readonly stores: readonly number[];
  /** False where the search gave up before it knew that there are no fewer. */
  readonly fewest: boolean;
}

/** `chosen` are part of the plan in any case. */
export function cover(needs: readonly Need[], chosen: readonly number[]): Cover {
  const greedy = greedyCover(needs, chosen);
  const budget = { steps: MAX_STEPS };
  for (let more = 0; more <= greedy.length - chosen.length; more += 1) {
    const best = search(needs, chosen, more, budget);
    if (best) return { stores: best, fewest: true };
    if (budget.steps <= 0) break;
  }
  return { stores: greedy, fewest: false };
}

/** Again and again the store that meets most of the units still missing; the better ranked of two that meet the same. */
function greedyCover(needs: readonly Need[], chosen: readonly number[]): number[] {
  const stores = [...chosen];
  for (;;) {
    const gains = gainsOf(needs, stores);
    let best: number | undefined;
    for (const [store, gain] of gains) {
      const most = best === undefined ? 0 : (gains.get(best) ?? 0);
      if (gain > most || (gain === most && best !== undefined && store < best)) best = store;
    }
    if (best === undefined) return inOrder(stores);
    stores.push(best);
  }
}

function gainsOf(needs: readonly Need[], stores: readonly number[]): Map<number, number> {
  const gains = new Map<number, number>();
  for (const need of needs) {
    let missing = need.quantity;
    for (const store of stores) missing -= need.offers.get(store) ?? 0;
    if (missing <= 0) continue;
    for (const [store, units] of need.offers) {
      gains.set(store, (gains.get(store) ?? 0) + Math.min(units, missing));
    }
  }
  return gains;
}

/**
 * The best ranked cover with at most `more` stores beside `chosen`. Branches on the unmet need with the fewest offers: every cover
 * has one of them.
 */
function search(
  needs: readonly Need[],
  chosen: readonly number[],
  more: number,
  budget: { steps: number },
): readonly number[] | undefined {
  budget.steps -= 1;
  if (budget.steps < 0) return undefined;
  const open = needs.filter((need) => !isMet(need, chosen));
  const [first] = open;
  if (!first) return inOrder(chosen);
  if (more === 0) return undefined;
  const hardest = open.reduce((least, need) => (need.offers.size < least.offers.size ? need : least), first);
  let best: readonly number[] | undefined;
  for (const store of hardest.offers.keys()) {
    if (chosen.includes(store)) continue;
    const found = search(open, [...chosen, store], more - 1, budget);
    if (found && (!best || isBetter(found, best))) best = found;
  }
  return best;
}

/** Of the same size: the best store first, then the next. */
function isBetter(a: readonly number[], b: readonly number[]): boolean {
  const different = a.findIndex((store, index) => store !== b[index]);
  return different >= 0 && (a[different] ?? 0) < (b[different] ?? 0);
}

const inOrder = (stores: readonly number[]): number[] => [...stores].sort((a, b) => a - b);
