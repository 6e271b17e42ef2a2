import { describe, expect, test } from 'vitest';
import {
  A,
  assignedBase,
  B,
  BASE,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  scenario,
  shop,
  simple,
  told,
} from './scenario.ts';

describe('capturing', () => {
  test('the shipping fee goes with the first capture that is made, with the next one when that one failed', () => {
    const order = assignedBase().given(A.ready());
    order.when(failed('A1001-c1')).says('event capture-failed').raises('capture-failed');
    order.when(A.ship()).refuses('not-funded');
    order.when(B.ready()).says('event ready', 'gateway A1001-c2 4656');
  });

  test('what costs nothing needs no gateway and leaves at once', () => {
    const order = scenario().given(shop.place(simple(1, 0)), plan({ 'store-a': { '1': 1 } }), reserved('A1-1'));
    order.when(A.ready()).says('event ready').given(A.ship()).shows({ state: 'fulfilled', ledger: [] });
    order.given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] })).shows({ state: 'closed' });
  });

  test('after captureBefore nothing is captured and nothing leaves', () => {
    const order = assignedBase();
    order
      .when({ ...A.ready(), afterMs: 7 * 24 * 3600_000 })
      .says('event ready', 'event payment-requested')
      .raises('authorisation-expired', 'payment-requested');
    order.when(A.ship()).refuses('not-funded');
    order.when(shop.cancel()).raises().shows({ state: 'cancelled', ledger: [] });
  });

  test('an authorisation beyond the order is voided when nothing is left to capture', () => {
    const order = scenario().given(
      shop.place({ ...BASE, payment: { ...paymentOf(BASE), authorised: 15000 } }),
      plan({ 'store-a': { '1': 1, '2': 1 } }),
      reserved('A1-1'),
    );
    order.when(A.ready('A1-1', { '1': 1 })).says('event ready', 'gateway A1-c1 8814');
    order.when(A.ready()).says('event ready', 'gateway A1-c2 4166', 'gateway A1-v1 2020');
  });

  test('a method that settles at once is never captured; what is not delivered is refunded', () => {
    const payment = { ...paymentOf(BASE), authorised: 13000, captured: 13000 };
    const order = scenario().given(shop.place({ ...BASE, payment }));
    order.ledger('A1-c1 13000 confirmed');
    order.given(plan({ 'store-a': { '1': 1 } }, {}), reserved('A1-1'));
    order.when(A.ready()).says('event ready', 'gateway A1-p1 7283');
    order.when(plan({}, { '2': 1 })).says('event unfulfillable', 'gateway A1-r1 4186');
    order.given(A.ship(), confirmed('A1-r1'), confirmed('A1-p1'));
    order.shows({ totals: { captured: 13000, refunded: 4186 }, parties: { headquarters: 1531, 'store-a': 7283 } });
    expect(order.requests.map(({ kind }) => kind)).toEqual(['payout', 'refund']);
  });

  test('a method that settled at once and delivers nothing gives everything back', () => {
    const payment = { ...paymentOf(BASE), captured: 12980 };
    const order = scenario().given(shop.place({ ...BASE, payment }));
    order.when(shop.cancel()).says('event lines-cancelled', 'gateway A1-r1 12980', 'event cancelled');
  });

  test('a late failure takes the payout back, and is worse when the goods have left', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'));
    order.when(failed('A1001-c1', 7200)).says('event capture-failed', 'gateway A1001-b1 7283').raises('capture-failed');
    const gone = assignedBase().given(A.ready(), confirmed('A1001-c1'), A.ship());
    gone
      .when(failed('A1001-c1', 7200))
      .raises('funds-lost')
      .shows({ fulfilments: [{ state: 'handed-over' }, {}] });
    gone.when(confirmed('A1001-c1', 9000)).raises();
  });
});

