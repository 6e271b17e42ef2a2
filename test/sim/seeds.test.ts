import { describe, expect, test } from 'vitest';
import { simulate } from './simulate.ts';

const SEEDS = 300;
const GROUPS = 10;

describe('the invariants hold under every interleaving and fault', () => {
  for (let group = 0; group < GROUPS; group++) {
    const from = 1 + (group * SEEDS) / GROUPS;
    const to = from + SEEDS / GROUPS;
    test(`of the seeds ${from} to ${to - 1}`, async () => {
      for (let seed = from; seed < to; seed++) {
        const { violations } = await simulate({ seed });
        expect(violations, `npm run sim -- --seed ${seed} --trace`).toEqual([]);
      }
    });
  }
});

describe('a run', () => {
  test('is the same for the same seed', async () => {
    for (const seed of [7, 8, 9]) {
      const [one, other] = [await simulate({ seed }), await simulate({ seed })];
      expect(one.hash).toBe(other.hash);
    }
  });

  test('is another for another seed', async () => {
    expect((await simulate({ seed: 7 })).hash).not.toBe((await simulate({ seed: 8 })).hash);
  });

  test('without faults comes to rest too', async () => {
    for (let seed = 1; seed <= 10; seed++) expect((await simulate({ seed, calm: true })).violations).toEqual([]);
  });
});
