/** What a person does with an entry that is unknown, or failed: looked up, or asked for again. */
import { describe, expect, test } from 'vitest';
import {
  A,
  assignedBase,
  B,
  BASE,
  confirmed,
  failed,
  failedLate,
  givenUp,
  ops,
  paymentOf,
  plan,
  reserved,
  scenario,
  shop,
  simple,
  unknown,
} from './scenario.ts';

const DAY_MS = 24 * 3600_000;
const shipped = () =>
  assignedBase().given(
    ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
    ...[B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), B.ship()],
  );

describe('an unknown outcome', () => {
  test('calls a person when the provider is asked no more, and says by which commands it ends', () => {
    const order = assignedBase().given(A.ready(), unknown('A1001-c1'));
    expect(order.view.attention[0]?.reason).not.toContain('confirm');
    order.when(givenUp('A1001-c1')).says('event capture-unknown').raises('capture-unknown');
    expect(order.view.attention[0]?.reason).toContain('look it up at the provider, then say confirm or fail');
    order.when(givenUp('A1001-c1')).ignores();
  });

  test('that is looked up and moved is confirmed, and all that follows happens', () => {
    const order = assignedBase().given(A.ready(), givenUp('A1001-c1'));
    order.when(ops.confirm('A1001-c1', 'ch_7')).says('event captured', 'gateway A1001-p1 7283').raises();
    order.shows({ ledger: [{ entry: 'A1001-c1', state: 'confirmed', gatewayReference: 'ch_7' }, {}] }).given(A.ship());
  });

  test('that is looked up and did not move has failed for certain, and may be asked for again', () => {
    const order = assignedBase().given(A.ready(), givenUp('A1001-c1'));
    order.when(ops.fail('A1001-c1')).says('event capture-failed').raises('capture-failed');
    order.when(ops.retry('A1001-c1')).says('event asked-again', 'gateway A1001-c2 8814').raises();
  });

  test('older than any key at the provider needs nobody who gave up', () => {
    const order = assignedBase().given(A.ready(), { ...unknown('A1001-c1'), afterMs: DAY_MS });
    order.when(ops.confirm('A1001-c1')).says('event captured', 'gateway A1001-p1 7283');
  });

  test('that a person decided is decided anew by a later word of the provider', () => {
    const order = assignedBase().given(A.ready(), givenUp('A1001-c1'), ops.fail('A1001-c1'));
    order.when(confirmed('A1001-c1', 0)).ignores();
    order.when(confirmed('A1001-c1', 9000)).says('event captured', 'gateway A1001-p1 7283').raises();
  });
});

