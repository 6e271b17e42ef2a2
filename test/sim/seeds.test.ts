import { describe, expect, test } from 'vitest';
import { MOST_ORDERS, simulate } from './simulate.ts';

const GROUPS = 10;

describe.each([
  { orders: MOST_ORDERS, seeds: 300 },
  { orders: 9, seeds: 150 },
])('the invariants hold under every interleaving and fault, with up to $orders orders', ({ orders, seeds }) => {
  for (let group = 0; group < GROUPS; group++) {
    const from = 1 + (group * seeds) / GROUPS;
    const to = from + seeds / GROUPS;
    test(`of the seeds ${from} to ${to - 1}`, async () => {
      for (let seed = from; seed < to; seed++) {
        const { violations } = await simulate({ seed, orders });
        expect(violations, `npm run sim -- --seed ${seed} --orders ${orders} --trace`).toEqual([]);
      }
    });
  }
});

describe('a run', () => {
  test('is the same for the same seed', async () => {
    for (const seed of [7, 8, 9]) {
      const [one, other] = [await simulate({ seed }), await simulate({ seed })];
      expect(one.hash()).toBe(other.hash());
    }
  });

  test('is another for another seed', async () => {
    expect((await simulate({ seed: 7 })).hash()).not.toBe((await simulate({ seed: 8 })).hash());
  });

  test('without faults comes to rest too', async () => {
    for (let seed = 1; seed <= 10; seed++) expect((await simulate({ seed, calm: true })).violations).toEqual([]);
  });
});
