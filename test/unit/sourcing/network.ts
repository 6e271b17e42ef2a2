/** Stores, questions and what a plan must hold to, for tests of sourcing. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SourcingPlan, SourcingQuestion, StoreCandidate, Wanted } from '../../../protocols/sourcing.ts';

export interface Shelf extends Omit<StoreCandidate, 'available'> {
  stock: Record<string, number>;
}

export const candidate = ({ stock, ...rest }: Shelf): StoreCandidate => ({
  ...rest,
  available: (sku) => stock[sku] ?? 0,
});

export const store = (name: string, stock: Record<string, number>, rest: Partial<Shelf> = {}): Shelf => ({
  store: name,
  open: true,
  country: 'FR',
  priority: 0,
  load: 0,
  stock,
  ...rest,
});

/** Lines `1`, `2` … of these skus. */
export const question = (wanted: [sku: string, quantity: number, store?: string][]): SourcingQuestion => ({
  order: 'A1',
  lines: wanted.map(([sku, quantity, pin], index) => ({
    line: String(index + 1),
    sku,
    quantity,
    ...(pin === undefined ? {} : { store: pin }),
  })),
  excluded: {},
});

export interface Case {
  shelves: Shelf[];
  asked: SourcingQuestion;
}

const SKUS = ['hat', 'cap', 'bag', 'pen', 'mug'];
const units = fc.integer({ min: 1, max: 4 });

/** `skus`: from how many kinds the lines are; all different unless `shared`. */
export function cases({
  shared,
  pins,
  exclusions,
}: {
  shared: boolean;
  pins: boolean;
  exclusions: boolean;
}): fc.Arbitrary<Case> {
  const shelf = fc.record({
    stock: fc.dictionary(fc.constantFrom(...SKUS), fc.nat(5)),
    priority: fc.nat(2),
    load: fc.nat(3),
    open: fc.constantFrom(true, true, true, false),
  });
  const names = ['store-a', 'store-b', 'store-c', 'store-d', 'store-e', 'store-f', 'store-g'];
  const sku = fc.constantFrom(...SKUS);
  const skus = shared
    ? fc.array(sku, { minLength: 1, maxLength: 5 })
    : fc.uniqueArray(sku, { minLength: 1, maxLength: 5 });
  return fc
    .tuple(
      fc.tuple(...names.map((name) => shelf.map((rest) => store(name, rest.stock, rest)))),
      skus.chain((chosen) =>
        fc.tuple(
          ...chosen.map((name) =>
            fc.tuple(
              fc.constant(name),
              units,
              pins ? fc.option(fc.constantFrom(...names), { nil: undefined }) : fc.constant(undefined),
            ),
          ),
        ),
      ),
      exclusions ? fc.dictionary(fc.constantFrom('1', '2', '3'), fc.subarray(names)) : fc.constant({}),
    )
    .map(([shelves, wanted, excluded]) => ({
      shelves,
      asked: { ...question(wanted as [string, number, string?][]), excluded },
    }));
}

export const may = ({ asked }: Case, shelf: Shelf, { line, sku, store: pin }: Wanted): number =>
  shelf.open && !asked.excluded[line]?.includes(shelf.store) && (pin === undefined || pin === shelf.store)
    ? (shelf.stock[sku] ?? 0)
    : 0;

/** Every unit is given once or is unassigned; nothing is given that is not there, or not allowed. */
export function checkPlan(given: Case, plan: SourcingPlan): void {
  const { asked, shelves } = given;
  const taken = new Map<string, number>();
  for (const wanted of asked.lines) {
    let sum = plan.unassigned.find(({ line }) => line === wanted.line)?.quantity ?? 0;
    for (const { store: name, lines } of plan.assignments) {
      const shelf = shelves.find((known) => known.store === name);
      for (const { quantity } of lines.filter(({ line }) => line === wanted.line)) {
        expect(quantity).toBeGreaterThan(0);
        expect(shelf && may(given, shelf, wanted)).toBeGreaterThan(0);
        const key = `${name} ${wanted.sku}`;
        taken.set(key, (taken.get(key) ?? 0) + quantity);
        expect(taken.get(key)).toBeLessThanOrEqual(shelf?.stock[wanted.sku] ?? 0);
        sum += quantity;
      }
    }
    expect(sum).toBe(wanted.quantity);
  }
  expect(new Set(plan.assignments.map(({ store: name }) => name)).size).toBe(plan.assignments.length);
  expect(plan.assignments.every(({ lines }) => lines.length > 0)).toBe(true);
}

