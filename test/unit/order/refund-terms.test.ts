/** What a method allows when money goes back: parts or only the whole, and only so long after the payment. */
import { describe, expect, test } from 'vitest';
import { SIMULATED_CARD } from '../../../actors/capability/simulator.ts';
import type { Capability } from '../../../protocols/capability.ts';
import {
  A,
  BASE,
  claimed,
  confirmed,
  declared,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const DAY_MS = 24 * 3_600_000;
const WHOLE = { partialRefund: false };
const TEN_DAYS = { refundWithin: 10 };

function bought(terms: Partial<Capability>, units = 2, captured = 0): Scenario {
  const capability: Capability = { ...SIMULATED_CARD, ...terms };
  const place = simple(units, 1000);
  return scenario('A1', { capabilityOf: () => capability }).given(
    shop.place({ ...place, payment: { ...paymentOf(place), captured } }),
    plan({ 'store-a': { '1': units } }),
    reserved('A1-1'),
  );
}

const shipped = (terms: Partial<Capability>): Scenario =>
  bought(terms).given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'), A.ship(), declared('R1', { '1': 2 }));
const back = (count: number, claim = 1) => claimed('R1', { '1': [count, 0] }, { claim });
const attention = (order: Scenario) => order.view.attention.map(({ code, about }) => `${code} ${about}`);

describe('a method that is refunded whole or not at all', () => {
  test('gives back the whole', () => {
    shipped(WHOLE).when(back(2)).says('gateway A1-r1 2000').raises();
  });

  test('does not give back a part: it stays owed, a person is told once, and the order does not close', () => {
    const order = shipped(WHOLE).when(back(1)).says();
    expect(attention(order)).toEqual(['partial-refund-impossible A1-owed-1']);
    expect(order.view.attention[0]?.reason).toBe(
      'visa: refunded whole or not at all, and 10.00 EUR is a part; settle-refund ends it when it was paid in another way',
    );
    order.given(ops.refund(1), back(0, 3));
    expect(attention(order)).toEqual(['partial-refund-impossible A1-owed-1', 'partial-refund-impossible A1-owed-2']);
    order.shows({ state: 'fulfilled', totals: { refunded: 0 } });
  });

  test('gives back all parts at once when together they are the whole', () => {
    const order = shipped(WHOLE).given(back(1));
    order.when(back(1, 2)).says('gateway A1-r1 2000').raises();
    order.given(confirmed('A1-r1'), confirmed('A1-b1'));
    order.shows({ state: 'closed', totals: { refunded: 2000, attributed: 0 } });
  });

  test('leaves the part to another payment that can give it', () => {
    const [voucher, card] = ['voucher', 'card'].map((transaction) => ({
      ...paymentOf(BASE),
      transaction,
      authorised: 1000,
    }));
    const { payment: _, ...unpaid } = simple(2, 1000);
    if (!voucher || !card) throw new Error('two payments');
    const order = scenario('A1', {
      capabilityOf: (_account, method) => ({ ...SIMULATED_CARD, partialRefund: method !== 'own-voucher' }),
    }).given(
      shop.place({ ...unpaid, payments: [card, { ...voucher, method: 'own-voucher' }] }),
      plan({ 'store-a': { '1': 2 } }),
      reserved('A1-1'),
      A.ready(),
      confirmed('A1-c1'),
      confirmed('A1-c2'),
    );
    order.when(ops.refund(600)).says('event refund-granted', 'gateway A1-r1 600');
    expect(order.requests.at(-1)).toMatchObject({ transaction: 'card' });
    order.when(ops.refund(600)).says('event refund-granted').raises('partial-refund-impossible');
  });
});

describe('a method that takes money back for so long only', () => {
  test('gives it back on its last day', () => {
    const order = shipped(TEN_DAYS);
    order.when({ ...back(1), afterMs: 10 * DAY_MS - 60_000 }).says('gateway A1-r1 1000');
  });

  test('pain 23: a refund that can not be made any more is neither called a success nor lost', () => {
    const order = shipped(TEN_DAYS)
      .when({ ...back(1), afterMs: 10 * DAY_MS })
      .says();
    expect(attention(order)).toEqual(['refund-window-closed A1-owed-1']);
    expect(order.view.attention[0]?.reason).toBe(
      '10.00 EUR could be given back: A1-c1 by visa until 2026-12-02T09:00:04.000Z (10 days); settle-refund ends it when it was paid in another way',
    );
    order.shows({ state: 'fulfilled', totals: { refunded: 0 } });
  });

  test('what settled at once is as old as its payment, not as its goods', () => {
    const order = bought(TEN_DAYS, 2, 2000).given(A.ready(), A.ship(), declared('R1', { '1': 2 }));
    order.when({ ...back(1), afterMs: 10 * DAY_MS - 10_000 }).says('gateway A1-r1 1000');
    order
      .when({ ...back(1, 2), afterMs: 10_000 })
      .says()
      .raises('refund-window-closed');
  });
});

test('a request tells what its provider needs to hold it to the terms, and no more where nothing is special', () => {
  const authorisation = (order: Scenario) => order.requests.at(-1)?.authorisation;
  const plain = { amount: 2000, at: '2026-11-22T09:00:00Z' };
  expect(authorisation(bought({}).given(A.ready()))).toEqual(plain);
  expect(authorisation(bought({ ...TEN_DAYS, validFor: { customer: 1, merchant: 1 } }).given(A.ready()))).toEqual({
    ...plain,
    terms: TEN_DAYS,
  });
});