describe('refunding', () => {
  const shipped = () =>
    assignedBase().given(
      ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
      ...[B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), B.ship()],
    );

  test('goodwill on a line costs the store its part of it', () => {
    const order = shipped();
    order.when(ops.refund(1000, '1')).says('event refund-granted', 'gateway A1001-r1 1000');
    order.when(confirmed('A1001-r1')).says('event refunded', 'gateway A1001-b1 875');
    order.given(confirmed('A1001-b1')).shows({ parties: { headquarters: 1927, 'store-a': 6408, 'store-b': 3645 } });
  });

  test('goodwill on the order is spread over lines and shipping', () => {
    const order = shipped();
    order
      .given(ops.refund(12980))
      .ledger(
        ...['A1001-c1 8814 confirmed', 'A1001-p1 7283 confirmed', 'A1001-c2 4166 confirmed', 'A1001-p2 3645 confirmed'],
        'A1001-r1 12980 requested',
      );
    order.given(confirmed('A1001-r1'), confirmed('A1001-b1'), confirmed('A1001-b2'));
    order.shows({ parties: { headquarters: 0, 'store-a': 0, 'store-b': 0 } });
  });

  test('goodwill is not given again when the line comes back', () => {
    const order = shipped().given(ops.refund(1000, '1'), confirmed('A1001-r1'), confirmed('A1001-b1'));
    order.given(declared('R1', { '1': 1 }));
    order.when(claimed('R1', { '1': [1, 0] })).says('gateway A1001-r2 7324');
    order.when(confirmed('A1001-r2')).says('event refunded', 'gateway A1001-b2 6408');
  });

  test('rejected units go back to the customer, who may declare them again', () => {
    const order = shipped().given(declared('R1', { '1': 1 }));
    order.when(declared('R2', { '1': 1 })).answers('send declare-refused to return R2');
    order.when(claimed('R1', { '1': [0, 1] })).says();
    order.given(declared('R2', { '1': 1 })).shows({ lines: [{ returned: 0 }, {}] });
    order.given(
      told('declare-cancelled', { return: 'R2', lines: [{ line: '1', quantity: 1 }] }),
      declared('R3', { '1': 1 }),
    );
  });

  test('a claim is applied once', () => {
    const order = shipped().given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    order.when(claimed('R1', { '1': [1, 0] })).ignores();
  });

  test('a fee stays with headquarters and never makes a refund negative', () => {
    const order = shipped().given(declared('R1', { '1': 1, '2': 1 }));
    order.when(claimed('R1', { '1': [1, 0] }, { fee: 500 })).says('gateway A1001-r1 7824');
    order.given(confirmed('A1001-r1'), confirmed('A1001-b1'));
    order.shows({ parties: { headquarters: 490 + 521 + 500, 'store-a': 0, 'store-b': 3645 } });
    order
      .when(claimed('R1', { '2': [1, 0] }, { claim: 2, fee: 9999 }))
      .says('event fee-waived', 'gateway A1001-b2 3645');
    expect(order.effects[0]).toMatchObject({ payload: { return: 'R1', amount: 9999 - 4166 } });
  });

  test('shipping is refunded once at most', () => {
    const order = shipped().given(declared('R1', { '1': 1, '2': 1 }));
    order.when(claimed('R1', { '1': [1, 0] }, { refundShipping: true })).says('gateway A1001-r1 8814');
    order.when(claimed('R1', { '2': [1, 0] }, { claim: 2, refundShipping: true })).says('gateway A1001-r2 4166');
  });

  test('a refund that fails is owed until it is confirmed', () => {
    const order = shipped().given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    order.when(failed('A1001-r1')).says('event refund-failed').raises('refund-failed');
    order.shows({ totals: { refunded: 0, open: { refund: 8324 } } });
    order.when(ops.refund(4657)).refuses('exceeds-captured');
    order.when(confirmed('A1001-r1', 9000)).says('event refunded', 'gateway A1001-b1 7283').raises();
  });

  test('refunds draw from the oldest capture first', () => {
    const order = shipped().given(ops.refund(10000));
    const { record } = (order.snapshot as unknown as { context: { record: { ledger: { against?: unknown }[] } } })
      .context;
    expect(record.ledger.at(-1)?.against).toEqual([
      { entry: 'A1001-c1', amount: 8814 },
      { entry: 'A1001-c2', amount: 1186 },
    ]);
  });
});

describe('paying stores', () => {
  test('a company store is paid nothing', () => {
    const order = scenario().given(shop.place(simple(1, 1000)), plan({ hq: { '1': 1 } }), reserved('A1-1', COMPANY));
    order
      .given(ops.ready())
      .when(confirmed('A1-c1'))
      .says('event captured')
      .shows({ parties: { headquarters: 1000 } });
  });

  test('a franchise without an account at the gateway is not paid, and a person hears of it', () => {
    const { payoutAccount: ___, ...terms } = FRANCHISE;
    const order = scenario().given(
      shop.place(simple(1, 1000)),
      plan({ 'store-a': { '1': 1 } }),
      reserved('A1-1', terms),
    );
    order.given(A.ready()).when(confirmed('A1-c1')).says('event captured').raises('store-account-missing');
  });

  test('a payout that failed is owed under its own key, and not asked again under another', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'));
    order.when(failed('A1001-p1')).says('event payout-failed').raises('payout-failed');
    order.shows({ totals: { open: { payout: 7283 } } });
    order.when(B.ready()).says('event ready', 'gateway A1001-c2 4166');
    order
      .when(confirmed('A1001-p1', 9000))
      .raises()
      .shows({ parties: { 'store-a': 7283 } });
  });
});