describe('asking again', () => {
  test('captures under a new key for the same units, which may leave when it is confirmed', () => {
    const order = assignedBase().given(A.ready(), failed('A1001-c1'));
    expect(order.view.attention[0]?.reason).toContain('retry asks again under another key');
    order.given(ops.retry('A1001-c1')).ledger('A1001-c1 8814 failed', 'A1001-c2 8814 requested');
    order
      .shows({ ledger: [{}, { retries: 'A1001-c1' }] })
      .when(A.ship())
      .refuses('not-funded');
    order.when(confirmed('A1001-c2')).says('event captured', 'gateway A1001-p1 7283').given(A.ship());
    order.shows({ totals: { captured: 8814 }, fulfilments: [{ captured: 8814, state: 'handed-over' }, {}] });
  });

  test('may fail again and be asked for once more', () => {
    const order = assignedBase().given(A.ready(), failed('A1001-c1'), ops.retry('A1001-c1'));
    order.when(failed('A1001-c2')).raises('capture-failed');
    order.given(ops.retry('A1001-c2'), confirmed('A1001-c3'));
    order.raises().shows({ ledger: [{}, {}, { retries: 'A1001-c1', state: 'confirmed' }, {}] });
  });

  test('does not take the shipping fee that another capture took meanwhile', () => {
    const order = assignedBase().given(A.ready(), failed('A1001-c1'), B.ready());
    order
      .given(ops.retry('A1001-c1'))
      .ledger(...['A1001-c1 8814 failed', 'A1001-c2 4656 requested', 'A1001-c3 8324 requested']);
    order.given(confirmed('A1001-c2'), confirmed('A1001-c3')).shows({ totals: { captured: 12980, ordered: 12980 } });
    order.given(shop.cancel());
    order.given(confirmed('A1001-r1')).shows({ state: 'cancelled' });
    const { captured, refunded, open } = order.view.totals;
    expect(captured - refunded).toBe(open.refund);
  });

  test('of one tender of several completes what the others paid', () => {
    const card = paymentOf(BASE);
    const payments = [
      { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 3000 },
      { ...card, authorised: 7000 },
    ];
    const { payment: _, ...unpaid } = simple(1, 10000);
    const order = scenario().given(
      shop.place({ ...unpaid, payments }),
      plan({ 'store-a': { '1': 1 } }),
      reserved('A1-1'),
    );
    order.given(A.ready(), confirmed('A1-c1'), failed('A1-c2'), ops.retry('A1-c2'));
    order.ledger('A1-c1 3000 confirmed', 'A1-c2 7000 failed', 'A1-c3 7000 requested');
    order.when(confirmed('A1-c3')).says('event captured', 'gateway A1-p1 8750').given(A.ship());
  });

  test('refunds what is still owed, once', () => {
    const order = shipped().given(ops.refund(1000, '1'), failed('A1001-r1'), ops.retry('A1001-r1'));
    order.shows({ totals: { refunded: 0, open: { refund: 1000 } } });
    order.when(confirmed('A1001-r2')).says('event refunded', 'gateway A1001-b1 875').raises();
    order.shows({ totals: { refunded: 1000, open: { refund: 0 } } });
    order.when(ops.refund(11981)).refuses('exceeds-captured').given(ops.refund(11980));
  });

  test('pays a store what it is owed by now', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), failed('A1001-p1'));
    order.when(ops.retry('A1001-p1')).says('event asked-again', 'gateway A1001-p2 7283').raises();
    order.given(confirmed('A1001-p2')).shows({ parties: { 'store-a': 7283 }, totals: { open: { payout: 0 } } });
    const gone = assignedBase().given(A.ready(), confirmed('A1001-c1'), failed('A1001-p1'), shop.cancel());
    gone.given(confirmed('A1001-r1')).raises('payout-failed');
    // Nothing is owed by now: it is given up.
    gone.when(ops.retry('A1001-p1')).says().raises();
  });

  test('voids under a new key; what a store could not give back is owed already', () => {
    const short = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), shop.cancel());
    short.given(confirmed('A1001-r1'), failed('A1001-b1')).raises('store-account-short');
    short.when(ops.retry('A1001-b1')).refuses('wrong-state');
    short.when(failed('A1001-v1')).raises('store-account-short', 'void-failed');
    short.when(ops.retry('A1001-v1')).says('event asked-again', 'gateway A1001-v2 4166').raises('store-account-short');
  });

  test('calls for nobody where the first moved after all, until it fails after all', () => {
    const order = shipped().given(ops.refund(1000, '1'), failed('A1001-r1'), ops.retry('A1001-r1'));
    order.given(failed('A1001-r2')).raises('refund-failed');
    order
      .given(confirmed('A1001-r1', 9000))
      .raises()
      .shows({ totals: { open: { refund: 0 } } });
    order.given(failedLate('A1001-r1', 9500)).shows({ totals: { open: { refund: 1000 } } });
    const reason =
      'A1001-r2: failed, as did A1001-r1; retry asks again under another key; settle-refund ends it when it was paid in another way';
    order.shows({ attention: [{ code: 'refund-failed', about: 'A1001-r2', reason }] });
    order.given(ops.settleRefund('A1001-r2')).raises();
  });

  test('and what moved under both keys is said, and is in the books', () => {
    const payment = { ...paymentOf(BASE), authorised: 30000 };
    const order = scenario().given(
      shop.place({ ...BASE, payment }),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
      reserved('A1-1'),
    );
    order.given(A.ready('A1-1'), failed('A1-c1'), ops.retry('A1-c1'), confirmed('A1-c2'), confirmed('A1-p1'));
    order.when(confirmed('A1-c1', 9000)).says('event captured').raises('moved-twice');
    order.shows({ parties: { headquarters: 2 * 8814 - 7283, 'store-a': 7283 }, totals: { captured: 2 * 8814 } });
    order.when(ops.refund(8814)).says('event refund-granted', 'gateway A1-r1 8814');
    const refunded = shipped().given(ops.refund(1000, '1'), failed('A1001-r1'), ops.retry('A1001-r1'));
    refunded
      .given(confirmed('A1001-r2'))
      .when(confirmed('A1001-r1', 9000))
      .says('event refunded')
      .raises('moved-twice');
    refunded
      .shows({ totals: { refunded: 2000 } })
      .when(ops.refund(10981))
      .refuses('exceeds-captured');
    refunded
      .given(failedLate('A1001-r1', 9001))
      .raises()
      .shows({ totals: { refunded: 1000, open: { refund: 0 } } });
  });
});
