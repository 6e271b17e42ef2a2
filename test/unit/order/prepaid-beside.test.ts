/** Prepaid money and cards pay for goods together, a card declines, and the goods are wanted no more: nothing is drawn for them. */
import { describe, expect, test } from 'vitest';
import { confirmAll } from './confirm-all.ts';
import { methodsOf, paying, prepaid } from './payments.ts';
import {
  A,
  B,
  confirmed,
  failed,
  failedLate,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const policy = methodsOf({ stepped: { amountStep: { EUR: 10 } } });

const IDEAL = prepaid(1000);

/** Four units of 1000 of one store, which has them ready, and one of 500 of another one. */
function bothStores(): Scenario {
  const { payment: _, ...place } = simple(1, 1);
  const lines = [
    { line: '1', sku: 'S1', quantity: 4, unitPrice: 1000, taxRate: '0.2' },
    { line: '2', sku: 'S2', quantity: 1, unitPrice: 500, taxRate: '0.2' },
  ];
  return scenario('A1', policy)
    .given(
      shop.place({ ...place, lines, payments: [IDEAL, paying('pi_a', 2000), paying('pi_b', 1500)] }),
      plan({ 'store-a': { '1': 4 }, 'store-b': { '2': 1 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      A.ready(),
    )
    .ledger('A1-c1 1000 confirmed', 'A1-c2 2000 requested', 'A1-c3 1000 requested');
}

const cancelled = (quantity: number) => shop.cancel({ lines: [{ line: '1', quantity }] });

/** The other goods leave: what the customer pays in the end. */
function paidFor(order: Scenario): number {
  confirmAll(order.given(B.ready()));
  const { captured, refunded } = confirmAll(order.given(B.ship())).shows({ state: 'fulfilled' }).view.totals;
  return captured - refunded;
}

describe('the customer pays for the other goods alone', () => {
  test('where the first card had paid', () => {
    expect(paidFor(bothStores().given(confirmed('A1-c2'), failed('A1-c3'), cancelled(4)))).toBe(500);
  });

  test('where the goods were cancelled before anything was known', () => {
    expect(paidFor(bothStores().given(cancelled(4), confirmed('A1-c2'), failed('A1-c3')))).toBe(500);
  });

  test('where the second card declined first, and then the first one', () => {
    expect(paidFor(bothStores().given(failed('A1-c3'), cancelled(4), failed('A1-c2')))).toBe(500);
  });

  test('where some had been given back before a capture was lost', () => {
    const order = bothStores().given(confirmed('A1-c2'), confirmed('A1-c3'), cancelled(1));
    confirmAll(order).given(failedLate('A1-c3', 8000), ops.fail('A1-c3'), cancelled(3));
    expect(paidFor(order)).toBe(500);
  });

  test('where the second one failed late, and is taken after all', () => {
    const order = bothStores().given(confirmed('A1-c2'), failedLate('A1-c3'), cancelled(4));
    expect(paidFor(order)).toBe(1500);
    const { captured, refunded } = confirmAll(order.given(confirmed('A1-c3', 9000))).view.totals;
    expect([captured, captured - refunded]).toEqual([4500, 500]);
  });
});

describe('one of the cards is captured in steps, and all is cancelled', () => {
  const ordered = () => {
    const { payment: _, ...place } = simple(4, 1000);
    const payments = [IDEAL, paying('pi_a', 2000, 'stepped'), paying('pi_b', 1000)];
    return scenario('A1', policy).given(
      shop.place({ ...place, payments }),
      plan({ 'store-a': { '1': 4 } }),
      reserved('A1-1'),
      A.ready(),
    );
  };
  const nothingKept = { state: 'cancelled', totals: { captured: 3000, refunded: 3000 } };

  test('before the other one declined', () => {
    confirmAll(ordered().given(shop.cancel(), confirmed('A1-c2'), failed('A1-c3'))).shows(nothingKept);
  });

  test('after it', () => {
    confirmAll(ordered().given(confirmed('A1-c2'), failed('A1-c3'), shop.cancel())).shows(nothingKept);
  });
});
