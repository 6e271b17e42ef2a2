/** An order that comes to nothing while captures are lost, and taken after all: everything goes back, once, whatever it was owed as. */
import { describe, expect, test } from 'vitest';
import { bought, checkFigures, type ExchangedOrders, instead } from './exchanged-orders.ts';
import {
  A,
  BASE,
  claimed,
  confirmed,
  declared,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
} from './scenario.ts';

const fee = (amount: number) => ({ shipping: { amount, taxRate: '0.2' } });
const line = (id: string, quantity: number, unitPrice: number) => ({
  ...{ line: id, sku: `S${id}`, quantity, unitPrice, taxRate: '0.2' },
});
const paid = (transaction: string, authorised: number, method = 'visa') => ({
  ...paymentOf(BASE),
  ...{ method, transaction, authorised, captured: method === 'ideal' ? authorised : 0 },
});

/** Whatever is asked of the gateway happens. */
function settled(order: Scenario): Scenario {
  for (;;) {
    const asked = order.view.ledger.find(({ state }) => state === 'requested');
    if (!asked) return order;
    order.given(confirmed(asked.entry, 9500));
  }
}

function checkKept({ view }: Scenario): void {
  expect(view).toMatchObject({ state: 'cancelled', totals: { refunded: view.totals.captured } });
  expect(view.totals.open.refund).toBe(0);
}

/** A2 of one unit, prepaid by a return of A1: ready, and `before` is said before its card's capture is lost and it is cancelled. */
function lostAndTaken(price: number, shipping: number, prepaid: number, ...before: Said[]): ExchangedOrders {
  const order = { ...instead(price + shipping, prepaid), lines: instead(price, 0).lines, ...fee(shipping) };
  const pair = bought(1, prepaid).given('A2', shop.place(order), plan({ 'store-a': { '1': 1 } }), reserved('A2-1'));
  pair
    .given('A1', declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }))
    .given('A2', A.ready(), confirmed('A2-c2', 7000), ...before, failedLate('A2-c2', 8000), shop.cancel());
  return pair.confirmAll().given('A2', confirmed('A2-c2', 9000)).confirmAll();
}

describe('what was prepaid goes back while the rest is lost, which is taken after all', () => {
  test.each([800, 1500, 3000])('with a fee of %i', (shipping) => {
    const pair = lostAndTaken(1000, shipping, 1500);
    checkKept(pair.fresh);
    checkFigures(pair);
  });

  test.each([
    [789, 57],
    [600, 57],
    [400, 57],
  ])('%i was prepaid, and goodwill of %i given before', (prepaid, goodwill) => {
    checkKept(lostAndTaken(500, 300, prepaid, ops.refund(goodwill)).fresh);
  });
});

test('what is owed and was never sent takes nothing from what is owed later', () => {
  const { payment: _, ...rest } = BASE;
  const order = scenario('A1', { shipping: 'pro-rata' }).given(
    shop.place({
      ...{ ...rest, discount: 0, ...fee(300), lines: [line('1', 1, 1000), line('2', 3, 500)] },
      payments: [paid('t1', 149), paid('t2', 2651)],
    }),
    plan({ 'store-a': { '1': 1, '2': 2 }, 'store-b': { '2': 1 } }),
    ...[reserved('A1-1'), reserved('A1-2'), A.ready('A1-1'), confirmed('A1-c1', 100), confirmed('A1-c2', 100)],
    ...[shop.cancel({ lines: [{ line: '2', quantity: 1 }] }), shop.cancel()],
    ...[failedLate('A1-c1', 200), confirmed('A1-c1', 300), confirmed('A1-c3', 400)],
  );
  checkKept(settled(order));
});

test('one tender paid, goodwill was given on that, and the other is lost', () => {
  const { payment: _, shipping: __, discount: ___, ...rest } = BASE;
  const order = scenario('A1').given(
    shop.place({ ...rest, lines: [line('1', 1, 1000)], payments: [paid('t1', 600, 'ideal'), paid('t2', 400)] }),
    ...[plan({ 'store-a': { '1': 1 } }), reserved('A1-1'), A.ready('A1-1'), confirmed('A1-c2', 100)],
    ...[failedLate('A1-c2', 200), ops.refund(100), shop.cancel()],
  );
  checkKept(settled(order));
});
