import { expect, test } from 'vitest';
import { createGatewayAccount, storedOverrides } from '../../../actors/gateway-account/gateway-account.ts';
import { ChartScenario, codesOf, command } from '../../fixture/chart-scenario.ts';

const actor = createGatewayAccount(
  new Map([['main', { provider: 'stripe', methods: { visa: { captures: 50, partialReleasesRest: false } } }]]),
);
const account = (id = 'main') => new ChartScenario(actor, id);
const SCRIPT = { kind: 'capture', behave: 'timeout-after', times: 2 };
const CAPABILITIES = { method: 'visa', captures: 1 };

test('a script reaches the account, and a capability record everybody, from the first on', () => {
  const main = account()
    .given(command('ops-anna', 'script', SCRIPT))
    .is('known')
    .says('gateway-control', 'event scripted');
  expect(main.effects[0]).toEqual({ effect: 'gateway-control', account: 'main', control: 'script', payload: SCRIPT });
  main.given(command('ops-anna', 'capabilities', CAPABILITIES)).says('event capabilities-replaced');
  expect(main.payloadOf('capabilities-replaced')).toMatchObject({
    method: 'visa',
    captures: 1,
    partialReleasesRest: false,
    validFor: { customer: 168, merchant: 114 },
  });
  expect(main.last).toMatchObject({ revision: 2 });
});

test('what nobody knows in a script goes no further', () => {
  const main = account().given(command('ops-anna', 'script', { ...SCRIPT, unheard: 1 }));
  expect(main.effects[0]).toEqual({ effect: 'gateway-control', account: 'main', control: 'script', payload: SCRIPT });
  expect(main.payloadOf('scripted')).toEqual(SCRIPT);
});

test('unknown-gateway-account: an account that is not configured hears nothing and leaves no record', () => {
  const other = account('other')
    .when(command('ops-anna', 'script', SCRIPT))
    .refuses('unknown-gateway-account');
  expect(other.snapshot).toBeUndefined();
  other.when(command('ops-anna', 'capabilities', CAPABILITIES)).refuses('unknown-gateway-account');
});

const said = (main: ReturnType<typeof account>) => {
  if (!main.snapshot) throw new Error('nothing was stored');
  const [record] = actor.parts(main.snapshot, undefined);
  return storedOverrides(record?.bytes ?? new Uint8Array());
};

test('the last word on a method takes the place of what was said before; other methods keep theirs', () => {
  const main = account()
    .given(command('ops-anna', 'script', SCRIPT))
    .given(command('ops-anna', 'capabilities', { method: 'visa', captures: 3, refundWithin: 10 }))
    .given(command('ops-anna', 'capabilities', { method: 'twint', reauthorise: true, unheard: 1 }))
    .given(command('ops-anna', 'capabilities', CAPABILITIES));
  expect(said(main)).toEqual({ visa: { captures: 1 }, twint: { reauthorise: true } });
});

test('invalid-payload: a record that makes no sense with what is known of the method says why', () => {
  const refused = (payload: object, reason: string) => {
    const main = account().when(command('ops-anna', 'capabilities', { method: 'visa', ...payload }));
    expect(main.last).toMatchObject({ kind: 'refused', refusal: { code: 'invalid-payload', reason } });
  };
  refused(
    { delayedCapture: 'full' },
    'captures must be 1 where delayedCapture is full: there is nothing left after it, not 50',
  );
  refused({ amountStep: { XXX: 10 } }, 'amountStep.XXX must be of a currency with an ISO 4217 exponent');
  refused(
    { overCapture: { percent: 0, most: { EUR: 100 } } },
    'overCapture.most must not be given where overCapture.percent is 0',
  );
});

test('an account is told of a bounded number of methods', () => {
  const main = account();
  for (let method = 0; method < 500; method++)
    main.given(command('ops-anna', 'capabilities', { method: `m${method}` }));
  main.when(command('ops-anna', 'capabilities', { method: 'one-more' })).refuses('invalid-payload');
  main.given(command('ops-anna', 'capabilities', { method: 'm1', captures: 2 }));
});

test('every code of a gateway account has a row', () => {
  expect(codesOf('gateway-account')).toEqual(['unknown-gateway-account', 'invalid-payload']);
});

test('what the audit finds is an event of the account, for whoever watches it', () => {
  const difference = { account: 'main', order: 'A1', entry: 'A1-c1', currency: 'EUR', ledger: 0, gateway: 500 };
  const heard = (name: string) => ({
    name,
    payload: difference,
    sender: { kind: 'gateway', account: 'main' } as const,
  });
  const main = account().given(heard('ledger-differs')).says('event ledger-differs');
  expect(main.payloadOf('ledger-differs')).toEqual(difference);
  main.given(heard('ledger-agrees')).says('event ledger-agrees');
});
