import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../actors/money/allocate.ts';
import { amountOfUnits, taxedUnits } from '../../../actors/money/units.ts';
import { deepFreeze, RUNS, sum } from './runs.ts';

const line = fc
  .record({ gross: fc.oneof(fc.nat({ max: 200 }), fc.maxSafeNat()), taxShare: fc.nat({ max: 1000 }) })
  .map(({ gross, taxShare }) => {
    const tax = Math.min(gross, Math.floor((gross / 1000) * taxShare));
    return deepFreeze({ gross, net: gross - tax, tax });
  });
const quantity = fc.integer({ min: 1, max: 60 });

describe('units of a line', () => {
  it('the first ones carry the odd minor units', () => {
    expect([0, 1, 2].map((unit) => amountOfUnits(100, 3, unit, unit + 1))).toEqual([34, 33, 33]);
    expect(amountOfUnits(100, 3, 1, 3)).toBe(66);
    expect(amountOfUnits(100, 3, 2, 2)).toBe(0);
  });

  it('10 × 0.99 less 7 % is 9.21 (mollie/magento2 739, 896): not divisible by ten, adds up all the same', () => {
    const units = Array.from({ length: 10 }, (_, unit) => amountOfUnits(921, 10, unit, unit + 1));
    expect(units).toEqual([93, 92, 92, 92, 92, 92, 92, 92, 92, 92]);
    expect(sum(units)).toBe(921);
  });

  it('are largest-remainder shares of equal weights', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), quantity, (total, count) => {
        const units = Array.from({ length: count }, (_, unit) => amountOfUnits(total, count, unit, unit + 1));
        expect(units).toEqual(allocate(total, new Array(count).fill(1)));
      }),
      RUNS,
    );
  });

  it('sum to the line in gross, net and tax, however the line is split', () => {
    fc.assert(
      fc.property(line, quantity, fc.array(fc.nat({ max: 60 }), { maxLength: 10 }), (amounts, count, cuts) => {
        const bounds = [0, ...cuts.map((cut) => cut % (count + 1)).sort((a, b) => a - b), count];
        const parts = bounds.slice(1).map((to, index) => taxedUnits(amounts, count, bounds[index] ?? 0, to));
        expect(sum(parts.map((part) => part.gross))).toBe(amounts.gross);
        expect(sum(parts.map((part) => part.net))).toBe(amounts.net);
        expect(sum(parts.map((part) => part.tax))).toBe(amounts.tax);
        for (const part of parts) {
          expect(Math.min(part.net, part.tax)).toBeGreaterThanOrEqual(0);
          expect(part.net + part.tax).toBe(part.gross);
        }
      }),
      RUNS,
    );
  });

  it('units that the line does not have are a defect', () => {
    for (const [count, from, to] of [
      [3, 2, 1],
      [3, -1, 1],
      [3, 0, 4],
      [0, 0, 0],
    ] as const) {
      expect(() => amountOfUnits(100, count, from, to)).toThrow(RangeError);
    }
  });
});
