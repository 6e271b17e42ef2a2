/** Which tender a refund goes to, by policy; never more than each took, whatever the order of captures and refunds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderPolicy } from '../../../actors/order/record.ts';
import {
  A,
  BASE,
  COMPANY,
  confirmed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

type To = NonNullable<OrderPolicy['refundsTo']>;

/** 6 units of 1,000, paid by several tenders, all captured and shipped. */
function shipped(refundsTo: To, ...authorised: number[]): Scenario {
  const { payment: _, ...unpaid } = simple(6, 1000);
  const payments = authorised.map((amount, index) => ({
    ...paymentOf(BASE),
    transaction: `pi_${index}`,
    authorised: amount,
  }));
  const order = scenario('A1', { refundsTo }).given(
    shop.place({ ...unpaid, payments }),
    plan({ 'store-a': { '1': 6 } }),
    reserved('A1-1', COMPANY),
    A.ready(),
  );
  for (const { entry } of order.view.ledger) order.given(confirmed(entry));
  return order.given(A.ship());
}

const refunds = (order: Scenario) =>
  order.requests.filter(({ kind }) => kind === 'refund').map(({ transaction, amount }) => `${transaction} ${amount}`);

test('a refund goes to the tender that was drawn last, first, or to each its part', () => {
  expect(refunds(shipped('reverse', 2000, 4000).given(ops.refund(4500)))).toEqual(['pi_1 4000', 'pi_0 500']);
  expect(refunds(shipped('same-as-drawn', 2000, 4000).given(ops.refund(4500)))).toEqual(['pi_0 2000', 'pi_1 2500']);
  expect(refunds(shipped('proportional', 2000, 4000).given(ops.refund(4500)))).toEqual(['pi_0 1500', 'pi_1 3000']);
  expect(refunds(shipped('proportional', 1, 5999).given(ops.refund(1), ops.refund(5999)))).toEqual([
    'pi_1 1',
    'pi_0 1',
    'pi_1 5998',
  ]);
});

test('refunds in any parts give every tender back what it took, and never more', () => {
  const to = fc.constantFrom<To>('reverse', 'same-as-drawn', 'proportional');
  const first = fc.integer({ min: 1, max: 5999 });
  const parts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(to, first, parts, (refundsTo, amount, wanted) => {
      const order = shipped(refundsTo, amount, 6000 - amount);
      const given = new Map<string, number>();
      for (const part of [...wanted, 6000]) {
        const most = 6000 - order.view.ledger.reduce((sum, e) => (e.kind === 'refund' ? sum + e.amount : sum), 0);
        if (most > 0) order.given(ops.refund(Math.min(part, most)));
      }
      for (const { kind, transaction, amount: back } of order.requests) {
        if (kind === 'refund') given.set(transaction, (given.get(transaction) ?? 0) + back);
      }
      expect(Object.fromEntries(given)).toEqual({ pi_0: amount, pi_1: 6000 - amount });
    }),
    { numRuns: 60, seed: 20261125 },
  );
});
