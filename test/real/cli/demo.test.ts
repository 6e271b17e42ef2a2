import { expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const WITHIN_MS = 180_000;

test('the sample week is traded from one command, and its books balance', { timeout: WITHIN_MS }, async () => {
  const { code, stdout } = await tillwire('demo');
  expect(stdout).toMatch(/THE BOOKS BALANCE: Σ parties ([\d.]+ GBP) = captured − refunded \1 = moved \1\n/);
  // The same in every run, whoever is quicker.
  expect(stdout).toContain('\n  649 orders: 629 fulfilled, 18 cancelled, 2 closed\n');
  expect(stdout).toContain('\n  933 fulfilments: 895 handed-over, 31 cancelled, 7 declined\n');
  expect(stdout).toContain('\n  18 returns: 18 inspected\n');
  expect(stdout).toContain(' captured − refunded   298589.21 GBP  305190.27 GBP − 6601.06 GBP\n');
  expect(stdout).toContain(' payouts 72027.28 GBP − reversals 1224.14 GBP\n');
  expect(code).toBe(0);
});

test('a week that is interrupted ends at once: the process that trades goes too', { timeout: WITHIN_MS }, async () => {
  const demo = new TillwireProcess('demo');
  try {
    await eventually(() => /orders [1-9]\d* placed/.test(demo.stdout), { what: 'it trades', withinMs: 60_000 });
    demo.signal('SIGTERM');
    expect(await demo.exit()).toBe(1);
  } finally {
    await demo.end();
  }
});
