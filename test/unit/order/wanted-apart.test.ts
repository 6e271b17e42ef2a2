/** Some goods of a capture that surely failed are not wanted any more: the others are paid by themselves. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  B,
  claimed,
  confirmed,
  declared,
  failed,
  failedLate,
  ops,
  plan,
  reserved,
  result,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
} from './scenario.ts';

const audited = (order: Scenario) => expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);

const placed = (payment = {}): Scenario =>
  scenario('A1', { expiry: DEFAULT_EXPIRY }).given(
    shop.place(
      simple(2, 5000, { shipping: { amount: 490, taxRate: '0.2' }, payment: { ...paymentFor(10490), ...payment } }),
    ),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
  );

const paymentFor = (authorised: number) => ({
  account: 'main',
  method: 'visa',
  transaction: 'pi_1',
  authorised,
  authorisedAt: '2026-11-22T09:00:00Z',
  captureBefore: '2026-11-29T09:00:00Z',
});

/** Two units were declined, and one of them cancelled. */
const lessWanted = (voided: 'confirmed' | 'failed' = 'confirmed'): Scenario =>
  placed().given(
    ...[A.ready(), failed('A1-c1'), shop.cancel({ lines: [{ line: '1', quantity: 1 }] })],
    result('A1-v1', voided),
  );

test('what was declined is asked again for what is wanted, with the fee', () => {
  const order = lessWanted().when(ops.retry('A1-c1')).says('event asked-again', 'gateway A1-c2 5490').raises();
  order
    .given(confirmed('A1-c2'), confirmed('A1-p1'), A.ship())
    .shows({ state: 'fulfilled', totals: { captured: 5490, refunded: 0 } });
  audited(order);
});

test('a method that is captured whole is, and what nobody asked for goes back', () => {
  const order = placed()
    .withTender(0, { delayedCapture: 'full', captures: 1 })
    .given(A.ready(), failed('A1-c1'), shop.cancel({ lines: [{ line: '1', quantity: 1 }] }))
    .when(ops.retry('A1-c1'))
    .says('event asked-again', 'gateway A1-c2 10490');
  order.given(confirmed('A1-c2'), confirmed('A1-p1'), confirmed('A1-r1'), A.ship());
  audited(order.shows({ state: 'fulfilled', totals: { captured: 10490, refunded: 5000 } }));
});

test('the customer is asked for what is wanted, and pays it', () => {
  const order = lessWanted().when(ops.requestPayment('A1-c1')).says('event payment-requested');
  order
    .shows({ paymentRequests: [{ amount: 5490 }] })
    .given(ops.paid(5490))
    .raises();
  order
    .given(A.ship(), confirmed('A1-v2'), confirmed('A1-p1'))
    .shows({ state: 'fulfilled', totals: { captured: 5490 } });
  audited(order);
});

test('and what was declined moves after all: all of it is given back', () => {
  const order = lessWanted('failed').given(ops.requestPayment('A1-c1'), ops.paid(5490), failed('A1-v2'));
  order.given(confirmed('A1-p1'), A.ship(), confirmed('A1-c1', 9000));
  const refunds = order.requests.filter(({ kind }) => kind === 'refund');
  order.given(...refunds.map(({ key }) => confirmed(key)));
  order.shows({ totals: { captured: 15980, refunded: 10490 }, parties: { headquarters: 1115, 'store-a': 4375 } });
  audited(order);
});

test('also when the authorisation ends', () => {
  const order = lessWanted().given({ ...timer('expire-authorisation', { tender: 0 }), afterMs: 7 * 24 * 3600_000 });
  order
    .shows({ paymentRequests: [{ amount: 5490 }] })
    .given(ops.paid(5490))
    .raises();
  order.given(A.ship(), confirmed('A1-p1')).shows({ state: 'fulfilled', totals: { captured: 5490 } });
  audited(order);
});

