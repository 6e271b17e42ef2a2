import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_CONFIG, readConfig } from '../../../supervisor/node/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(config: object) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return readConfig(file);
}

test('without a word on returns, units may come back for 30 days, to the taker’s shelf', () => {
  expect(read({}).returns).toEqual({ windowDays: 30, stockGoesTo: 'taker', refundShipping: 'by-command' });
  expect(read({}).collectWithinMs).toBe(DEFAULT_CONFIG.collectWithinMs);
});

test('what is said of returns is kept, the rest has its default', () => {
  const reasons = [{ code: 'damaged', name: 'Damaged', windowDays: 730, shipping: true, fee: 0 }];
  expect(read({ returns: { reasons, windowDays: 14 } }).returns).toMatchObject({
    reasons,
    windowDays: 14,
    stockGoesTo: 'taker',
  });
});

test('the fee of a reason is said once for every currency, or by currency', () => {
  const reasons = [
    { code: 'a', name: 'A', fee: 300 },
    { code: 'b', name: 'B', fee: { EUR: 300, JPY: 500, KWD: 1000 } },
  ];
  expect(read({ returns: { reasons } }).returns.reasons).toEqual(reasons);
});

test('deadlines are in hours, fractions allowed', () => {
  expect(
    read({ collectWithinHours: 0.5, reserveForHours: 24, exchangeWithinHours: 1, readyWithinHours: 2 }),
  ).toMatchObject({
    readyWithinMs: 7_200_000,
    collectWithinMs: 1_800_000,
    reserveForMs: 86_400_000,
    exchangeWithinMs: 3_600_000,
  });
});

test.each([
  [{ returns: { windowDays: -1 } }, 'returns.windowDays'],
  [{ returns: { stockGoesTo: 'nobody' } }, 'returns.stockGoesTo'],
  [{ returns: { reasons: [{ code: 'a b', name: 'A' }] } }, 'returns.reasons.0.code'],
  [{ returns: { reasons: [{ code: 'a', name: 'A', fee: 0.5 }] } }, 'returns.reasons.0.fee'],
  [{ returns: { reasons: [{ code: 'a', name: 'A', fee: {} }] } }, 'returns.reasons.0.fee'],
  [{ returns: { reasons: [{ code: 'a', name: 'A', fee: { EUR: -1 } }] } }, 'returns.reasons.0.fee'],
  [{ returns: { reasons: [{ code: 'a', name: 'A', fee: { eur: 300 } }] } }, 'returns.reasons.0.fee'],
  [
    { returns: { reasons: [{ code: 'a', name: 'A', fee: { EUR: 300, XQX: 1 } }] } },
    'returns.reasons.0.fee.XQX must be of a currency with an ISO 4217 exponent',
  ],
  [
    {
      returns: {
        reasons: [
          { code: 'a', name: 'A' },
          { code: 'a', name: 'B' },
        ],
      },
    },
    'returns.reasons.1.code a is listed twice',
  ],
  [{ collectWithinHours: 0 }, 'collectWithinHours'],
])('%j is refused: %s', (config, field) => {
  expect(() => read(config)).toThrow(field);
});