export interface ByHand {
  fewest: number;
  /** So few can, and leave every line whole that some store has whole. */
  canStayWhole: boolean;
}

/** The fewest stores that give all there is, those of pinned lines among them: tried out, set by set. */
export function fewestByHand(given: Case): ByHand {
  const { shelves } = given;
  const best: ByHand = { fewest: shelves.length + 1, canStayWhole: false };
  for (let set = 0; set < 2 ** shelves.length; set += 1) {
    const chosen = shelves.filter((_, index) => set & (1 << index));
    if (chosen.length > best.fewest || !isServed(given, chosen)) continue;
    if (chosen.length < best.fewest) best.canStayWhole = false;
    best.fewest = chosen.length;
    best.canStayWhole ||= staysWhole(given, chosen);
  }
  return best;
}

/** All there is of each sku: lines of one sku exclude the same stores here, and what is pinned shares its sku with no other. */
function isServed(given: Case, chosen: readonly Shelf[]): boolean {
  const bySku = new Map<string, Wanted[]>();
  for (const wanted of given.asked.lines) bySku.set(wanted.sku, [...(bySku.get(wanted.sku) ?? []), wanted]);
  return [...bySku.values()].every((lines) => {
    const quantity = lines.reduce((sum, wanted) => sum + wanted.quantity, 0);
    const have = (shelves: readonly Shelf[]) =>
      lines.slice(0, 1).flatMap((line) => shelves.map((of) => may(given, of, line)));
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
    return sum(have(chosen)) >= Math.min(quantity, sum(have(given.shelves)));
  });
}

function staysWhole(given: Case, chosen: readonly Shelf[]): boolean {
  return given.asked.lines.every((wanted) => {
    const isWholeIn = (shelf: Shelf) => may(given, shelf, wanted) >= wanted.quantity;
    return chosen.some(isWholeIn) || !given.shelves.some(isWholeIn);
  });
}

/** The most units that these shelves can give: unit by unit, each where need be in place of others that find another shelf. */
export function mostByHand(given: Case, shelves: readonly Shelf[]): number {
  const held = new Map<string, Wanted[]>();
  const place = (wanted: Wanted, tried: Set<Shelf>): boolean =>
    shelves.some((shelf) => {
      if (tried.has(shelf) || may(given, shelf, wanted) === 0) return false;
      tried.add(shelf);
      const key = `${shelf.store} ${wanted.sku}`;
      const units = held.get(key) ?? [];
      if (units.length < may(given, shelf, wanted)) {
        held.set(key, [...units, wanted]);
        return true;
      }
      const moved = units.findIndex((other) => place(other, tried));
      if (moved >= 0)
        held.set(
          key,
          units.map((unit, at) => (at === moved ? wanted : unit)),
        );
      return moved >= 0;
    });
  const wanted = given.asked.lines.flatMap((line) => Array.from({ length: line.quantity }, () => line));
  return wanted.filter((unit) => place(unit, new Set())).length;
}

/** How few shelves give as many units as all of them. */
export function fewestForMost(given: Case): number {
  const { shelves } = given;
  const most = mostByHand(given, shelves);
  let fewest = shelves.length;
  for (let set = 0; set < 2 ** shelves.length; set += 1) {
    const chosen = shelves.filter((_, index) => set & (1 << index));
    if (chosen.length < fewest && mostByHand(given, chosen) === most) fewest = chosen.length;
  }
  return fewest;
}
