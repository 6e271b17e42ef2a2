import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encode } from '../../../protocols/codec.ts';
import { readConfig } from '../../../supervisor/node/config.ts';
import { KnownCapabilities } from '../../../supervisor/node/known-capabilities.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-accounts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(accounts: object) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ gateway: { accounts } }));
  return readConfig(file).accounts;
}

test('an account is the simulator’s unless it says whose it is', () => {
  expect(read({ main: {} }).get('main')).toEqual({
    limits: { requestsPerSecond: 100, burst: 100, concurrency: 50 },
    provider: 'simulator',
    methods: {},
  });
});

test('a burst is what goes in a second, unless it is said otherwise', () => {
  const limits = { requestsPerSecond: 10, burst: 10, concurrency: 50 };
  expect(read({ main: { requestsPerSecond: 10 } }).get('main')).toMatchObject({ limits });
});

test('what is configured, and what ops says since, is what a node knows', () => {
  const known = new KnownCapabilities(read({ web: { provider: 'stripe', methods: { visa: { captures: 50 } } } }));
  expect(known.methods('web').get('visa')).toMatchObject({ captures: 50, partialReleasesRest: true });
  known.learn('web', encode({ v: 1, methods: { visa: { partialReleasesRest: false } } }, 'msgpack'));
  expect(known.methods('web').get('visa')).toMatchObject({ captures: 50, partialReleasesRest: false });
  known.learn('web', encode({ v: 1 }, 'msgpack'));
  expect(known.methods('web').get('visa')).toMatchObject({ partialReleasesRest: true });
  known.learn('other', encode({ v: 1, methods: { visa: {} } }, 'msgpack'));
  expect(known.methods('other').size).toBe(0);
});

test.each([
  [{ provider: 'acme' }, 'gateway.accounts.main.provider must be one of "simulator", "stripe", "adyen", "paypal"'],
  [{ methods: { visa: { captures: 0 } } }, 'gateway.accounts.main.methods.visa.captures must be >= 1'],
  [{ methods: { visa: { capturs: 2 } } }, 'gateway.accounts.main.methods.visa.capturs is no field that is known'],
  [
    { methods: { visa: { delayedCapture: 'later' } } },
    'gateway.accounts.main.methods.visa.delayedCapture must be one of "full", "partial", "none"',
  ],
  [{ methods: { 'a b': {} } }, 'gateway.accounts.main.methods.a b is no field that is known'],
  [{ methods: { visa: { amountStep: { kwd: 10 } } } }, 'methods.visa.amountStep.kwd is no field that is known'],
  [{ methods: { visa: { amountStep: { XXX: 10 } } } }, 'methods.visa.amountStep.XXX must be of a currency'],
  [{ methods: { visa: { delayedCapture: 'full' } } }, 'methods.visa.captures must be 1 where delayedCapture is full'],
])('%j is refused: %s', (account, problem) => {
  expect(() => read({ main: account })).toThrow(problem);
});