test('of goods that have left, one came back before their capture was lost for good', () => {
  const order = placed().given(
    A.ready(),
    confirmed('A1-c1'),
    confirmed('A1-p1'),
    A.ship(),
    failedLate('A1-c1'),
    confirmed('A1-b1'),
  );
  order.given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }), ops.fail('A1-c1'));
  order.when(ops.retry('A1-c1')).raises().given(confirmed('A1-c2'), confirmed('A1-p2'));
  order.shows({ totals: { captured: 5490, refunded: 0 } });
  audited(order);
});

/** Whatever was asked is done, but for voids, so that what moves after all has room. */
const finished = (order: Scenario): Scenario => {
  for (let open = requested(order); open.length > 0; open = requested(order)) {
    for (const { entry, kind } of open) order.given(result(entry, kind === 'void' ? 'failed' : 'confirmed', 9800));
  }
  return order;
};
const requested = ({ view }: Scenario) => view.ledger.filter(({ state }) => state === 'requested');

describe('what was asked again and declined again', () => {
  const twice = (payment = {}): Scenario =>
    placed(payment).given(
      ...[A.ready(), failed('A1-c1'), ops.retry('A1-c1'), failed('A1-c2')],
      shop.cancel({ lines: [{ line: '1', quantity: 1 }] }),
    );

  test('is asked a third time, for what is wanted', () => {
    const order = twice()
      .given(confirmed('A1-v1'))
      .when(ops.retry('A1-c2'))
      .says('event asked-again', 'gateway A1-c3 5490')
      .raises();
    order.given(confirmed('A1-c3'), confirmed('A1-p1'), A.ship());
    finished(order).shows({ state: 'fulfilled', totals: { captured: 5490, refunded: 0 } });
    audited(order);
    order.when(ops.retry('A1-c2')).refuses('wrong-state');
  });

  test('and once more, for less', () => {
    const order = scenario('A1').given(
      ...[shop.place(simple(3, 5000)), plan({ 'store-a': { '1': 3 } }), reserved('A1-1'), A.ready(), failed('A1-c1')],
      ...[shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-v1'), ops.retry('A1-c1')],
      ...[failed('A1-c2'), ops.retry('A1-c2'), failed('A1-c3')],
      ...[shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-v2')],
    );
    order.when(ops.retry('A1-c3')).says('event asked-again', 'gateway A1-c4 5000');
    order.given(confirmed('A1-c4'), confirmed('A1-p1'), A.ship()).shows({ totals: { captured: 5000, refunded: 0 } });
    audited(order);
  });

  test('is asked of the customer, for what is wanted', () => {
    const order = twice().given(confirmed('A1-v1'), ops.requestPayment('A1-c2'));
    order
      .shows({ paymentRequests: [{ amount: 5490 }] })
      .given(ops.paid(5490))
      .raises();
    finished(order.given(A.ship())).shows({ state: 'fulfilled', totals: { captured: 5490, refunded: 0 } });
    audited(order);
  });

  test.each([
    ['A1-c1', 'retried', [ops.retry('A1-c2'), confirmed('A1-c3')]],
    ['A1-c2', 'retried', [ops.retry('A1-c2'), confirmed('A1-c3')]],
    ['A1-c1', 'paid by the customer', [ops.requestPayment('A1-c2'), ops.paid(5490)]],
    ['A1-c2', 'paid by the customer', [ops.requestPayment('A1-c2'), ops.paid(5490)]],
  ])('and %s moves after all once it is %s: all of it is given back', (moved, _, steps) => {
    const order = finished(twice({ authorised: 30000 }).given(...steps)).given(A.ship());
    finished(order.given(confirmed(moved, 9000))).shows({
      totals: { captured: 15980, refunded: 10490 },
      parties: { headquarters: 1115, 'store-a': 4375 },
    });
    audited(order);
    finished(order.given(failedLate(moved, 9900)));
    audited(order);
  });

  test.each(['A1-c1', 'A1-c2'])('and %s moves before anything is asked again: it pays for what is wanted', (moved) => {
    const order = finished(finished(twice()).given(confirmed(moved, 9000), A.ship()));
    order.shows({ totals: { captured: 10490, refunded: 5000 }, parties: { headquarters: 1115, 'store-a': 4375 } });
    audited(order);
    order.when(ops.retry('A1-c2')).refuses('wrong-state');
  });

  test('is not asked again as long as its first capture may be taken after all', () => {
    const order = twice().given(failed('A1-v1'), confirmed('A1-c1', 9000), failedLate('A1-c1', 9100));
    order.when(ops.retry('A1-c2')).refuses('authorisation-too-low');
    order.when(ops.requestPayment('A1-c2')).refuses('wrong-state');
  });
});

describe('what lapsed is taken from another authorisation', () => {
  const cancelled = shop.cancel({ lines: [{ line: '1', quantity: 1 }] });
  const { payload, ...said } = failed('A1-c1');
  const lapsed = { ...said, payload: { ...Object(payload), code: 'authorisation-expired' } };
  test.each([
    ['lapsed first', [lapsed, cancelled]],
    ['cancelled first', [cancelled, lapsed]],
  ])('%s', (_, happened) => {
    const order = placed({ credential: 'cred' })
      .withTender(0, { reauthorise: true })
      .given(A.ready(), ...happened);
    order.given(confirmed('A1-a1')).raises();
    order.given(confirmed('A1-c2'), confirmed('A1-p1'), A.ship());
    for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
    order.shows({ state: 'fulfilled', totals: { captured: 5490, refunded: 0 } });
    audited(order);
  });
});

describe('a fee that is taken pro rata', () => {
  const ofTwo = (more = {}): Scenario => {
    const lines = [
      { line: '1', sku: 'S', quantity: 2, unitPrice: 5000, taxRate: '0.2' },
      { line: '2', sku: 'T', quantity: 1, unitPrice: 5000, taxRate: '0.2' },
    ];
    const payment = { ...paymentFor(30000), ...more };
    return scenario('A1', { shipping: 'pro-rata', expiry: DEFAULT_EXPIRY }).given(
      shop.place({ ...simple(1, 1), lines, shipping: { amount: 300, taxRate: '0.2' }, payment }),
      ...[plan({ 'store-a': { '1': 2 }, 'store-b': { '2': 1 } }), reserved('A1-1'), reserved('A1-2')],
    );
  };
  const declined = (): Scenario =>
    ofTwo().given(A.ready(), failed('A1-c1'), shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
  test('is asked again in part, with the goods that are left', () => {
    const order = declined().when(ops.retry('A1-c1')).says('event asked-again', 'gateway A1-c2 5200');
    finished(order.given(confirmed('A1-c2'), A.ship(), B.ready())).given(B.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 10300, refunded: 0 } });
    const fees = order.rows.filter(({ subject }) => subject === 'shipping').map(({ gross, entry }) => [gross, entry]);
    expect(fees).toEqual([
      [200, 'A1-c2'],
      [100, 'A1-c3'],
    ]);
    audited(order);
  });

  test('is asked of the customer in part, and goes back where the declined capture moves after all', () => {
    const order = declined().given(ops.requestPayment('A1-c1'));
    order.shows({ paymentRequests: [{ amount: 5200 }] }).given(ops.paid(5200), A.ship(), B.ready());
    finished(order)
      .given(B.ship())
      .shows({ state: 'fulfilled', totals: { captured: 10300, refunded: 0 } });
    audited(order);
    finished(order.given(confirmed('A1-c1', 9000))).shows({ totals: { captured: 20500, refunded: 10200 } });
    audited(order);
  });

  test('is taken from another authorisation in part, where a capture lapsed', () => {
    const order = ofTwo({ authorised: 15300, credential: 'cred' })
      .withTender(0, { reauthorise: true })
      .given(A.ready());
    const { payload, ...said } = failed('A1-c1');
    order.given({ ...said, payload: { ...Object(payload), code: 'authorisation-expired' } });
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-a1'));
    finished(order.given(B.ready())).given(A.ship(), B.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 10300, refunded: 0 } });
    audited(order);
  });

  test('of two stores together goes with the goods that are left', () => {
    const order = ofTwo().withTender(0, { captures: 1 }).given(A.ready(), B.ready(), failed('A1-c1'));
    order.given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }), ops.retry('A1-c1'));
    finished(order)
      .given(A.ship())
      .shows({ totals: { captured: 10300 }, fulfilments: [{ captured: 10300 }, {}] });
    audited(order);
  });
});

