import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fewestStores } from '../../../actors/sourcing/plan.ts';
import { type Case, candidate, cases, checkPlan, fewestByHand, fewestForMost, may, mostByHand } from './network.ts';

const RUNS = { seed: 83_000_201, numRuns: 1000 };
const planOf = ({ asked, shelves }: Case) => fewestStores(asked, shelves.map(candidate));

test('a plan gives each unit once, from what is there and allowed, pins and exclusions or not', () => {
  const any = cases({ shared: true, pins: true, exclusions: true });
  fc.assert(
    fc.property(any, (given) => checkPlan(given, planOf(given))),
    RUNS,
  );
});

test('everything is assigned when the stores together have it', () => {
  const free = cases({ shared: true, pins: false, exclusions: false });
  fc.assert(
    fc.property(free, (given) => {
      const missing = new Map<string, number>();
      for (const { sku, quantity } of given.asked.lines) missing.set(sku, (missing.get(sku) ?? 0) + quantity);
      let nobodyHas = 0;
      for (const [sku, wanted] of missing) {
        const there = given.shelves.reduce((sum, shelf) => sum + (shelf.open ? (shelf.stock[sku] ?? 0) : 0), 0);
        nobodyHas += Math.max(0, wanted - there);
      }
      expect(planOf(given).unassigned.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(nobodyHas);
    }),
    RUNS,
  );
});

describe('no set of fewer stores gives the same', () => {
  test.each([
    ['of different skus, pinned or not', { shared: false, pins: true, exclusions: true }],
    ['of lines that share skus', { shared: true, pins: false, exclusions: false }],
  ])('%s, and the plan says so', (_, kind) => {
    fc.assert(
      fc.property(cases(kind), (given) => {
        const { assignments, reason } = planOf(given);
        expect(assignments).toHaveLength(fewestByHand(given).fewest);
        expect(reason).not.toContain(' together ');
      }),
      RUNS,
    );
  });
});

test('a line that some store has whole is split only where that takes fewer stores', () => {
  const different = cases({ shared: false, pins: false, exclusions: true });
  fc.assert(
    fc.property(different, (given) => {
      const { assignments } = planOf(given);
      const split = given.asked.lines.filter((wanted) => {
        const parts = assignments.filter(({ lines }) => lines.some(({ line }) => line === wanted.line)).length;
        return parts > 1 && given.shelves.some((shelf) => may(given, shelf, wanted) >= wanted.quantity);
      });
      expect(split.length === 0).toBe(fewestByHand(given).canStayWhole);
    }),
    RUNS,
  );
});

test('of a pinned line there comes what its store has', () => {
  const pinned = cases({ shared: false, pins: true, exclusions: true });
  fc.assert(
    fc.property(pinned, (given) => {
      const { unassigned } = planOf(given);
      for (const wanted of given.asked.lines.filter(({ store }) => store !== undefined)) {
        const shelf = given.shelves.find(({ store }) => store === wanted.store);
        const nobodyHas = Math.max(0, wanted.quantity - (shelf ? may(given, shelf, wanted) : 0));
        expect(unassigned.find(({ line }) => line === wanted.line)?.quantity ?? 0).toBe(nobodyHas);
      }
    }),
    RUNS,
  );
});

test('no sharing of the stock gives more units, pins and exclusions or not', () => {
  const any = cases({ shared: true, pins: true, exclusions: true });
  fc.assert(
    fc.property(any, (given) => {
      const { assignments } = planOf(given);
      const units = assignments.flatMap(({ lines }) => lines.map(({ quantity }) => quantity));
      expect(units.reduce((sum, quantity) => sum + quantity, 0)).toBe(mostByHand(given, given.shelves));
    }),
    { ...RUNS, numRuns: 5000 },
  );
});

test('a plan that calls its stores the fewest is right, also where lines of one sku exclude different stores', () => {
  const excluding = cases({ shared: true, pins: false, exclusions: true }).filter(({ asked: { lines, excluded } }) =>
    lines.some(({ line, sku }) => excluded[line] && lines.some((other) => other.line !== line && other.sku === sku)),
  );
  let claims = 0;
  fc.assert(
    fc.property(excluding, (given) => {
      const { assignments, reason } = planOf(given);
      if (!reason.includes(' the fewest ')) return;
      claims += 1;
      expect(assignments).toHaveLength(fewestForMost(given));
    }),
    RUNS,
  );
  expect(claims).toBeGreaterThan(RUNS.numRuns / 10);
});
