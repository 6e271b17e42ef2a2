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
  failedLate,
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
  test('the declined one is not taken for nothing, and the goods can leave', () => {
    const order = settled(ready(paidBy(3000, 7000)).given(failed('A1-c1'), confirmed('A1-c2'), oneOf('1')));
    order.shows({ totals: { captured: 7000, refunded: 2000 } }).raises();
    order.when(ops.retry('A1-c1')).refuses('wrong-state');
    settled(order.given(A.ship())).shows({ state: 'fulfilled', totals: { captured: 7000, refunded: 2000 } });
    order.raises();
  });

  test('and all that it took goes back where the others are cancelled, too', () => {
    const order = settled(ready(paidBy(3000, 7000)).given(failed('A1-c1'), confirmed('A1-c2'), oneOf('1')));
    settled(order.given(oneOf('1'))).shows({ state: 'cancelled', totals: { captured: 7000, refunded: 7000 } });
    order.raises();
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

describe('some of the goods are cancelled, and the other tender took less than the others cost', () => {
  /** Four of 10.00, paid by halves: the second was declined, and one is cancelled. */
  const declined = (): Scenario => {
    const { payment: __, ...four } = simple(4, 1000);
    return settled(
      scenario('A1').given(
        ...[shop.place({ ...four, ...paidBy(2000, 2000) }), plan({ 'store-a': { '1': 4 } }), reserved('A1-1')],
        ...[A.ready(), failed('A1-c2'), oneOf('1'), confirmed('A1-c1')],
      ),
    );
  };
  /** The same, and nothing of the authorisation could be released: all of it may move. */
  const kept = (): Scenario => {
    const { payment: __, ...four } = simple(4, 1000);
    return scenario('A1').given(
      ...[shop.place({ ...four, ...paidBy(2000, 2000) }), plan({ 'store-a': { '1': 4 } }), reserved('A1-1')],
      ...[A.ready(), failed('A1-c2'), oneOf('1'), confirmed('A1-c1'), failed('A1-v1')],
    );
  };
  const left = (order: Scenario, captured: number, refunded = 0): void => {
    settled(order).given(A.ship());
    settled(order).shows({ state: 'fulfilled', totals: { captured, refunded } });
    expect(captured - refunded).toBe(3000);
    expect(order.view.attention.filter(({ code }) => code !== 'void-failed')).toEqual([]);
  };

  test('retry asks for what is missing', () => {
    const order = declined().when(ops.retry('A1-c2')).says('event asked-again', 'gateway A1-c3 1000');
    left(order, 3000);
  });

  test('so is the customer', () => {
    const order = declined().given(ops.requestPayment('A1-c2'));
    expect(order.view.paymentRequests).toMatchObject([{ amount: 1000, state: 'open' }]);
    left(order.given(ops.paid(1000)), 3000);
  });

  test('without a word, where its authorisation had ended', () => {
    const { payment: __, ...four } = simple(4, 1000);
    const gone = failed('A1-c2');
    const order = scenario('A1').given(
      ...[shop.place({ ...four, ...paidBy(2000, 2000) }), plan({ 'store-a': { '1': 4 } }), reserved('A1-1')],
      ...[A.ready(), oneOf('1'), confirmed('A1-c1')],
      { ...gone, payload: { ...Object(gone.payload), code: 'authorisation-expired' } },
    );
    order.raises('authorisation-expired', 'payment-requested').given(ops.paid(1000)).raises();
    left(order, 3000);
  });

  test('what moved after all goes back, where something had paid in its place', () => {
    const order = kept().given(ops.requestPayment('A1-c2'), ops.paid(1000), failed('A1-v2'));
    left(order.given(confirmed('A1-c2', 9000)), 5000, 2000);
  });

  test('and where nothing had, beyond what is wanted of it', () => {
    left(kept().given(confirmed('A1-c2', 9000)), 4000, 1000);
  });

  test('until what is wanted is paid by the other tender alone, also when the rest is cancelled later', () => {
    const order = settled(declined().given(oneOf('1')));
    order
      .raises()
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 2000, refunded: 0 } });
    settled(order);
  });

  test('all that was taken goes back where nothing is wanted', () => {
    settled(declined().given(shop.cancel())).shows({ state: 'cancelled', totals: { captured: 2000, refunded: 2000 } });
  });

  test('the other tender fails late', () => {
    const order = declined().given(failedLate('A1-c1'), ops.fail('A1-c1'));
    order.given(ops.retry('A1-c1'), ops.retry('A1-c2'));
    left(order, 3000);
  });

  test('both were declined', () => {
    const { payment: __, ...four } = simple(4, 1000);
    const order = scenario('A1').given(
      ...[shop.place({ ...four, ...paidBy(2000, 2000) }), plan({ 'store-a': { '1': 4 } }), reserved('A1-1')],
      ...[A.ready(), failed('A1-c2'), failed('A1-c1'), oneOf('1'), ops.retry('A1-c1'), ops.retry('A1-c2')],
    );
    left(order, 3000);
  });
});
