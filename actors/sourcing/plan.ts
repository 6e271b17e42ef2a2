/**
 * Who fulfils these lines: one store if one can, else the fewest; among equals by priority, then distance, then load.
 *
 * P1  Never more than a store has available, nor from a store that is closed or excluded for that line.
 * P2  A pinned line goes to its store or to nobody.
 * P3  A line is split only where no chosen store has all of it.
 * P4  The plan says why, in words.
 */
import type { Assignment, SourcingPlan, SourcingQuestion, StoreCandidate, Wanted } from '../../protocols/sourcing.ts';
import { distanceKm } from './distance.ts';

/** Pluggable: whoever has a better idea of who should fulfil gives the turn another one. */
export type SourcingPolicy = (question: SourcingQuestion, candidates: readonly StoreCandidate[]) => SourcingPlan;

/** Sets of two and three are searched in full among that many; beyond it, greedily. */
const SEARCHED_CANDIDATES = 12;

interface Ranked {
  candidate: StoreCandidate;
  distance: number | undefined;
}

export const fewestStores: SourcingPolicy = (question, candidates) => {
  const open = rank(question, candidates);
  const stock = new Stock(question);
  const pinned = question.lines.filter(({ store }) => store !== undefined);
  const free = question.lines.filter(({ store }) => store === undefined);
  const taken = new Map<string, Map<string, number>>();
  const missing: { line: string; quantity: number }[] = [];
  for (const wanted of pinned) {
    const at = open.filter(({ candidate }) => candidate.store === wanted.store);
    missing.push(...take(stock, at, [wanted], taken));
  }
  const reasons: string[] = pinned.length > 0 ? [`${pinned.length} of the lines pinned`] : [];
  if (free.length > 0) {
    const { stores, why } = choose(stock, open, free);
    missing.push(...take(stock, stores, free, taken));
    reasons.push(why);
  }
  if (missing.length > 0)
    reasons.push(`nobody has ${missing.map(({ line, quantity }) => `${quantity} of line ${line}`).join(', ')}`);
  return { assignments: assignments(taken), unassigned: missing, reason: reasons.join('; ') };
};

/** Availability less what this plan took already. */
class Stock {
  private readonly question: SourcingQuestion;
  private readonly used = new Map<string, number>();

  constructor(question: SourcingQuestion) {
    this.question = question;
  }

  available({ candidate }: Ranked, { line, sku }: Wanted): number {
    if (this.question.excluded[line]?.includes(candidate.store)) return 0;
    return Math.max(0, candidate.available(sku) - (this.used.get(`${candidate.store} ${sku}`) ?? 0));
  }

  use({ candidate }: Ranked, sku: string, quantity: number): void {
    const name = `${candidate.store} ${sku}`;
    this.used.set(name, (this.used.get(name) ?? 0) + quantity);
  }
}

function rank({ destination }: SourcingQuestion, candidates: readonly StoreCandidate[]): Ranked[] {
  return candidates
    .filter(({ open }) => open)
    .map((candidate) => ({ candidate, distance: distanceKm(destination, candidate) }))
    .sort(
      (a, b) =>
        a.candidate.priority - b.candidate.priority ||
        (a.distance ?? Number.MAX_VALUE) - (b.distance ?? Number.MAX_VALUE) ||
        a.candidate.load - b.candidate.load ||
        (a.candidate.store < b.candidate.store ? -1 : 1),
    );
}

function choose(stock: Stock, open: readonly Ranked[], lines: readonly Wanted[]): { stores: Ranked[]; why: string } {
  const useful = open.filter((store) => lines.some((wanted) => stock.available(store, wanted) > 0));
  for (const size of [1, 2, 3]) {
    const among = size === 1 ? useful : useful.slice(0, SEARCHED_CANDIDATES);
    for (const stores of subsets(among, size)) {
      if (coversAll(stock, stores, lines))
        return { stores, why: `${chosen(stores)} ${size === 1 ? 'has' : 'have'} all` };
    }
  }
  const stores = greedily(stock, useful, lines);
  return { stores, why: stores.length > 0 ? `${chosen(stores)} have the most` : 'no store has any' };
}

