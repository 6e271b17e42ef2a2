import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawOldestFirst } from '../../../actors/money/oldest-first.ts';
import { deepFreeze, RUNS, sum } from './runs.ts';

const CAPTURES = deepFreeze([
  { entry: 'A-c1', remaining: 300 },
  { entry: 'A-c2', remaining: 0 },
  { entry: 'A-c3', remaining: 200 },
]);

describe('a refund drawn from captures', () => {
  it('takes the oldest first and skips the empty ones', () => {
    expect(drawOldestFirst(450, CAPTURES)).toEqual({
      kind: 'drawn',
      draws: [
        { entry: 'A-c1', amount: 300 },
        { entry: 'A-c3', amount: 150 },
      ],
    });
    expect(drawOldestFirst(0, CAPTURES)).toEqual({ kind: 'drawn', draws: [] });
  });

  it('one cent above all captures is refused (woocommerce 64668), exactly all of them is not', () => {
    expect(drawOldestFirst(500, CAPTURES).kind).toBe('drawn');
    expect(drawOldestFirst(501, CAPTURES)).toMatchObject({ kind: 'refused', refusal: { code: 'exceeds-captured' } });
    expect(drawOldestFirst(1, [])).toMatchObject({ kind: 'refused' });
  });

  it('adds up, never takes more than a capture has, and touches a younger one only when the older is used up', () => {
    const captures = fc
      .array(fc.nat({ max: 1000 }), { maxLength: 8 })
      .map((amounts) => deepFreeze(amounts.map((remaining, index) => ({ entry: `A-c${index}`, remaining }))));
    fc.assert(
      fc.property(captures, fc.nat({ max: 4000 }), (open, amount) => {
        const drawn = drawOldestFirst(amount, open);
        if (drawn.kind === 'refused') {
          expect(sum(open.map((capture) => capture.remaining))).toBeLessThan(amount);
          return;
        }
        expect(sum(drawn.draws.map((draw) => draw.amount))).toBe(amount);
        const taken = new Map(drawn.draws.map((draw) => [draw.entry, draw.amount]));
        const last = drawn.draws.at(-1)?.entry;
        const lastIndex = open.findIndex((capture) => capture.entry === last);
        open.forEach(({ entry, remaining }, index) => {
          const amountTaken = taken.get(entry) ?? 0;
          expect(amountTaken).toBeLessThanOrEqual(remaining);
          if (index < lastIndex) expect(amountTaken).toBe(remaining);
        });
      }),
      RUNS,
    );
  });

  it('a negative refund or remainder is a defect', () => {
    expect(() => drawOldestFirst(-1, CAPTURES)).toThrow(RangeError);
    expect(() => drawOldestFirst(1, [{ entry: 'A-c1', remaining: -1 }])).toThrow(RangeError);
  });
});
