import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const DECISIONS = readFileSync(new URL('../../../DECISIONS.md', import.meta.url), 'utf8');

test('each decision has a number of its own, and none is missing', () => {
  const numbers = [...DECISIONS.matchAll(/^\*\*(\d+)\. /gm)].map(([, number]) => Number(number)).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(numbers.length).toBeGreaterThan(100);
});

test('each group has its decisions in the order in which they were taken', () => {
  for (const group of DECISIONS.split(/^## /m).slice(1)) {
    const numbers = [...group.matchAll(/^\*\*(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
});
