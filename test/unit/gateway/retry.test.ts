import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../../actors/gateway/retry.ts';

const backoff = { baseMs: 200, capMs: 10_000 };

test('the wait doubles up to the cap', () => {
  expect([1, 2, 3, 4, 7, 100, 5000].map((tries) => backoffMs(tries, 1, backoff))).toEqual([
    200, 400, 800, 1600, 10_000, 10_000, 10_000,
  ]);
});

test('jitter takes away at most half', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
      const full = backoffMs(tries, 1, backoff);
      const waitMs = backoffMs(tries, random, backoff);
      expect(waitMs).toBeGreaterThanOrEqual(full / 2);
      expect(waitMs).toBeLessThanOrEqual(full);
    }),
  );
});

test('random 0 takes all of that half away, random 1 nothing, and two of them wait differently', () => {
  expect([0, 0.25, 0.5, 1].map((random) => backoffMs(2, random, backoff))).toEqual([200, 250, 300, 400]);
  expect([0, 1].map((random) => backoffMs(100, random, backoff))).toEqual([5000, 10_000]);
});
