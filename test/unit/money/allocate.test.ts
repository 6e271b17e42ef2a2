import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../actors/money/allocate.ts';
import { deepFreeze, RUNS, sum } from './runs.ts';

const weights = fc
  .array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 1_000_000_000_000 })), { minLength: 1, maxLength: 40 })
  .filter((list) => list.some((weight) => weight > 0))
  .map(deepFreeze);
const amount = fc.oneof(fc.nat({ max: 1000 }), fc.maxSafeNat());

/** Largest remainder by the book, in BigInt: one unit at a time to the largest remainder not yet served. */
function byTheBook(total: number, parts: readonly number[]): number[] {
  const whole = parts.reduce((all, part) => all + BigInt(part), 0n);
  const products = parts.map((part) => BigInt(total) * BigInt(part));
  const shares = products.map((product) => product / whole);
  const remainders = products.map((product) => product % whole);
  let left = BigInt(total) - shares.reduce((all, share) => all + share, 0n);
  for (; left > 0n; left--) {
    let best = 0;
    remainders.forEach((remainder, index) => {
      if (remainder > (remainders[best] ?? 0n)) best = index;
    });
    shares[best] = (shares[best] ?? 0n) + 1n;
    remainders[best] = -1n;
  }
  return shares.map(Number);
}

describe('allocate', () => {
  it('gives the odd units to the largest remainders', () => {
    expect(allocate(1000, [8990, 4500])).toEqual([666, 334]);
    expect(allocate(10, [1, 2, 4])).toEqual([1, 3, 6]);
  });

  it('Sylius ProportionalIntegerDistributor: 1 cent over 3 equal lines is 1, 0, 0', () => {
    expect(allocate(1, [1000, 1000, 1000])).toEqual([1, 0, 0]);
  });

  it('ties go to the lowest index', () => {
    expect(allocate(5, [7, 7, 7])).toEqual([2, 2, 1]);
    expect(allocate(1, [0, 3, 3])).toEqual([0, 1, 0]);
  });

  it('shares sum to the amount, in BigInt territory too', () => {
    fc.assert(
      fc.property(amount, weights, (total, parts) => {
        expect(sum(allocate(total, parts))).toBe(total);
      }),
      RUNS,
    );
  });

  it('is largest remainder by the book', () => {
    fc.assert(
      fc.property(amount, weights, (total, parts) => {
        expect(allocate(total, parts)).toEqual(byTheBook(total, parts));
      }),
      RUNS,
    );
  });

  it('a larger weight never gets less, and zero gets zero', () => {
    fc.assert(
      fc.property(amount, weights, (total, parts) => {
        const byWeight = allocate(total, parts)
          .map((share, index) => ({ share, weight: parts[index] ?? 0 }))
          .sort((a, b) => a.weight - b.weight || a.share - b.share);
        byWeight.forEach(({ share, weight }, index) => {
          if (weight === 0) expect(share).toBe(0);
          expect(share).toBeGreaterThanOrEqual(byWeight[index - 1]?.share ?? 0);
        });
      }),
      RUNS,
    );
  });

  it('nothing over nothing is nothing', () => {
    expect(allocate(0, [])).toEqual([]);
    expect(allocate(0, [0, 0])).toEqual([0, 0]);
  });

  it.each([
    ['something over nothing', 1, [0, 0]],
    ['something over no lines', 1, []],
    ['a negative amount', -1, [1]],
    ['a fraction', 0.5, [1]],
    ['a negative weight', 1, [2, -1]],
    ['a fractional weight', 1, [0.5]],
    ['weights beyond counting', 1, [Number.MAX_SAFE_INTEGER, 1]],
  ])('%s is a defect', (_name, total, parts) => {
    expect(() => allocate(total, parts)).toThrow(RangeError);
  });
});
