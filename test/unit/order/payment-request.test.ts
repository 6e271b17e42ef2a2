/** What no authorisation gives any more is asked of the customer, and settled by `paid`. */
import { expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  confirmed,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
} from './scenario.ts';

const HOUR_MS = 3600_000;
const inHours = (hours: number): Said => ({
  ...timer('expire-authorisation', { tender: 0 }),
  afterMs: hours * HOUR_MS,
});

/** BASE, its first half captured, half a day before its authorisation ends; nothing was stored. */
const ending = (): Scenario =>
  scenario('A1001', { expiry: DEFAULT_EXPIRY })
    .given(shop.place(BASE), ...bothAccept('A1001'))
    .given(A.ready(), confirmed('A1001-c1'), inHours(6 * 24))
    .when(inHours(12));

test('pain 11: what can not be authorised again is requested of the customer', () => {
  const order = ending().says('event payment-requested').raises('payment-requested');
  expect(order.effects[0]).toMatchObject({
    payload: {
      request: 'A1001-q1',
      amount: 4166,
      reason: '41.66 EUR is not covered: the authorisation of visa ends at 2026-11-29T09:00:00Z',
    },
  });
  order.shows({ paymentRequests: [{ request: 'A1001-q1', amount: 4166, state: 'open' }] });
});

test('pain 10: a refused reauthorisation cancels nothing: the customer is asked', () => {
  const order = scenario('A1001', { expiry: DEFAULT_EXPIRY })
    .given(shop.place({ ...BASE, payment: { ...paymentOf(BASE), credential: 'card_1' } }))
    .given(...bothAccept('A1001'))
    .given(inHours(6 * 24), inHours(12));
  order.when(failed('A1001-a1')).says('event reauthorisation-failed', 'event payment-requested');
  order.shows({ state: 'fulfilling', paymentRequests: [{ amount: 12980 }] });
});

test('paid: the goods are funded when they are ready, what was authorised is voided', () => {
  const order = ending().when(ops.paid(4166)).says('event paid', 'gateway A1001-v1 4166').raises();
  order.when(B.ready()).says('event ready', 'gateway A1001-p2 3645').given(B.ship());
  order.given(confirmed('A1001-p1'), confirmed('A1001-p2'), confirmed('A1001-v1'));
  expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
  order.shows({ totals: { captured: 12980 }, paymentRequests: [{ state: 'paid' }] });
});

test('paid after the authorisation ended: goods that wait are funded at once, with the shipping fee', () => {
  const order = scenario('A1', { expiry: DEFAULT_EXPIRY })
    .given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'))
    .given(inHours(7 * 24), A.ready());
  order.raises('payment-requested', 'authorisation-expired').when(A.ship()).refuses('not-funded');
  order.when(ops.paid(12980)).says('event paid', 'event funding', 'gateway A1-p1 10928').raises();
  order.given(A.ship()).shows({ state: 'fulfilled', fulfilments: [{ funded: true }] });
});

test('paid for a capture that could not leave in time: it stands in for it', () => {
  const order = scenario('A1', { expiry: DEFAULT_EXPIRY }).given(
    shop.place(BASE),
    plan({ 'store-a': { '1': 1, '2': 1 } }),
    reserved('A1-1'),
    A.ready(),
  );
  const lapsed = failed('A1-c1');
  order.given({ ...lapsed, payload: { ...(lapsed.payload as object), code: 'authorisation-expired' } });
  order.raises('authorisation-expired', 'payment-requested');
  order.when(ops.paid(12980)).says('event paid', 'gateway A1-p1 10928').raises();
  order.given(A.ship()).shows({ state: 'fulfilled', totals: { captured: 12980 } });
});

