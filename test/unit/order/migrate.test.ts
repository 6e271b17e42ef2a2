/** Orders that a release before this one stored go on where they stood. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrate } from '../../../actors/order/migrate.ts';
import { createOrder } from '../../../actors/order/order.ts';
import { orderView } from '../../../actors/order/view.ts';
import { encode } from '../../../protocols/codec.ts';
import { POLICY, Scenario, shop } from './scenario.ts';

const stored = (name: string) => JSON.parse(readFileSync(new URL(`order-v1-${name}.json`, import.meta.url), 'utf8'));

function loaded(name: string): Scenario {
  const order = new Scenario('A1001', {});
  order.snapshot = createOrder(POLICY).load([{ name: '', bytes: encode(stored(name), 'msgpack') }]);
  order.now += 3600_000;
  return order;
}

test('the payment of a version 1 order is its only tender, and what it moved is that tender’s', () => {
  const { v, tenders, ledger } = migrate(stored('authorised'));
  expect(v).toBe(2);
  expect(tenders).toMatchObject([
    { account: 'main', method: 'visa', authorised: 13000, authorisedAt: '2026-11-22T09:00:00Z', settled: false },
  ]);
  expect(ledger.map(({ key, tender }) => [key, tender])).toEqual([
    ['A1001-c1', 0],
    ['A1001-p1', undefined],
    ['A1001-v1', 0],
  ]);
});

test('a version 1 order goes on: its money is refunded and nothing is asked twice', () => {
  const order = loaded('authorised');
  const before = order.view.ledger;
  order.when(shop.cancel());
  expect(order.view.ledger.slice(0, before.length)).toEqual(before);
  expect(order.requests.map(({ key, amount, transaction }) => [key, amount, transaction])).toEqual([
    ['A1001-r1', 8324, 'pi_3Px'],
    ['A1001-r2', 490, 'pi_3Px'],
  ]);
});

test('a version 1 order that settled at once has prepaid', () => {
  const { ledger } = migrate(stored('settled'));
  expect(ledger.map(({ key, prepayment, tender }) => [key, prepayment, tender])).toEqual([
    ['A1001-c1', true, 0],
    ['A1001-p1', undefined, undefined],
    ['A1001-r1', undefined, 0],
  ]);
  loaded('settled')
    .when(shop.cancel())
    .ledger(
      'A1001-c1 13000 confirmed',
      'A1001-p1 7283 requested',
      'A1001-r1 4186 requested',
      'A1001-r2 8324 requested',
      'A1001-r3 490 requested',
    );
});

test('a version that nobody knows is refused, not guessed at', () => {
  expect(() => migrate({ ...stored('settled'), v: 99 })).toThrow('version 99');
});

test('what is migrated is shown as it was', () => {
  const actor = createOrder(POLICY);
  const snapshot = loaded('authorised').snapshot;
  expect(snapshot && orderView(actor.read(snapshot)).totals).toMatchObject({ authorised: 13000, captured: 8814 });
});
