/** What a capture surely did not bring is asked of the customer where a person says so, and paid in its place. */
import { describe, expect, test } from 'vitest';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  assignedBase,
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

const audited = (order: Scenario) => expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);

/** Goods that are ready, and whose card declined them; the other half of the order is to come. */
const declined = (): Scenario => assignedBase().given(A.ready(), failed('A1001-c1'));

describe('a plain decline', () => {
  test('the customer is asked for what it did not bring, pays it, and gets the goods', () => {
    const order = declined().raises('capture-failed');
    expect(order.view.attention[0]?.reason).toMatch(/request-payment asks the customer for it$/);
    order.when(ops.requestPayment('A1001-c1')).says('event payment-requested');
    expect(order.effects[0]).toMatchObject({
      payload: {
        request: 'A1001-q1',
        amount: 8814,
        reason: '88.14 EUR is not covered: A1001-c1 failed, and is paid in another way',
      },
    });
    order.raises('capture-failed', 'payment-requested').when(A.ship()).refuses('not-funded');
    order.when(ops.paid(8814)).says('event paid', 'gateway A1001-v1 8814', 'gateway A1001-p1 7283').raises();
    order.given(confirmed('A1001-v1'), confirmed('A1001-p1'), A.ship(), B.ready(), confirmed('A1001-c3'), B.ship());
    order.given(confirmed('A1001-p2')).shows({
      ...{ state: 'fulfilled', paymentRequests: [{ state: 'paid' }] },
      ...{ totals: { captured: 12980, voided: 8814 }, parties: { headquarters: 2052, 'store-a': 7283 } },
    });
    audited(order);
  });

  test('what the card still gives, it gives: only what was declined is asked for', () => {
    const order = declined().given(ops.requestPayment('A1001-c1'));
    order
      .when(B.ready())
      .says('event ready', 'gateway A1001-c2 4656', 'event payment-request-withdrawn', 'event payment-requested');
    order.shows({ paymentRequests: [{ state: 'withdrawn' }, { amount: 8324, state: 'open' }] });
    order.given(confirmed('A1001-c2'), ops.paid(8324), A.ship(), B.ship()).raises().shows({ state: 'fulfilled' });
    order.given(...['v1', 'p1', 'p2'].map((entry) => confirmed(`A1001-${entry}`)));
    order.shows({ totals: { captured: 12980 } });
    audited(order);
  });

  test('retry takes it back, and so does a capture that moved after all', () => {
    const asked = () => declined().given(ops.requestPayment('A1001-c1'));
    const again = ['event asked-again', 'gateway A1001-c2 8814', 'event payment-request-withdrawn'];
    asked()
      .when(ops.retry('A1001-c1'))
      .says(...again)
      .raises();
    asked()
      .when(confirmed('A1001-c1', 9000))
      .says('event captured', 'event payment-request-withdrawn', 'gateway A1001-p1 7283')
      .raises();
  });

  test('it moves after all when the customer has paid: he pays for nothing twice', () => {
    const order = declined().given(ops.requestPayment('A1001-c1'), ops.paid(8814), failed('A1001-v1'));
    order.given(confirmed('A1001-c1', 9000));
    order.given(B.ready(), B.ship(), A.ship()).raises('void-failed').shows({ state: 'fulfilled' });
    order.given(...['r1', 'p1', 'p2'].map((entry) => confirmed(`A1001-${entry}`)));
    order.shows({ totals: { captured: 17628, refunded: 4648 } });
    audited(order);
  });

  test('goods that are cancelled are asked for no more', () => {
    const order = declined().given(ops.requestPayment('A1001-c1'));
    order.when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] })).raises('capture-failed');
    order.shows({ paymentRequests: [{ state: 'withdrawn' }] });
  });
});

