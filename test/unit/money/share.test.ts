import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeShare } from '../../../actors/money/share.ts';
import { type Taxed, taxedUnits } from '../../../actors/money/units.ts';
import { deepFreeze, RUNS, rate } from './runs.ts';

const commission = fc.constantFrom('0', '0.07', '0.125', '0.15', '0.333', '1').map(rate);
const line = fc
  .tuple(fc.nat({ max: 1_000_000 }), fc.nat({ max: 1_000_000 }))
  .map(([net, tax]) => deepFreeze({ gross: net + tax, net, tax }));
const QUANTITY = 12;

describe('store share', () => {
  it('is gross less half-up commission on net', () => {
    expect(storeShare({ gross: 8324, net: 6937 }, rate('0.15'))).toBe(7283);
    expect(storeShare({ gross: 4166, net: 3472 }, rate('0.15'))).toBe(3645);
    expect(storeShare({ gross: 0, net: 0 }, rate('0.15'))).toBe(0);
  });

  it('lies between the tax and the gross for a commission up to 100 %', () => {
    fc.assert(
      fc.property(line, commission, (amounts, rule) => {
        const share = storeShare(amounts, rule);
        expect(share).toBeGreaterThanOrEqual(amounts.tax);
        expect(share).toBeLessThanOrEqual(amounts.gross);
      }),
      RUNS,
    );
  });

  it('differences add up to the share of what is held, for any order of captures and refunds', () => {
    const moves = fc.array(fc.record({ capture: fc.boolean(), units: fc.nat({ max: QUANTITY }) }), { maxLength: 20 });
    fc.assert(
      fc.property(line, commission, moves, (amounts, rule, steps) => {
        let held: Taxed = { gross: 0, net: 0, tax: 0 };
        let [captured, refunded, paid] = [0, 0, 0];
        for (const { capture, units } of steps) {
          const from = capture ? captured : refunded;
          const to = Math.min(from + units, capture ? QUANTITY : captured);
          const moved = taxedUnits(amounts, QUANTITY, from, to);
          const after = plus(held, moved, capture ? 1 : -1);
          const part = storeShare(after, rule) - storeShare(held, rule);
          expect(capture ? part : -part).toBeGreaterThanOrEqual(0);
          paid += part;
          held = after;
          if (capture) captured = to;
          else refunded = to;
        }
        expect(paid).toBe(storeShare(taxedUnits(amounts, QUANTITY, refunded, captured), rule));
      }),
      RUNS,
    );
  });
});

function plus(held: Taxed, moved: Taxed, sign: 1 | -1): Taxed {
  return {
    gross: held.gross + sign * moved.gross,
    net: held.net + sign * moved.net,
    tax: held.tax + sign * moved.tax,
  };
}
