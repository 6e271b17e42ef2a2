/** Goods that two tenders pay together, one of which is declined. */
import { describe, expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
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
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

type Place = OrderCommands['place'];

const { payment: _, ...unpaid } = simple(2, 5000);
const FEE = { amount: 490, taxRate: '0.2' };
const oneOf = (line: string) => shop.cancel({ lines: [{ line, quantity: 1 }] });

const paidBy = (...authorised: number[]): Pick<Place, 'payments'> => ({
  payments: authorised.map((amount, index) => ({
    ...paymentOf(BASE),
    transaction: `pi_${index + 1}`,
    authorised: amount,
  })),
});

/** Two of 50.00, ready. */
const ready = (more: Partial<Place>): Scenario =>
  scenario('A1').given(
    shop.place({ ...unpaid, ...more }),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
    A.ready(),
  );

const settled = (order: Scenario): Scenario => {
  for (let open = openOf(order); open.length > 0; open = openOf(order))
    order.given(...open.map((key) => confirmed(key)));
  expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
  return order;
};
const openOf = (order: Scenario): string[] =>
  order.view.ledger.filter(({ state }) => state === 'requested').map(({ entry }) => entry);

describe('a first tender that is smaller than the shipping fee', () => {
  const begun = () => ready({ ...paidBy(300, 10190), shipping: FEE });

  test.each([
    ['before', failed('A1-c1'), confirmed('A1-c2')],
    ['after', confirmed('A1-c2'), failed('A1-c1')],
  ])('nothing of the fee goes back where it is declined %s the other was taken', (_when, first, second) => {
    const order = begun().given(first, second);
    expect(order.view.totals.open).toMatchObject({ refund: 0 });
    settled(order.given(ops.retry('A1-c1'))).given(A.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 10490, refunded: 0 } });
  });

  test('nor where it was asked again before the other was taken', () => {
    const order = begun().given(failed('A1-c1'), ops.retry('A1-c1'), confirmed('A1-c2'), confirmed('A1-c3'), A.ship());
    settled(order).shows({ state: 'fulfilled', totals: { captured: 10490, refunded: 0 } });
  });

  test('the customer can be asked for it', () => {
    const order = begun().given(
      confirmed('A1-c2'),
      failed('A1-c1'),
      ops.requestPayment('A1-c1'),
      ops.paid(300),
      A.ship(),
    );
    settled(order).shows({ state: 'fulfilled', totals: { captured: 10490, refunded: 0 } });
  });
});

describe('what the other tender took is enough for the goods that are still wanted', () => {
  test('the declined one is not taken for nothing, and its attention stays until the goods are decided', () => {
    const order = settled(ready(paidBy(3000, 7000)).given(failed('A1-c1'), confirmed('A1-c2'), oneOf('1')));
    order.shows({ totals: { captured: 7000, refunded: 2000 } });
    order.when(ops.retry('A1-c1')).refuses('wrong-state');
    order.when(ops.resolve('capture-failed', 'A1-c1')).refuses('wrong-state');
    settled(order.given(oneOf('1'))).shows({ totals: { captured: 7000, refunded: 7000 } });
    order.given(ops.resolve('capture-failed', 'A1-c1'));
    expect(order.view.attention).toEqual([]);
  });

  test('nor where that leaves other goods without money', () => {
    const lines = [...unpaid.lines, { line: '2', sku: 'T', quantity: 1, unitPrice: 2500, taxRate: '0.2' }];
    const order = scenario('A1').given(
      shop.place({ ...unpaid, lines, ...paidBy(3500, 12000) }),
      plan({ 'store-a': { '1': 2 }, 'store-b': { '2': 1 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      ...[A.ready(), failed('A1-c1'), confirmed('A1-c2'), oneOf('1')],
    );
    order.when(ops.retry('A1-c1')).refuses('wrong-state');
    settled(order).given(B.ready());
    settled(order).given(B.ship());
  });
});