test('goods that have left, and whose capture surely failed: the customer may pay them afterwards', () => {
  const order = assignedBase().given(
    A.ready(),
    confirmed('A1001-c1'),
    confirmed('A1001-p1'),
    A.ship(),
    failedLate('A1001-c1'),
  );
  order.given(confirmed('A1001-b1')).when(ops.requestPayment('A1001-c1')).refuses('may-have-moved');
  order.given(ops.fail('A1001-c1')).when(ops.requestPayment('A1001-c1')).says('event payment-requested');
  order.when(ops.paid(8814)).says('event paid', 'gateway A1001-v1 8814', 'gateway A1001-p2 7283').raises();
  order.given(confirmed('A1001-v1'), confirmed('A1001-p2'));
  order.shows({ totals: { captured: 8814 }, parties: { headquarters: 1531, 'store-a': 7283 } });
  audited(order);
});

test('one of two tenders is lost: the customer is asked for its part', () => {
  const { payment: _, ...unpaid } = simple(2, 5000);
  const payments = [
    { ...paymentOf(BASE), method: 'gift-card', transaction: 'gift_1', authorised: 3000 },
    { ...paymentOf(BASE), authorised: 7000 },
  ];
  const order = scenario('A1').given(
    shop.place({ ...unpaid, payments }),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
  );
  order.given(A.ready(), confirmed('A1-c1'), confirmed('A1-c2'), failedLate('A1-c1'), ops.fail('A1-c1'));
  order.when(ops.requestPayment('A1-c1')).says('event payment-requested').when(A.ship()).refuses('not-funded');
  order
    .shows({ paymentRequests: [{ amount: 3000 }] })
    .when(ops.paid(3000))
    .raises();
  order.given(A.ship(), ...['v1', 'p1'].map((entry) => confirmed(`A1-${entry}`)));
  order.shows({ state: 'fulfilled', totals: { captured: 10000 } });
  audited(order);
});

test('is refused where nothing is to be paid in its place', () => {
  const refused = (order: Scenario, entry = 'A1001-c1') => order.when(ops.requestPayment(entry)).refuses('wrong-state');
  refused(assignedBase().given(A.ready()));
  refused(declined().given(ops.requestPayment('A1001-c1')));
  refused(declined().given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] })));
  refused(declined().given(ops.retry('A1001-c1')));
  refused(assignedBase().given(A.ready(), confirmed('A1001-c1'), failed('A1001-p1')), 'A1001-p1');
  declined().when(ops.requestPayment('A1001-c9')).refuses('unknown-entry');
});

test('nobody is asked while the order is held', () => {
  const order = declined().given(ops.hold(), ops.requestPayment('A1001-c1')).raises('capture-failed');
  order.given(ops.release()).raises('capture-failed', 'payment-requested');
});

test('what it brought after all is asked for no more: lost again, it is a person’s business again', () => {
  const order = declined().given(ops.requestPayment('A1001-c1'), confirmed('A1001-c1', 9000));
  order.given(failedLate('A1001-c1', 9500), ops.fail('A1001-c1'));
  expect(order.view.paymentRequests?.map(({ state }) => state)).toEqual(['withdrawn']);
});

describe('of two that are asked for, the shipping fee is asked once', () => {
  const requested = ({ view }: Scenario) => view.paymentRequests?.at(-1)?.amount;

  test('two parcels, each with the fee', () => {
    const order = assignedBase().given(A.ready(), failed('A1001-c1'), B.ready(), failed('A1001-c2'));
    order.given(ops.requestPayment('A1001-c1'), ops.requestPayment('A1001-c2'));
    expect(requested(order)).toBe(12_980);
    order.given(ops.paid(12_980)).raises().given(A.ship(), B.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 12_980, refunded: 0, open: { refund: 0 } } });
    audited(order);
  });

  test('two tenders of a parcel whose fee came with another one', () => {
    const { payment: _, ...unpaid } = BASE;
    const gift = { ...paymentOf(BASE), method: 'gift-card', transaction: 'g', authorised: 3000 };
    const payments = [gift, { ...paymentOf(BASE), authorised: 9980 }];
    const order = scenario('A1001').given(
      shop.place({ ...unpaid, payments }),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
      ...[reserved('A1001-1'), reserved('A1001-2'), A.ready(), failed('A1001-c1'), failed('A1001-c2'), B.ready()],
    );
    for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
    order.given(ops.requestPayment('A1001-c1'), ops.requestPayment('A1001-c2'));
    expect(requested(order)).toBe(12_980 - order.view.totals.captured);
  });
});
