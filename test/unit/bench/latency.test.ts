import { expect, test } from 'vitest';
import { latencyOf } from '../../bench/latency.ts';

test('percentiles are measured times, by nearest rank', () => {
  const times = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(latencyOf(times)).toEqual({ samples: 200, p50Ms: 100, p99Ms: 198, maxMs: 200 });
});

test('nothing measured is not a time of zero', () => {
  expect(latencyOf([]).p99Ms).toBeNaN();
});