describe('what can not be asked for in part', () => {
  const cancelOne = shop.cancel({ lines: [{ line: '1', quantity: 1 }] });
  const advised = ({ view }: Scenario) =>
    view.attention.map(({ about, reason }) => `${about} ${reason.split('; ')[1]}`);
  const NOT_IN_PART =
    "some of its goods are not wanted any more, and it can't be asked for in part: it ends when the others are cancelled, or come back";
  const { payment: _, ...unpaid } = simple(2, 5000);
  const gift = { ...paymentFor(3000), method: 'gift-card', transaction: 'gift_1' };

  test('as another tender that is being captured pays for its goods too: that is said, until it is known', () => {
    const order = scenario('A1').given(
      ...[shop.place({ ...unpaid, payments: [gift, paymentFor(7000)] }), plan({ 'store-a': { '1': 2 } })],
      ...[reserved('A1-1'), A.ready(), failed('A1-c2')],
    );
    expect(advised(order)).toEqual([
      'A1-c2 retry asks again under another key, request-payment asks the customer for it',
    ]);
    order.given(cancelOne, confirmed('A1-v1'));
    expect(advised(order)).toEqual([`A1-c2 ${NOT_IN_PART}`]);
    const refused = (said: Parameters<Scenario['when']>[0]) => {
      const { last } = order.when(said);
      return last?.kind === 'refused' ? last.refusal.reason : last?.kind;
    };
    expect(refused(ops.retry('A1-c2'))).toBe(
      `A1-c2: 70.00 EUR of 20.00 EUR that are left of the authorisation; ${NOT_IN_PART}`,
    );
    expect(refused(ops.requestPayment('A1-c2'))).toBe(`A1-c2: ${NOT_IN_PART}`);
    order.given(confirmed('A1-c1'));
    expect(advised(order)).toEqual([
      'A1-c2 retry asks again under another key, request-payment asks the customer for it',
    ]);
    order
      .given(cancelOne, confirmed('A1-v2'), confirmed('A1-r1'))
      .shows({ state: 'cancelled', totals: { captured: 3000, refunded: 3000 } });
    expect(advised(order)).toEqual(['A1-c2 it pays for no goods that are still wanted: nothing asks for it again']);
    order.given(ops.resolve('capture-failed', 'A1-c2')).raises();
    audited(order);
  });

  test('is said at once, where it failed after some of its goods were cancelled', () => {
    const order = scenario('A1').given(
      ...[shop.place({ ...unpaid, payments: [gift, paymentFor(7000)] }), plan({ 'store-a': { '1': 2 } })],
      ...[reserved('A1-1'), A.ready(), cancelOne, failed('A1-c2')],
    );
    expect(advised(order)).toEqual([`A1-c2 ${NOT_IN_PART}`]);
  });
});

describe('amounts with a step', () => {
  const stepped = (): Scenario =>
    scenario('A1').given(
      shop.place(simple(2, 5003, { shipping: { amount: 494, taxRate: '0.2' }, payment: { ...paymentFor(30000) } })),
    );
  const declined = (): Scenario =>
    stepped()
      .withTender(0, { amountStep: { EUR: 10 } })
      .given(plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), A.ready(), failed('A1-c1'))
      .given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));

  test('what is wanted is asked again on its step', () => {
    const order = declined().given(ops.retry('A1-c1')).raises();
    finished(order)
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 5490, refunded: 0 } });
    audited(order);
    finished(order.given(confirmed('A1-c1', 9900))).shows({ totals: { captured: 15990, refunded: 10500 } });
    audited(order);
  });

  test('what is wanted is asked of the customer on its step', () => {
    const order = declined().given(ops.requestPayment('A1-c1'));
    order.shows({ paymentRequests: [{ amount: 5490 }] }).given(ops.paid(5490));
    finished(order)
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 5490, refunded: 0 } });
    audited(order);
    finished(order.given(confirmed('A1-c1', 9900))).shows({ totals: { captured: 15990, refunded: 10496 } });
    audited(order);
  });
});
