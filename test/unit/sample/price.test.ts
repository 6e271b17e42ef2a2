import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { halfUpPence, linePrice, movedMills, parseMills } from '../../../supervisor/sample/price.ts';

describe('prices of the sheet', () => {
  test('a price is read exactly, to a tenth of a penny', () => {
    expect(['6.95', '0.001', '2.1', '18', '-3.5', '0'].map(parseMills)).toEqual([6950, 1, 2100, 18000, -3500, 0]);
  });

  test.each(['0.0001', '1e3', '', '1,5', 'NaN'])('"%s" is refused', (text) => {
    expect(() => parseMills(text)).toThrow('not a decimal');
  });

  test('a whole-penny price is sent as it is', () => {
    expect(linePrice(12, 6950)).toEqual({ unitPrice: 695, discount: 0, amount: 8340 });
  });

  test('a price with half a penny goes at the next penny, with a discount down to the rounded amount', () => {
    expect(linePrice(10, 2955)).toEqual({ unitPrice: 296, discount: 5, amount: 2955 });
    expect(linePrice(1, 2955)).toEqual({ unitPrice: 296, discount: 0, amount: 296 });
    expect(linePrice(30, 1)).toEqual({ unitPrice: 1, discount: 27, amount: 3 });
  });

  test('unit price, discount and amount always agree, and rounding moves at most half a penny', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 10_000_000 }), (quantity, mills) => {
        const { unitPrice, discount, amount } = linePrice(quantity, mills);
        const moved = movedMills(amount, quantity * mills);
        expect(quantity * unitPrice - discount).toBe(amount);
        expect(discount).toBeGreaterThanOrEqual(0);
        expect(amount).toBe(halfUpPence(quantity * mills));
        expect(moved > -5 && moved <= 5).toBe(true);
      }),
      { seed: 1 },
    );
  });
});
