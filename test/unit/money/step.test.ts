import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawInSteps, giveBackInSteps, type Source, stepDown } from '../../../actors/money/step.ts';
import { RUNS, sum } from './runs.ts';

const steps = fc.constantFrom(1, 5, 10, 100, 1000);
const amounts = fc.integer({ min: 0, max: 100_000 });
const source: fc.Arbitrary<Source> = fc
  .record({ units: fc.nat(1000), step: steps })
  .map(({ units, step }) => ({ room: units * step, step }));
const sources = fc.array(source, { minLength: 1, maxLength: 3 });

test('what is drawn is on the step of each source, within its room, and less than a step away from what is wanted', () => {
  fc.assert(
    fc.property(amounts, sources, (amount, from) => {
      const draws = drawInSteps(amount, from);
      draws.forEach((drawn, index) => {
        expect(drawn % (from[index]?.step ?? 0)).toBe(0);
        expect(drawn).toBeGreaterThanOrEqual(0);
        expect(drawn).toBeLessThanOrEqual(from[index]?.room ?? 0);
      });
      const room = sum(from.map((of) => of.room));
      const left = Math.min(amount, room) - sum(draws);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThan(Math.max(...from.map(({ step }) => step)));
    }),
    RUNS,
  );
});

test('what could be paid but for less than a step is not asked of the next source', () => {
  expect(
    drawInSteps(995, [
      { room: 1000, step: 10 },
      { room: 500, step: 1 },
    ]),
  ).toEqual([990, 0]);
  expect(
    drawInSteps(1995, [
      { room: 1000, step: 10 },
      { room: 1000, step: 1 },
    ]),
  ).toEqual([1000, 995]);
  expect(drawInSteps(4, [{ room: 1000, step: 5 }])).toEqual([0]);
});

describe('amounts captured and given back one after another', () => {
  const parts = fc.array(amounts, { minLength: 1, maxLength: 20 });

  test('captures are less than a step below the exact sum at every point, and equal to it where that is on the step', () => {
    fc.assert(
      fc.property(parts, steps, (wanted, step) => {
        const room = stepDown(sum(wanted), step);
        let [exact, captured] = [0, 0];
        for (const amount of wanted) {
          const [drawn = 0] = drawInSteps(amount + exact - captured, [{ room: room - captured, step }]);
          exact += amount;
          captured += drawn;
          expect(drawn % step).toBe(0);
          expect(exact - captured).toBeGreaterThanOrEqual(0);
          expect(exact - captured).toBeLessThan(step);
        }
        expect(captured).toBe(room);
      }),
      RUNS,
    );
  });

  test('refunds leave the customer less than a step below what he keeps, never above it, and never with less than nothing', () => {
    fc.assert(
      fc.property(parts, steps, fc.nat(), (wanted, step, beyond) => {
        const total = sum(wanted) + (beyond % 1000);
        const captured = stepDown(total, step);
        let [owed, given] = [0, 0];
        for (const amount of wanted) {
          // What captures left out he has already.
          owed += amount;
          const due = Math.max(0, owed - (total - captured) - given);
          const [back = 0] = giveBackInSteps([
            { amount: Math.min(due, captured - given), room: captured - given, step },
          ]);
          given += back;
          expect(back % step).toBe(0);
          expect(given).toBeLessThanOrEqual(captured);
          const [keeps, paid] = [total - owed, captured - given];
          expect(paid).toBeLessThanOrEqual(keeps);
          expect(keeps - paid).toBeLessThan(step);
        }
        if (owed === total) expect(given).toBe(captured);
      }),
      RUNS,
    );
  });
});

test('of several sources each gives back on its step; what they leave out together comes from those that have more', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(source, fc.nat()), { minLength: 1, maxLength: 3 }), (drawn) => {
      const parts = drawn.map(([of, amount]) => ({ ...of, amount: amount % (of.room + 1) }));
      const given = giveBackInSteps(parts);
      const wanted = sum(parts.map(({ amount }) => amount));
      given.forEach((amount, index) => {
        expect(amount % (parts[index]?.step ?? 0)).toBe(0);
        expect(amount).toBeLessThanOrEqual(parts[index]?.room ?? 0);
      });
      expect(sum(given)).toBeGreaterThanOrEqual(wanted);
      expect(sum(given) - wanted).toBeLessThan(Math.max(...parts.map(({ step }) => step)));
    }),
    RUNS,
  );
});
