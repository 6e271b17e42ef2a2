import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeldOfLine, storeShare } from '../../../actors/money/share.ts';
import { taxedUnits } from '../../../actors/money/units.ts';
import type { Commission } from '../../../protocols/commission.ts';
import { deepFreeze, RUNS } from './runs.ts';

const percent = fc
  .constantFrom('0', '0.07', '0.125', '0.15', '0.333', '1')
  .map((rate): Commission => ({ percent: rate }));
const amount = fc.nat({ max: 200_000 });
const fixed = amount.map((each): Commission => ({ fixed: each }));
const bounded = fc
  .tuple(fc.oneof(percent, fixed), amount, amount)
  .map(([rule, one, other]): Commission => ({ ...rule, minimum: Math.min(one, other), maximum: Math.max(one, other) }));
const anyRule = fc.oneof(percent, fixed, bounded).map((rule) => deepFreeze(rule));
const line = fc
  .tuple(fc.nat({ max: 1_000_000 }), fc.nat({ max: 1_000_000 }))
  .map(([net, tax]) => deepFreeze({ gross: net + tax, net, tax }));
const QUANTITY = 12;

const held = (gross: number, net: number, units = 1): HeldOfLine => ({ gross, net, units });

describe('store share', () => {
  it('is gross less half-up commission on net', () => {
    expect(storeShare(held(8324, 6937), { percent: '0.15' })).toBe(7283);
    expect(storeShare(held(4166, 3472), { percent: '0.15' })).toBe(3645);
    expect(storeShare(held(0, 0, 0), { percent: '0.15' })).toBe(0);
  });

  it('is gross less a fixed amount for each unit', () => {
    expect(storeShare(held(3000, 2500, 3), { fixed: 200 })).toBe(2400);
    expect(storeShare(held(500, 400, 3), { fixed: 200 })).toBe(0);
  });

  it('leaves headquarters no less than the minimum and no more than the maximum of a line', () => {
    expect(storeShare(held(1000, 1000), { percent: '0.1', minimum: 150 })).toBe(850);
    expect(storeShare(held(1000, 1000), { percent: '0.1', maximum: 50 })).toBe(950);
    expect(storeShare(held(100, 100), { percent: '0.1', minimum: 150 })).toBe(0);
    expect(storeShare(held(0, 0, 0), { percent: '0.1', minimum: 150 })).toBe(0);
  });

  it('lies between the tax and the gross for a rate up to 100 %', () => {
    fc.assert(
      fc.property(line, percent, (amounts, rule) => {
        const share = storeShare({ ...amounts, units: 1 }, rule);
        expect(share).toBeGreaterThanOrEqual(amounts.tax);
        expect(share).toBeLessThanOrEqual(amounts.gross);
      }),
      RUNS,
    );
  });

  it('lies between nothing and the gross under any rule, and commission keeps its bounds', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: QUANTITY }), anyRule, ({ gross, net }, units, rule) => {
        const share = storeShare({ gross, net, units }, rule);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(gross);
        if (rule.maximum !== undefined) expect(gross - share).toBeLessThanOrEqual(rule.maximum);
        if (rule.minimum !== undefined) expect(gross - share).toBeGreaterThanOrEqual(Math.min(gross, rule.minimum));
      }),
      RUNS,
    );
  });

  it('differences add up to the share of what is held, for any rule and any order of captures and refunds', () => {
    const moves = fc.array(fc.record({ capture: fc.boolean(), units: fc.nat({ max: QUANTITY }) }), { maxLength: 20 });
    fc.assert(
      fc.property(line, anyRule, moves, (amounts, rule, steps) => {
        const between = (from: number, to: number) => ({
          ...taxedUnits(amounts, QUANTITY, from, to),
          units: to - from,
        });
        let [captured, refunded, paid, before] = [0, 0, 0, 0];
        for (const { capture, units } of steps) {
          if (capture) captured = Math.min(captured + units, QUANTITY);
          else refunded = Math.min(refunded + units, captured);
          const after = storeShare(between(refunded, captured), rule);
          paid += after - before;
          before = after;
        }
        expect(paid).toBe(storeShare(between(refunded, captured), rule));
        expect(paid).toBeLessThanOrEqual(between(refunded, captured).gross);
      }),
      RUNS,
    );
  });
});
