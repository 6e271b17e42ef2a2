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
  const names = ['store-a', 'store-b', 'store-c', 'store-d', 'store-e', 'store-f'];
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

/** The fewest stores that give all there is, a line from one store where any has it whole: tried out, set by set. */
export function fewestByHand(given: Case): number {
  const { shelves, asked } = given;
  let fewest = shelves.length;
  for (let set = 0; set < 2 ** shelves.length; set += 1) {
    const chosen = shelves.filter((_, index) => set & (1 << index));
    if (chosen.length < fewest && asked.lines.every((wanted) => isServed(given, chosen, wanted)))
      fewest = chosen.length;
  }
  return fewest;
}

function isServed(given: Case, chosen: readonly Shelf[], wanted: Wanted): boolean {
  const of = (shelves: readonly Shelf[]) => shelves.map((shelf) => may(given, shelf, wanted));
  const all = of(given.shelves);
  const there = of(chosen);
  if (all.some((count) => count >= wanted.quantity)) return there.some((count) => count >= wanted.quantity);
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  return sum(there) >= Math.min(wanted.quantity, sum(all));
}