test('what is paid and not delivered goes back to where it came from', () => {
  const order = ending().given(ops.paid(4166), shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
  expect(order.requests.at(-1)).toMatchObject({ key: 'A1001-r1', transaction: 'tr_1', amount: 4166 });
  order.given(confirmed('A1001-r1'));
  expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
});

test('a request follows what is missing: smaller, or not any more', () => {
  const order = ending()
    .when(B.ready())
    .says('event ready', 'gateway A1001-c2 4166', 'event payment-request-withdrawn');
  order.raises().shows({ paymentRequests: [{ state: 'withdrawn' }] });
  order.when(failed('A1001-c2')).says('event capture-failed', 'event payment-requested');
  order.shows({ paymentRequests: [{}, { request: 'A1001-q2', amount: 4166, state: 'open' }] });
  const cancelled = ending().when(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
  expect(cancelled.view.paymentRequests).toMatchObject([{ state: 'withdrawn' }]);
});

/** BASE, of which the second half was declined when its authorisation was about to end. */
const declined = (): Scenario => ending().given(B.ready(), failed('A1001-c2'));

test('paid for a capture that was declined: it stands in for it', () => {
  const order = declined().raises('capture-failed', 'payment-requested');
  order
    .when(ops.paid(4166, { request: 'A1001-q2' }))
    .says('event paid', 'gateway A1001-v1 4166', 'gateway A1001-p2 3645')
    .raises();
  order.given(B.ship(), confirmed('A1001-p1'), confirmed('A1001-v1'), confirmed('A1001-p2'));
  order.shows({ fulfilments: [{}, { funded: true, captured: 4166 }], totals: { captured: 12980 } });
  audited(order);
});

test('what was declined moves after all: what was paid in its place goes back', () => {
  const order = declined().given(ops.paid(4166), failed('A1001-v1'), confirmed('A1001-c2', 9000));
  expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', transaction: 'tr_1', amount: 4166 });
  order.given(confirmed('A1001-r1'), confirmed('A1001-p1'), confirmed('A1001-p2'));
  order.shows({ totals: { captured: 17146, refunded: 4166 } });
  audited(order);
});

test('paid while the goods are being captured: it pays if that fails, else it goes back', () => {
  const order = (): Scenario => ending().given(B.ready(), ops.paid(4166, { request: 'A1001-q1' }));
  order().when(failed('A1001-c2')).says('event capture-failed', 'gateway A1001-v1 4166', 'gateway A1001-p2 3645');
  order().when(confirmed('A1001-c2')).says('event captured', 'gateway A1001-r1 4166', 'gateway A1001-p2 3645');
});

test('nobody is asked while the order is held', () => {
  const order = scenario('A1', { expiry: DEFAULT_EXPIRY })
    .given(shop.place(BASE), ops.hold(), inHours(7 * 24))
    .raises();
  order.when(ops.release()).says('event released', 'source 1×1 2×1', 'event payment-requested');
});

test('paid is refused where it does not fit', () => {
  ending().when(ops.paid(4165)).refuses('wrong-amount');
  ending()
    .when(ops.paid(4166, { request: 'A1001-q9' }))
    .refuses('wrong-state');
  ending()
    .when(ops.paid(4166, { account: 'other' }))
    .refuses('unknown-gateway-account');
  ending()
    .when(ops.paid(4166, { method: 'shells' }))
    .refuses('unknown-payment-method');
  ending()
    .when(ops.paid(4166, { transaction: 'pi_3Px' }))
    .refuses('invalid-payload');
  ending()
    .given(ops.paid(4166))
    .when(ops.paid(4166, { request: 'A1001-q1' }))
    .refuses('invalid-payload');
  scenario('A1').given(shop.place(BASE)).when(ops.paid(12980)).refuses('wrong-state');
});

const audited = (order: Scenario) => expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
const withoutLine2 = shop.cancel({ lines: [{ line: '2', quantity: 1 }] });

test('paid for a request that was withdrawn meanwhile: it is booked, and goes back', () => {
  const order = ending()
    .given(withoutLine2)
    .when(ops.paid(4166, { request: 'A1001-q1' }));
  order.says('event paid', 'gateway A1001-r1 4166').raises();
  expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', transaction: 'tr_1' });
  order.when(ops.paid(4166, { request: 'A1001-q1' })).refuses('invalid-payload');
  order.given(confirmed('A1001-r1'), confirmed('A1001-v1'));
  order.shows({ paymentRequests: [{ state: 'paid' }], totals: { captured: 12980, refunded: 4166 } });
  audited(order);
});

test('paid twice for one request, by two transactions: the second one goes back', () => {
  const order = ending()
    .given(ops.paid(4166))
    .when(ops.paid(4166, { transaction: 'tr_2' }));
  expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 4166 });
  order.given(confirmed('A1001-r1'), B.ready()).shows({ totals: { captured: 17146, refunded: 4166 } });
  audited(order);
});

/** BASE, nothing ready, half a day before its authorisation ends; 129.80 is asked for. */
const askedForAll = (): Scenario =>
  scenario('A1001', { expiry: DEFAULT_EXPIRY })
    .given(shop.place(BASE), ...bothAccept('A1001'))
    .given(inHours(6 * 24), inHours(12));

test('paid twice while goods are still to come: the second payment goes back at once, where it came from', () => {
  const order = askedForAll()
    .given(ops.paid(12980))
    .when(ops.paid(12980, { transaction: 'tr_2' }));
  order.says('event paid', 'gateway A1001-r1 12980');
  expect(order.requests.at(-1)).toMatchObject({ kind: 'refund', transaction: 'tr_2' });
  order.given(confirmed('A1001-v1'), confirmed('A1001-r1'), A.ready(), confirmed('A1001-p1'), A.ship());
  order.when(ops.refund(8815)).refuses('exceeds-captured');
  order.given(B.ready(), confirmed('A1001-p2'), B.ship()).raises();
  order.shows({ state: 'fulfilled', totals: { captured: 25960, refunded: 12980 } });
  audited(order);
});

