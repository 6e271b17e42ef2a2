import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChargedLine, type Charges, lineAmounts, type OrderAmounts } from '../../../actors/money/line-amounts.ts';
import { storeShare } from '../../../actors/money/share.ts';
import { exponentOf } from '../../../protocols/currency.ts';
import { deepFreeze, RUNS, rate, sum } from './runs.ts';

const VAT = rate('0.2');

function charges(lines: Partial<ChargedLine>[], more: Partial<Charges> = {}): Charges {
  const whole = lines.map((line) => ({ quantity: 1, unitPrice: 0, discount: 0, taxRate: VAT, ...line }));
  return deepFreeze({ taxIncluded: true, discount: 0, lines: whole, ...more });
}

function priced(order: Charges): OrderAmounts {
  const amounts = lineAmounts(order);
  if (amounts.kind === 'refused') throw new Error(`${amounts.refusal.code}: ${amounts.refusal.reason}`);
  return amounts;
}

describe('amounts of an order', () => {
  it('BASE comes out to the cent, parties included', () => {
    const order = charges([{ unitPrice: 8990 }, { unitPrice: 4500 }], {
      discount: 1000,
      shipping: { amount: 490, taxRate: VAT },
    });
    const { lines, shipping, total } = priced(order);
    expect(lines).toEqual([
      { gross: 8324, net: 6937, tax: 1387, discountShare: 666 },
      { gross: 4166, net: 3472, tax: 694, discountShare: 334 },
    ]);
    expect(shipping).toEqual({ gross: 490, net: 408, tax: 82 });
    expect(total).toBe(12980);
    expect(sum(lines.map((line) => line.tax)) + shipping.tax).toBe(2163);

    const shares = lines.map((line) => storeShare({ ...line, units: 1 }, { percent: '0.15' }));
    expect(shares).toEqual([7283, 3645]);
    const headquarters = lines.map((line, index) => line.gross - (shares[index] ?? 0));
    expect(headquarters).toEqual([1041, 521]);
    expect(sum(headquarters) + shipping.gross).toBe(2052);
    expect(sum(shares) + 2052).toBe(total);
  });

  it('tax goes on top where prices exclude it, and the discount comes off before', () => {
    const order = charges([{ quantity: 3, unitPrice: 1000, discount: 100 }], {
      taxIncluded: false,
      discount: 400,
      shipping: { amount: 500, taxRate: rate('0') },
    });
    expect(priced(order)).toEqual({
      kind: 'priced',
      lines: [{ gross: 3000, net: 2500, tax: 500, discountShare: 400 }],
      shipping: { gross: 500, net: 500, tax: 0 },
      total: 3500,
    });
  });

  it('without shipping and with lines worth nothing there is nothing to pay', () => {
    expect(priced(charges([{ unitPrice: 0 }, { unitPrice: 100, discount: 100 }]))).toMatchObject({
      shipping: { gross: 0, net: 0, tax: 0 },
      total: 0,
    });
  });

  it('captured amount ≠ order total (woocommerce-paypal-payments 4415): net + tax is the gross that was shown', () => {
    for (let gross = 1; gross <= 500; gross++) {
      const [line] = priced(charges([{ unitPrice: gross, taxRate: rate('0.19') }])).lines;
      expect(line && line.net + line.tax).toBe(gross);
    }
  });

  it('refund one cent above the order total (woocommerce 64668): lines and shipping sum to the total', () => {
    const order = charges(Array(7).fill({ unitPrice: 333, taxRate: rate('0.0825') }), {
      taxIncluded: false,
      discount: 100,
      shipping: { amount: 499, taxRate: rate('0.0825') },
    });
    const { lines, shipping, total } = priced(order);
    expect(sum(lines.map((line) => line.gross)) + shipping.gross).toBe(total);
    expect(sum(lines.map((line) => line.discountShare))).toBe(100);
  });

  it.each(['JPY', 'EUR', 'KWD'])('discount and tax add up to the minor unit in %s', (currency) => {
    const major = 10 ** (exponentOf(currency) ?? 0);
    const chargedLine = fc.record({
      quantity: fc.integer({ min: 1, max: 50 }),
      unitPrice: fc.nat({ max: 300 * major }),
      discount: fc.nat({ max: 1000 }),
      taxRate: fc.constantFrom('0', '0.055', '0.08875', '0.1', '0.2', '1').map(rate),
    });
    const order = fc.record({
      taxIncluded: fc.boolean(),
      lines: fc.array(chargedLine, { minLength: 1, maxLength: 12 }),
      permille: fc.nat({ max: 1000 }),
      shipping: fc.record({ amount: fc.nat({ max: 20 * major }), taxRate: fc.constant(VAT) }),
    });
    fc.assert(
      fc.property(order, ({ permille, ...given }) => {
        const lines = given.lines.map((line) => ({
          ...line,
          discount: Math.min(line.discount, line.quantity * line.unitPrice),
        }));
        const values = lines.map((line) => line.quantity * line.unitPrice - line.discount);
        const discount = Math.floor((sum(values) * permille) / 1000);
        const amounts = priced(deepFreeze({ ...given, lines, discount }));

        expect(sum(amounts.lines.map((line) => line.discountShare))).toBe(discount);
        expect(sum(amounts.lines.map((line) => line.gross)) + amounts.shipping.gross).toBe(amounts.total);
        amounts.lines.forEach((line, index) => {
          const listed = given.taxIncluded ? line.gross : line.net;
          expect(listed + line.discountShare).toBe(values[index]);
          expect(line.net + line.tax).toBe(line.gross);
          expect(Math.min(line.net, line.tax)).toBeGreaterThanOrEqual(0);
        });
      }),
      RUNS,
    );
  });

  it.each([
    ['a line discount above its line', charges([{ unitPrice: 10 }, { unitPrice: 100, discount: 101 }])],
    ['an order discount above all lines', charges([{ unitPrice: 100 }], { discount: 101 })],
    ['a discount on lines worth nothing', charges([{ unitPrice: 0 }], { discount: 1 })],
    [
      'a discount that only shipping could bear',
      charges([{ unitPrice: 5 }], { discount: 9, shipping: { amount: 9, taxRate: VAT } }),
    ],
  ])('refuses %s', (_name, order) => {
    expect(lineAmounts(order)).toMatchObject({ kind: 'refused', refusal: { code: 'discount-exceeds-value' } });
  });

  it.each([
    ['one line', charges([{ unitPrice: 1_000_000_000_000, quantity: 1_000_000 }])],
    ['a line whose discount brings it back', charges([{ unitPrice: 2 ** 52, quantity: 2, discount: 1000 }])],
    ['lines together', charges([{ unitPrice: Number.MAX_SAFE_INTEGER }, { unitPrice: 1 }])],
    ['tax on top', charges([{ unitPrice: Number.MAX_SAFE_INTEGER }], { taxIncluded: false })],
    ['shipping', charges([{ unitPrice: Number.MAX_SAFE_INTEGER }], { shipping: { amount: 1, taxRate: VAT } })],
  ])('refuses what is beyond counting: %s', (_name, order) => {
    expect(lineAmounts(order)).toMatchObject({ kind: 'refused', refusal: { code: 'amount-out-of-bounds' } });
  });

  it('the largest order that can be counted is priced', () => {
    expect(priced(charges([{ unitPrice: Number.MAX_SAFE_INTEGER }])).total).toBe(Number.MAX_SAFE_INTEGER);
  });
});
