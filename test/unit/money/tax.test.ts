import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taxOfGross, taxOfNet } from '../../../actors/money/tax.ts';
import { RUNS, rate } from './runs.ts';

const anyRate = fc.constantFrom('0', '0.055', '0.07', '0.08875', '0.1', '0.2', '0.25', '1', '10').map(rate);

describe('tax', () => {
  it('is inside a gross price and on top of a net one', () => {
    expect(taxOfGross(8324, rate('0.2'))).toBe(1387);
    expect(taxOfGross(4166, rate('0.2'))).toBe(694);
    expect(taxOfGross(490, rate('0.2'))).toBe(82);
    expect(taxOfNet(6937, rate('0.2'))).toBe(1387);
    expect(taxOfNet(1000, rate('0.08875'))).toBe(89);
  });

  it('per-line amount off by cents (mollie/magento2 739): the tax of ten at 0.99 is not ten times the tax of one', () => {
    expect(taxOfGross(990, rate('0.21'))).toBe(172);
    expect(10 * taxOfGross(99, rate('0.21'))).toBe(170);
  });

  it('never exceeds the gross', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), anyRate, (gross, taxRate) => {
        const tax = taxOfGross(gross, taxRate);
        expect(tax).toBeGreaterThanOrEqual(0);
        expect(tax).toBeLessThanOrEqual(gross);
      }),
      RUNS,
    );
  });

  it('comes back out of the gross that it went into, to the minor unit, for rates up to 100 %', () => {
    const usual = fc.constantFrom('0', '0.055', '0.08875', '0.2', '0.25', '1').map(rate);
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000_000 }), usual, (net, taxRate) => {
        const tax = taxOfNet(net, taxRate);
        expect(Math.abs(taxOfGross(net + tax, taxRate) - tax)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });
});
