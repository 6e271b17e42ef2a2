/** What stands in for a capture that failed: as much as is missing, whatever others took of the shipping fee since. */
import { describe, expect, test } from 'vitest';
import { accountMethods } from '../../../actors/capability/account-methods.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  B,
  BASE,
  confirmed,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  result,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
} from './scenario.ts';

const DAY_MS = 86_400_000;
const METHODS = accountMethods('simulator', { whole: { delayedCapture: 'full' } });
const WHOLE = { capabilityOf: (_: string, method: string) => METHODS.get(method), methodsOf: () => METHODS.keys() };

const paying = (transaction: string, authorised: number, more: object = {}) => ({
  ...paymentOf(BASE),
  transaction,
  authorised,
  ...more,
});

const ideal = (amount: number) => paying('tr_0', amount, { method: 'ideal', captured: amount });

function ordered(place: ReturnType<typeof simple>, fee: number, ...payments: ReturnType<typeof paying>[]) {
  const { payment: _, ...rest } = place;
  return shop.place({ ...rest, ...(fee > 0 ? { shipping: { amount: fee, taxRate: '0.2' } } : {}), payments });
}

/** Nothing was sent, as its authorisation had ended. */
function lapsed(key: string): Said {
  const said = result(key, 'failed');
  return { ...said, payload: { ...Object(said.payload), code: 'authorisation-expired', reason: 'it has ended' } };
}

/** The gateway says yes to all that is asked. */
function confirmAll(order: Scenario): Scenario {
  for (let round = 0; round < 9; round++) {
    for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
  }
  return order;
}

const openRequest = (order: Scenario) => order.view.paymentRequests?.find(({ state }) => state === 'open')?.amount;

function paysFor(order: Scenario, amount: number): void {
  const { captured, refunded } = order.view.totals;
  expect([order.view.state, captured - refunded, order.view.totals.open.refund]).toEqual(['fulfilled', amount, 0]);
  expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
}

describe('two cards pay for goods with their fee, and the part of the second one is less than the fee', () => {
  const half = (cards: [number, number], said: Said): Scenario =>
    scenario('A1').given(
      ordered(simple(2, 1000), 500, paying('pi_a', cards[0]), paying('pi_b', cards[1])),
      plan({ 'store-a': { '1': 2 } }),
      reserved('A1-1'),
      A.ready('A1-1', { '1': 1 }),
      confirmed('A1-c1'),
      said,
    );

  test('what he is asked for pays what the first one did not take of the fee, and the other goods', () => {
    const order = half([1200, 1300], lapsed('A1-c2'));
    expect(openRequest(order)).toBe(1300);
    order.given(ops.paid(1300), A.ready());
    expect(openRequest(confirmAll(order))).toBeUndefined();
    paysFor(confirmAll(order.given(A.ship())).raises(), 2500);
  });

  test('and what was declined moves after all: what is paid twice goes back', () => {
    const order = half([1200, 1300], failed('A1-c2')).given(ops.requestPayment('A1-c2'));
    order.given(ops.paid(openRequest(order) ?? 0), A.ready());
    order.given(failed('A1-v1'), confirmed('A1-c2', 9000));
    confirmAll(confirmAll(order).given(A.ship())).raises('void-failed');
    paysFor(order, 2500);
  });
});

describe('a gift was taken at once, a card pays the rest and declines, and other goods take the fee', () => {
  const LINES = [
    { line: '1', sku: 'S1', quantity: 1, unitPrice: 100, taxRate: '0.2' },
    { line: '2', sku: 'S2', quantity: 1, unitPrice: 333, taxRate: '0.2' },
  ];
  const asked = (card = 1616): Scenario =>
    scenario('A1').given(
      ordered({ ...simple(1, 1), lines: LINES }, 4001, ideal(2818), paying('pi_b', card)),
      plan({ 'store-a': { '2': 1 }, 'store-b': { '1': 1 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      A.ready(),
      failed('A1-c2'),
      B.ready(),
      confirmed('A1-c3'),
      ops.requestPayment('A1-c2'),
    );

  test('the customer is asked for what is missing, and no more', () => {
    const order = asked();
    expect(openRequest(order)).toBe(333);
    paysFor(confirmAll(order.given(ops.paid(333), A.ship(), B.ship())).raises(), 4434);
  });

  test('and the card takes it after all: that goes back', () => {
    const order = asked(3132).given(ops.paid(333), failed('A1-v1'), confirmed('A1-c2', 9000));
    confirmAll(order.given(A.ship(), B.ship())).raises('void-failed');
    paysFor(order, 4434);
  });
});

test('a method that is captured whole takes all of it in the place of what lapsed, and gives back what nobody asked for', () => {
  const order = scenario('A1', WHOLE).given(
    ordered(simple(1, 3000), 0, paying('pi_a', 3000), paying('pi_b', 5000, { method: 'whole' })),
    plan({ 'store-a': { '1': 1 } }),
    reserved('A1-1'),
    A.ready(),
    lapsed('A1-c1'),
  );
  order.ledger('A1-c1 3000 failed', 'A1-c2 5000 requested');
  paysFor(confirmAll(confirmAll(order).given(A.ship())).raises(), 3000);
});

describe('the shipping fee is more than any of the payments that came before the goods', () => {
  test('paid at the shop, and on request', () => {
    const order = scenario('A1').given(
      ordered(simple(1, 200), 1000, ideal(300), paying('pi_b', 900)),
      plan({ 'store-a': { '1': 1 } }),
      reserved('A1-1'),
      { ...timer('expire-authorisation', { tender: 1 }), afterMs: 6.6 * DAY_MS },
    );
    expect(openRequest(order)).toBe(900);
    order.given(ops.paid(900), A.ready());
    paysFor(confirmAll(confirmAll(order).given(A.ship())).raises(), 1200);
  });

  test('paid at the shop, in two parts', () => {
    const order = scenario('A1').given(
      ordered(simple(1, 200), 1000, ideal(300), paying('tr_1', 900, { method: 'ideal', captured: 900 })),
      plan({ 'store-a': { '1': 1 } }),
      reserved('A1-1'),
      A.ready(),
    );
    paysFor(confirmAll(confirmAll(order).given(A.ship())).raises(), 1200);
  });

  test('and goes back where nothing leaves', () => {
    const order = scenario('A1').given(
      ordered(simple(1, 200), 1000, ideal(300), paying('tr_1', 900, { method: 'ideal', captured: 900 })),
      plan({ 'store-a': { '1': 1 } }),
      reserved('A1-1'),
      A.ready(),
      shop.cancel(),
    );
    confirmAll(order).shows({ state: 'cancelled', totals: { captured: 1200, refunded: 1200 } });
  });
});