/** In the order of rank: the first is the best of its size. */
function* subsets<Item>(items: readonly Item[], size: number, from = 0): Generator<Item[]> {
  if (size === 0) yield [];
  for (let index = from; size > 0 && index <= items.length - size; index++) {
    for (const rest of subsets(items, size - 1, index + 1)) yield [items[index] as Item, ...rest];
  }
}

function coversAll(stock: Stock, stores: readonly Ranked[], lines: readonly Wanted[]): boolean {
  if (stores.length === 1 && stores[0]) {
    const only = stores[0];
    if (lines.some((wanted) => stock.available(only, wanted) < wanted.quantity)) return false;
  }
  const trial = new Map<string, number>();
  return lines.every((wanted) => {
    let open = wanted.quantity;
    for (const store of stores) {
      const name = `${store.candidate.store} ${wanted.sku}`;
      const got = Math.min(open, stock.available(store, wanted) - (trial.get(name) ?? 0));
      if (got <= 0) continue;
      trial.set(name, (trial.get(name) ?? 0) + got);
      open -= got;
    }
    return open === 0;
  });
}

/** The store with the most of what is still missing, again and again. */
function greedily(stock: Stock, useful: readonly Ranked[], lines: readonly Wanted[]): Ranked[] {
  const chosenStores: Ranked[] = [];
  const open = new Map(lines.map(({ line, quantity }) => [line, quantity]));
  const units = (store: Ranked): number =>
    lines.reduce((sum, wanted) => sum + Math.min(open.get(wanted.line) ?? 0, stock.available(store, wanted)), 0);
  for (;;) {
    let best: Ranked | undefined;
    let most = 0;
    for (const store of useful) {
      const count = chosenStores.includes(store) ? 0 : units(store);
      if (count > most) {
        best = store;
        most = count;
      }
    }
    if (!best) return chosenStores;
    chosenStores.push(best);
    for (const wanted of lines) {
      const left = open.get(wanted.line) ?? 0;
      open.set(wanted.line, left - Math.min(left, stock.available(best, wanted)));
    }
  }
}

/** Whole lines first, then what has to be split. What nobody has is returned. */
function take(
  stock: Stock,
  stores: readonly Ranked[],
  lines: readonly Wanted[],
  taken: Map<string, Map<string, number>>,
): { line: string; quantity: number }[] {
  const missing: { line: string; quantity: number }[] = [];
  const split: Wanted[] = [];
  for (const wanted of lines) {
    const whole = stores.find((store) => stock.available(store, wanted) >= wanted.quantity);
    if (whole) give(stock, whole, wanted, wanted.quantity, taken);
    else split.push(wanted);
  }
  for (const wanted of split) {
    let open = wanted.quantity;
    for (const store of stores) {
      const got = Math.min(open, stock.available(store, wanted));
      if (got > 0) give(stock, store, wanted, got, taken);
      open -= got;
    }
    if (open > 0) missing.push({ line: wanted.line, quantity: open });
  }
  return missing;
}

function give(
  stock: Stock,
  store: Ranked,
  { line, sku }: Wanted,
  quantity: number,
  taken: Map<string, Map<string, number>>,
): void {
  stock.use(store, sku, quantity);
  const lines = taken.get(store.candidate.store) ?? new Map<string, number>();
  lines.set(line, (lines.get(line) ?? 0) + quantity);
  taken.set(store.candidate.store, lines);
}

function assignments(taken: ReadonlyMap<string, ReadonlyMap<string, number>>): Assignment[] {
  return [...taken].map(([store, lines]) => ({
    store,
    lines: [...lines].map(([line, quantity]) => ({ line, quantity })),
  }));
}

function chosen(stores: readonly Ranked[]): string {
  return stores
    .map(({ candidate: { store, priority, load }, distance }) => {
      const away = distance === undefined ? '' : `, ${Math.round(distance)} km`;
      return `${store} (priority ${priority}${away}, load ${load})`;
    })
    .join(' and ');
}
