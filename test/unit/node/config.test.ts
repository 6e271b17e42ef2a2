import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { type Config, DEFAULT_CONFIG, readConfig } from '../../../supervisor/node/config.ts';

const HOUR_MS = 3600_000;
const folder = mkdtempSync(join(tmpdir(), 'tillwire-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const VERSION = { version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules: [{ rule: 'all', percent: '0.2' }] };

/** Each field other than its default. */
const GIVEN = {
  partitions: 8,
  replicas: 3,
  gateway: {
    accounts: { web: { requestsPerSecond: 10, burst: 20, concurrency: 5, provider: 'stripe' } },
    audit: { everySeconds: 7, graceSeconds: 70 },
  },
  cache: { maxActors: 11, maxBytes: 22 },
  offerTimeoutMs: 33,
  collectWithinHours: 1,
  reserveForHours: 2,
  readyWithinHours: 3,
  exchangeWithinHours: 0.5,
  authorisation: { expiry: 'release', warnBeforeHours: 6, actBeforeHours: 5, maxReauthorisations: 4 },
  payout: { when: 'by-period', period: 'week', weekday: 'tuesday', at: '01:00' },
  shipping: 'pro-rata',
  returns: { windowDays: 14, stockGoesTo: 'sender', refundShipping: 'when-all-returned' },
  refunds: { to: 'proportional', onFailure: 'next-tender' },
  keepNoticesHours: 9,
  report: { folder: '/reports', memoryMb: 128, threads: 7 },
  commission: { versions: [VERSION] },
};

const READ: Config = {
  partitions: 8,
  replicas: 3,
  accounts: new Map([
    ['web', { limits: { requestsPerSecond: 10, burst: 20, concurrency: 5 }, provider: 'stripe', methods: {} }],
  ]),
  cache: { maxActors: 11, maxBytes: 22 },
  offerTimeoutMs: 33,
  collectWithinMs: HOUR_MS,
  reserveForMs: 2 * HOUR_MS,
  readyWithinMs: 3 * HOUR_MS,
  exchangeWithinMs: HOUR_MS / 2,
  expiry: { act: 'release', warnBeforeMs: 6 * HOUR_MS, actBeforeMs: 5 * HOUR_MS, maxReauthorisations: 4 },
  payout: { when: 'by-period', period: 'week', endsAfterMs: 25 * HOUR_MS },
  shipping: 'pro-rata',
  refundsTo: 'proportional',
  refundFailure: 'next-tender',
  returns: { windowDays: 14, stockGoesTo: 'sender', refundShipping: 'when-all-returned' },
  keepNoticesMs: 9 * HOUR_MS,
  report: { folder: '/reports', memoryMb: 128, threads: 7 },
  audit: { everyMs: 7000, graceMs: 70_000 },
  commission: { versions: [VERSION] },
};

function read(config: object): Config {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return readConfig(file);
}

test('every field of a file is heard, in its unit', () => {
  expect(read(GIVEN)).toEqual(READ);
  const asDefault = Object.entries(DEFAULT_CONFIG).filter(([name, value]) =>
    isDeepStrictEqual(READ[name as keyof Config], value),
  );
  expect(asDefault).toEqual([]);
});

test('what a file leaves out is as by default', () => {
  expect(read({})).toEqual(DEFAULT_CONFIG);
  expect(read({ report: {}, cache: {}, refunds: {}, gateway: { audit: {} } })).toEqual(DEFAULT_CONFIG);
  expect(readConfig(undefined)).toEqual(DEFAULT_CONFIG);
});
