/** What an order says to returns: how long units may come back, and when the shipping fee goes with them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { A, B, claimed, confirmed, plan, reserved, type Scenario, scenario, shop, simple, told } from './scenario.ts';

const DAY_MS = 24 * 3600_000;

/** Five units: two left on the first day, three 20 days later. */
const leftTwice = (): Scenario =>
  scenario()
    .given(
      shop.place({ ...simple(5, 1000), payment: { ...PAYMENT, authorised: 5490 }, shipping: SHIPPING }),
      plan({ 'store-a': { '1': 2 }, 'store-b': { '1': 3 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      A.ready(),
      B.ready(),
    )
    .given(confirmed('A1-c1'), confirmed('A1-c2'), A.ship(), { ...B.ship(), afterMs: 20 * DAY_MS });

const { payment: PAYMENT } = simple(5, 1000) as Required<ReturnType<typeof simple>>;
const SHIPPING = { amount: 490, taxRate: '0.2' };

const declare = (quantity: number, windowDays: number, afterMs: number, id = 'R1') =>
  told('declare', { return: id, lines: [{ line: '1', quantity, windowDays }] }, afterMs);

test('the window counts from the hand-over of the units, fulfilment by fulfilment', () => {
  const order = leftTwice().when(declare(4, 14, 10 * DAY_MS));
  expect(order.effects[0]).toMatchObject({
    name: 'declare-refused',
    payload: { code: 'return-window-closed', reason: 'line 1: 4, and 3 were handed over within 14 days' },
  });
  order.when(declare(3, 14, 1000)).says('send declared to return R1');
  order.when(declare(1, 14, 1000, 'R2'));
  expect(order.effects[0]).toMatchObject({ payload: { code: 'return-window-closed' } });
  order.when(declare(3, 14, 1000, 'R2'));
  expect(order.effects[0]).toMatchObject({ payload: { code: 'exceeds-handed-over' } });
  order.when(declare(2, 60, 1000, 'R2')).says('send declared to return R2');
});

test('units come back in time until the last moment of their window', () => {
  const day = (order: Scenario, late: number) => order.when(declare(3, 14, 14 * DAY_MS + late));
  day(leftTwice(), 0).says('send declared to return R1');
  day(leftTwice(), 1).answers('send declare-refused to return R1');
});

test('where shipping is refunded when all is returned, it goes with the last units', () => {
  const order = leftTwice().given(declare(5, 60, 1000));
  const all = { shippingWhenAllReturned: true };
  order.when(claimed('R1', { '1': [4, 0] }, all)).says('gateway A1-r1 4000');
  order.when(claimed('R1', { '1': [1, 0] }, { ...all, claim: 2 })).says('gateway A1-r2 1490');
  const kept = leftTwice().given(declare(5, 60, 1000));
  kept.when(claimed('R1', { '1': [4, 1] }, all)).says('gateway A1-r1 4000');
});

test('a fee that a part of the return is not worth is kept from the next part', () => {
  const order = leftTwice().given(declare(5, 60, 1000));
  order.when(claimed('R1', { '1': [1, 0] }, { fee: 1500 }));
  expect(order.requests.some(({ kind }) => kind === 'refund')).toBe(false);
  order.when(claimed('R1', { '1': [1, 0] }, { claim: 2 }));
  expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 500 });
  order.when(claimed('R1', { '1': [3, 0] }, { claim: 3 }));
  expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 3000 });
});

test('whatever the parts of a return, its fee is kept once, as far as the accepted units are worth it', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, fc.nat(7000), fc.boolean(), (sizes, fee, refundShipping) => {
      const order = leftTwice().given(declare(5, 60, 1000));
      let left = 5;
      let accepted = 0;
      sizes.forEach((size, index) => {
        const units = Math.min(size, left);
        if (units === 0) return;
        left -= units;
        accepted += units;
        const terms = index === 0 ? { fee, refundShipping } : {};
        order.given(claimed('R1', { '1': [units, 0] }, { claim: index + 1, ...terms }));
      });
      const worth = accepted * 1000 + (refundShipping ? 490 : 0);
      const refunds = order.requests.filter(({ kind }) => kind === 'refund');
      expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(Math.max(0, worth - fee));
    }),
    { numRuns: 40 },
  );
});
