/** Orders that a release before this one stored go on where they stood. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrate } from '../../../actors/order/migrate/migrate.ts';
import { createOrder } from '../../../actors/order/order.ts';
import { orderView } from '../../../actors/order/view.ts';
import { encode } from '../../../protocols/codec.ts';
import { claimed, confirmed, POLICY, Scenario, shop } from './scenario.ts';

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

test('what a version 1 order gave back, and what it is still to get back, names its fulfilments', () => {
  const { obligations, returns } = migrate(stored('returned'));
  expect(obligations.map(({ pieces, allowances }) => [pieces, allowances])).toEqual([
    [[{ quantity: 1, gross: 1000, tax: 167, entry: 1, line: 0, fulfilment: 1 }], []],
    [
      [],
      [
        { line: 0, fulfilment: 0, amount: 200 },
        { line: 0, fulfilment: 1, amount: 200 },
      ],
    ],
  ]);
  // Those of store-b left first.
  expect(returns.map(({ lines }) => lines)).toEqual([
    [{ line: 0, fulfilment: 1, declared: 1 }],
    [
      { line: 0, fulfilment: 1, declared: 1 },
      { line: 0, fulfilment: 0, declared: 1 },
    ],
  ]);
});

test('a version 1 order with open returns goes on: each store gives back its own share', () => {
  const order = loaded('returned').given(confirmed('A1001-r1'), confirmed('A1001-r2'), claimed('R2', { '1': [2, 0] }));
  const reversals = ['A1001-b1', 'A1001-b2', 'A1001-b3', 'A1001-b4'];
  order.given(confirmed('A1001-r3'), ...reversals.map((key) => confirmed(key)));
  // The customer keeps one unit of each, 800 with 133 of tax after its goodwill: less 15 and 10 % of the rest.
  order.shows({ totals: { refunded: 3400 }, parties: { 'store-a': 700, 'store-b': 733, headquarters: 167 } }).raises();
});

test('a version that nobody knows is refused, not guessed at', () => {
  expect(() => migrate({ ...stored('settled'), v: 99 })).toThrow('version 99');
});

test('what is migrated is shown as it was', () => {
  const actor = createOrder(POLICY);
  const snapshot = loaded('authorised').snapshot;
  expect(snapshot && orderView(actor.read(snapshot)).totals).toMatchObject({ authorised: 13000, captured: 8814 });
});
