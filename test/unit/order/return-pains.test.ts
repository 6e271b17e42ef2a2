/** What burnt others when goods and money came back, by the number in the design's list of pains; its last part is "also frequent". */
import { describe, expect, test } from 'vitest';
import {
  A,
  assignedBase,
  B,
  claimed,
  confirmed,
  declared,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

/** `units` with the customer, captured at `authorised`. */
function sold(place: ReturnType<typeof simple>, units: number): Scenario {
  return scenario()
    .given(shop.place(place), plan({ 'store-a': { '1': units } }), reserved('A1-1'), A.ready(), confirmed('A1-c1'))
    .given(confirmed('A1-p1'), A.ship());
}

const priced = (quantity: number, unitPrice: number, total: number, more: Parameters<typeof simple>[2] = {}) =>
  simple(quantity, unitPrice, { payment: { ...paymentOf(simple(1, 1)), authorised: total }, ...more });

describe('also frequent', () => {
  test('shipping goes with the first partial capture, whole, and with no other', () => {
    const order = assignedBase().given(A.ready(), B.ready());
    expect(order.requests.map(({ amount }) => amount)).toEqual([8324 + 490, 4166]);
  });

  test('the tax of the shipping fee is off by no cent that blocks its refund', () => {
    // 4.99 with 19 % of it: 0.7967 of tax. Parts are cumulative, so the last refund is what is left.
    const place = priced(3, 333, 999 + 499, { shipping: { amount: 499, taxRate: '0.19' } });
    const order = sold(place, 3).given(declared('R1', { '1': 3 }));
    for (let claim = 1; claim <= 3; claim++) {
      order.given(claimed('R1', { '1': [1, 0] }, { claim, refundShipping: claim === 2 }), confirmed(`A1-r${claim}`));
    }
    order.shows({ totals: { captured: 1498, refunded: 1498 } });
    expect(order.rows.reduce((sum, { tax }) => sum + tax, 0)).toBe(0);
  });

  test('an order that is changed before its capture refunds nothing: nothing is due', () => {
    const order = scenario().given(shop.place(simple(3, 1000)), plan({ 'store-a': { '1': 3 } }), reserved('A1-1'));
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), A.ready(), confirmed('A1-c1'));
    const asked = order.requests.map(({ kind, amount }) => `${kind} ${amount}`);
    expect(asked).toEqual(['void 1000', 'capture 2000', 'payout 1750']);
  });

  test('a refund that is granted changes what was captured by nothing, and is counted once', () => {
    const order = sold(simple(1, 5000), 1).given(ops.refund(2000));
    order.shows({ totals: { captured: 5000, refunded: 0, open: { refund: 2000 } } });
    order.given(confirmed('A1-r1')).shows({ totals: { captured: 5000, refunded: 2000, open: { refund: 0 } } });
  });

  test('while a refund is pending no more can be refunded than is left, and never less than nothing', () => {
    const order = sold(simple(1, 5000), 1).given(ops.refund(5000));
    order.when(ops.refund(1)).refuses('exceeds-captured');
    expect(order.last).toMatchObject({ refusal: { reason: '0.01 EUR of 0.00 EUR that can be refunded' } });
    order.given(failed('A1-r1')).when(ops.refund(1)).refuses('exceeds-captured');
  });

  test('a line whose price does not divide is captured as it was authorised, to the last unit', () => {
    const place = priced(3, 334, 1000, { discount: 2 });
    const order = scenario().given(shop.place(place), plan({ 'store-a': { '1': 3 } }), reserved('A1-1'));
    for (let unit = 0; unit < 3; unit++) order.given(A.ready('A1-1', { '1': 1 }), confirmed(`A1-c${unit + 1}`));
    order.shows({ totals: { authorised: 1000, captured: 1000, voided: 0 } });
  });

  test('all that was ordered can be ready for collection', () => {
    const place = { ...simple(3, 1000), fulfilment: 'click-and-collect' as const, collectAt: 'store-a' };
    const order = scenario().given(shop.place(place), plan({ 'store-a': { '1': 3 } }), reserved('A1-1'), A.ready());
    order.given(confirmed('A1-c1'), A.collect()).shows({ state: 'fulfilled', lines: [{ handedOver: 3 }] });
  });

  test('what is captured in full is shown as that, in however many captures it was made', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), B.ready());
    order.shows({ totals: { captured: 8814, open: { capture: 4166 } } });
    order.given(confirmed('A1001-c2')).shows({ totals: { captured: 12980, authorised: 12980, open: { capture: 0 } } });
  });
});

describe('defects that were found by reading', () => {
  test('defect 2: the last digit of a dinar is not lost in a refund', () => {
    const order = sold(simple(3, 1235, { currency: 'KWD' }), 3).given(declared('R1', { '1': 1 }));
    order.given(claimed('R1', { '1': [1, 0] }));
    expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 1235, currency: 'KWD' });
  });

  test('defect 3: a discount of one cent over three equal lines is somebody’s cent', () => {
    const lines = ['1', '2', '3'].map((line) => ({ line, sku: 'S', quantity: 1, unitPrice: 1000, taxRate: '0.2' }));
    const order = scenario().given(shop.place({ ...priced(1, 1, 2999), lines, discount: 1 }));
    expect(order.view.lines.map(({ gross }) => gross)).toEqual([999, 1000, 1000]);
  });
});
