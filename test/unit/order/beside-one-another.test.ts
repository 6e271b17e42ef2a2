/** Payments that were to pay for the same goods and their fee: one of them fails, fails late, or comes back. */
import { describe, expect, test } from 'vitest';
import { confirmAll } from './confirm-all.ts';
import { methodsOf, paidFor, paying, prepaid } from './payments.ts';
import {
  A,
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

const capable = methodsOf({ whole: { delayedCapture: 'full' } });

interface Ordered {
  quantity: number;
  price: number;
  payments: ReturnType<typeof paying>[];
  fee?: number;
  shipping?: 'first-ready' | 'pro-rata';
}

function assigned({ quantity, price, payments, fee = 0, shipping = 'first-ready' }: Ordered): Scenario {
  const { payment: _, ...place } = simple(
    quantity,
    price,
    fee > 0 ? { shipping: { amount: fee, taxRate: '0.2' } } : {},
  );
  const order = scenario('A1', { ...capable, shipping });
  return order.given(shop.place({ ...place, payments }), plan({ 'store-a': { '1': quantity } }), reserved('A1-1'));
}

const cancelled = (quantity: number) => shop.cancel({ lines: [{ line: '1', quantity }] });
const shipped = (order: Scenario): number => {
  confirmAll(confirmAll(order).given(A.ship()));
  expect(order.view.state).toBe('fulfilled');
  return paidFor(order);
};

describe('the fee of goods that two cards pay', () => {
  const declined = () =>
    assigned({ quantity: 1, price: 500, fee: 500, payments: [paying('pi_a', 300), paying('pi_b', 700)] }).given(
      A.ready(),
      failed('A1-c1'),
      confirmed('A1-c2'),
      failedLate('A1-c2'),
    );

  test('is its own, not that of others, while the other card may be taken after all: the goods wait for what declined', () => {
    const order = declined().given(confirmed('A1-c2', 9000));
    order.when(A.ship()).refuses('not-funded');
    order.raises('capture-failed');
  });

  test('so it can be asked for again, and the customer pays all of it', () => {
    const order = declined().given(confirmed('A1-c2', 9000), ops.retry('A1-c1'));
    expect(shipped(order)).toBe(1000);
  });
});

describe('prepaid money is enough for what is left, and the card beside it declined: the goods can leave', () => {
  test.each(
    (['first-ready', 'pro-rata'] as const).flatMap((shipping) =>
      [[2], [1, 1]].flatMap((parts) => [true, false].map((isKnown) => ({ shipping, parts, isKnown }))),
    ),
  )('%o', ({ shipping, parts, isKnown }) => {
    const payments = [prepaid(2000), paying('pi_a', 1300)];
    const order = assigned({ quantity: 3, price: 1000, fee: 300, payments, shipping }).given(A.ready('A1-1', { 1: 2 }));
    if (isKnown) order.given(failed('A1-c2'));
    order.given(...parts.map(cancelled));
    if (!isKnown) order.given(failed('A1-c2'));
    expect(shipped(order)).toBe(1300);
  });
});

describe('what a method took beyond what was asked pays for no goods', () => {
  const ready = () =>
    assigned({ quantity: 3, price: 1000, payments: [paying('pi_a', 500), paying('pi_w', 2500, 'whole')] }).given(
      cancelled(1),
      A.ready(),
    );

  test('where the other card failed late and came back', () => {
    const order = ready().given(failedLate('A1-c1'), confirmed('A1-c2'));
    confirmAll(order);
    expect(shipped(order.given(confirmed('A1-c1', 9000)))).toBe(2000);
  });

  test('where the other card declined, and is asked again', () => {
    const order = ready().given(failed('A1-c1'), confirmed('A1-c2'));
    expect(shipped(order.given(ops.retry('A1-c1')))).toBe(2000);
  });
});

test('nothing goes back of goods that are wanted before it is known what each of their payments took', () => {
  const payments = [paying('pi_a', 146), paying('pi_b', 433), paying('pi_c', 753)];
  const order = assigned({ quantity: 4, price: 333, payments }).given(
    A.ready(),
    failed('A1-c2'),
    confirmed('A1-c3'),
    cancelled(2),
  );
  expect(order.view.totals.open.refund).toBe(0);
  confirmAll(order.given(confirmed('A1-c1')));
  expect(paidFor(order)).toBe(666);
  expect(shipped(order)).toBe(666);
});
