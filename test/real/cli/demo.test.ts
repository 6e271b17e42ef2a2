import { expect, test } from 'vitest';
import { tillwire } from './tillwire-process.ts';

const WITHIN_MS = 180_000;

test('the sample week is traded from one command, and its books balance', { timeout: WITHIN_MS }, async () => {
  const { code, stdout } = await tillwire('demo');
  expect(stdout).toMatch(/THE BOOKS BALANCE: Σ parties ([\d.]+ GBP) = captured − refunded \1 = moved \1\n/);
  expect(stdout).toMatch(/\n {2}649 orders: \d+ fulfilled, /);
  // Of 18: which scarce units reach whom depends on who asks first, and nobody sends back what never came.
  const [, returns, inspected] = /\n {2}(\d+) returns: (\d+) inspected\n/.exec(stdout) ?? [];
  expect(Number(returns)).toBeGreaterThanOrEqual(15);
  expect(inspected).toBe(returns);
  expect(code).toBe(0);
});