test('more than is asked for goods that are still to come: the rest goes back once, what comes to nothing later', () => {
  const order = askedForAll().when(ops.paid(13000));
  order.says('event paid', 'gateway A1001-r1 20', 'gateway A1001-v1 12980');
  order.given(confirmed('A1001-v1'), confirmed('A1001-r1'), A.ready(), confirmed('A1001-p1'));
  order.given(B.shortPick({ '2': 1 }), plan({}, { '2': 1 }), confirmed('A1001-r2'));
  expect(order.requests.filter(({ kind }) => kind === 'refund').map(({ amount }) => amount)).toEqual([20, 4166]);
  order.shows({ totals: { captured: 13000, refunded: 4186 } });
  audited(order);
});

test('what was paid beyond the order at the shop stays until all of it is decided: the scales may still ask for it', () => {
  const ideal = { ...paymentOf(BASE), method: 'ideal', transaction: 'id_1', authorised: 3500, captured: 3500 };
  const order = scenario('A1').given(
    shop.place(simple(3, 1000, { payment: ideal })),
    plan({ 'store-a': { '1': 2 }, 'store-b': { '1': 1 } }),
    reserved('A1-1'),
    reserved('A1-2'),
  );
  order.given({ ...A.ready(), payload: { lines: [{ line: '1', quantity: 2, amount: 2400 }] } });
  expect(order.requests.filter(({ kind }) => kind === 'refund')).toEqual([]);
  order.when(B.ready()).says('event ready', 'gateway A1-r1 100', 'gateway A1-p2 875');
});

test('paid for an order that is cancelled, or was handed over: it goes back, with the shipping fee', () => {
  const asked = () =>
    scenario('A1', { expiry: DEFAULT_EXPIRY })
      .given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'))
      .given(inHours(7 * 24));
  const cancelled = asked().given(shop.cancel()).when(ops.paid(12980));
  cancelled.says('event paid', 'gateway A1-r1 12980').given(confirmed('A1-r1'));
  cancelled.raises().shows({ state: 'cancelled', totals: { captured: 12980, refunded: 12980 } });
  const sent = asked()
    .given(ops.paid(12980), A.ready(), A.ship())
    .when(ops.paid(12980, { transaction: 'tr_2' }));
  expect(sent.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 12980 });
  sent.given(confirmed('A1-r1')).shows({ state: 'fulfilled', totals: { captured: 25960, refunded: 12980 } });
  for (const order of [cancelled, sent]) audited(order);
});

/** 3 units are asked for at first, then 2. */
const askedLess = (): Scenario =>
  scenario('A1', { expiry: DEFAULT_EXPIRY })
    .given(shop.place(simple(3, 1000)), plan({ 'store-a': { '1': 3 } }), reserved('A1-1'))
    .given(inHours(7 * 24), shop.cancel({ lines: [{ line: '1', quantity: 1 }] }))
    .shows({
      paymentRequests: [
        { amount: 3000, state: 'withdrawn' },
        { amount: 2000, state: 'open' },
      ],
    });

test('paid for what was asked before: it settles what is asked now, and the rest goes back', () => {
  const order = askedLess().when(ops.paid(3000, { request: 'A1-q1' }));
  order.says('event paid', 'event payment-request-withdrawn', 'gateway A1-r1 1000').raises();
  order.given(confirmed('A1-r1'), A.ready()).shows({ fulfilments: [{ funded: true }] });
  audited(order);
});

test('too little for what was asked before is booked, and the rest asked again', () => {
  const order = askedLess().when(ops.paid(1500, { request: 'A1-q1' }));
  order.says('event paid', 'event payment-request-withdrawn', 'event payment-requested').raises('payment-requested');
  order.given(ops.paid(500, { transaction: 'tr_2' }), A.ready()).raises();
  order.shows({ totals: { captured: 2000 }, fulfilments: [{ funded: true }] });
  audited(order);
});

test('more than is asked settles it, and the rest goes back', () => {
  const order = ending().when(ops.paid(5000));
  expect(order.requests.filter(({ kind }) => kind === 'refund')).toMatchObject([{ transaction: 'tr_1', amount: 834 }]);
  order.given(confirmed('A1001-r1'), B.ready()).shows({ totals: { captured: 13814, refunded: 834 } });
  audited(order);
});
