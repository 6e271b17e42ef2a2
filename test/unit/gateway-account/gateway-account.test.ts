import { expect, test } from 'vitest';
import { createGatewayAccount } from '../../../actors/gateway-account/gateway-account.ts';
import { ChartScenario, codesOf, command } from '../../fixture/chart-scenario.ts';

const actor = createGatewayAccount({ accounts: ['main'] });
const account = (id = 'main') => new ChartScenario(actor, id);
const SCRIPT = { kind: 'capture', behave: 'timeout-after', times: 2 };
const CAPABILITIES = { method: 'visa', captures: 1 };

test('a script and a capability record reach the account, from the first on', () => {
  const main = account()
    .given(command('ops-anna', 'script', SCRIPT))
    .is('known')
    .says('gateway-control', 'event scripted');
  expect(main.effects[0]).toEqual({ effect: 'gateway-control', account: 'main', control: 'script', payload: SCRIPT });
  main.given(command('ops-anna', 'capabilities', CAPABILITIES)).says('gateway-control', 'event capabilities-replaced');
  expect(main.effects[0]).toMatchObject({ control: 'capabilities', payload: CAPABILITIES });
  expect(main.last).toMatchObject({ revision: 2 });
});

test('unknown-gateway-account: an account that is not configured hears nothing and leaves no record', () => {
  const other = account('other')
    .when(command('ops-anna', 'script', SCRIPT))
    .refuses('unknown-gateway-account');
  expect(other.snapshot).toBeUndefined();
  other.when(command('ops-anna', 'capabilities', CAPABILITIES)).refuses('unknown-gateway-account');
});

test('every code of a gateway account has a row', () => {
  expect(codesOf('gateway-account')).toEqual(['unknown-gateway-account']);
});
