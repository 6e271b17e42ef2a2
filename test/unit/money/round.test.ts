import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfUp, halfUpProduct } from '../../../actors/money/round.ts';
import { RUNS } from './runs.ts';

const denominator = fc.integer({ min: 1, max: 1_100_000_000 });

describe('half-up', () => {
  it.each([
    [0, 2, 0],
    [1, 2, 1],
    [1, 3, 0],
    [2, 3, 1],
    [3, 2, 2],
    [-1, 2, -1],
    [-1, 3, 0],
    [-3, 2, -2],
    [Number.MAX_SAFE_INTEGER, 2, 4_503_599_627_370_496],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1],
  ])('%d / %d is %d', (numerator, divisor, rounded) => {
    expect(halfUp(numerator, divisor)).toBe(rounded);
  });

  it('is within half of the exact value, halves away from zero', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), denominator, (numerator, divisor) => {
        const twiceOff = 2n * (BigInt(halfUp(numerator, divisor)) * BigInt(divisor) - BigInt(numerator));
        const awayFromZero = numerator < 0 ? -twiceOff : twiceOff;
        expect(awayFromZero).toBeLessThanOrEqual(BigInt(divisor));
        expect(awayFromZero).toBeGreaterThan(-BigInt(divisor));
      }),
      RUNS,
    );
  });

  it('mirrors: half-up of −n is −half-up of n', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), denominator, (numerator, divisor) => {
        expect(halfUp(-numerator, divisor) + halfUp(numerator, divisor)).toBe(0);
      }),
      RUNS,
    );
  });

  it('of a product too large for a number is as exact as of a small one', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat({ max: 1_000_000_000 }), denominator, (amount, times, divisor) => {
        fc.pre(times <= divisor);
        const twiceOff =
          2n * (BigInt(halfUpProduct(amount, times, divisor)) * BigInt(divisor) - BigInt(amount) * BigInt(times));
        const awayFromZero = amount < 0 ? -twiceOff : twiceOff;
        expect(awayFromZero).toBeLessThanOrEqual(BigInt(divisor));
        expect(awayFromZero).toBeGreaterThan(-BigInt(divisor));
      }),
      RUNS,
    );
  });

  it('a fraction that is not exact is a defect', () => {
    for (const [numerator, divisor] of [
      [0.5, 1],
      [1, 0],
      [1, -2],
      [2 ** 53, 1],
      [1, Number.NaN],
    ] as const) {
      expect(() => halfUp(numerator, divisor)).toThrow(RangeError);
    }
  });
});
