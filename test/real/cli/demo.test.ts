import { expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

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

test('a week that is interrupted ends at once: the process that trades goes too', { timeout: WITHIN_MS }, async () => {
  const demo = new TillwireProcess('demo');
  try {
    await eventually(() => demo.stdout.includes('orders 100 placed'), { what: 'it trades', withinMs: 60_000 });
    demo.signal('SIGTERM');
    expect(await demo.exit()).toBe(1);
  } finally {
    await demo.end();
  }
});
