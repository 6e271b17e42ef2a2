import { expect, test } from 'vitest';
import { A, assignedBase, B, BASE, claimed, confirmed, declared, plan, reserved, scenario, shop } from './scenario.ts';

test('BASE goes from placement to a full return, to the cent', () => {
  const order = scenario('A1001');
  order.when(shop.place(BASE)).says('event placed', 'source 1×1 2×1');
  order.shows({
    state: 'sourcing',
    totals: { ordered: 12980, authorised: 12980, captured: 0 },
    lines: [
      { line: '1', gross: 8324, net: 6937, tax: 1387 },
      { line: '2', gross: 4166, net: 3472, tax: 694 },
    ],
  });
  order
    .when(plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }))
    .says('send reserve to store store-a', 'send reserve to store store-b')
    .shows({ state: 'fulfilling' });
  order.when(reserved('A1001-1')).says('tell store-a assigned', 'event assigned');
  order.given(reserved('A1001-2'));

  order.when(A.ready()).says('event ready', 'gateway A1001-c1 8814');
  order.when(A.ship()).refuses('not-funded');
  order.when(confirmed('A1001-c1')).says('event captured', 'gateway A1001-p1 7283');
  order.given(confirmed('A1001-p1')).shows({
    state: 'fulfilling',
    totals: { captured: 8814, attributed: 7283, open: { capture: 0, refund: 0, payout: 0 } },
    fulfilments: [{ fulfilment: 'A1001-1', store: 'store-a', state: 'ready', captured: 8814, funded: true }, {}],
    parties: { headquarters: 1531, 'store-a': 7283 },
  });
  order.when(B.ready()).says('event ready', 'gateway A1001-c2 4166');
  order.when(confirmed('A1001-c2')).says('event captured', 'gateway A1001-p2 3645');
  order.given(confirmed('A1001-p2'));
  order.when(A.ship()).says('send hand-over to store store-a', 'event handed-over');
  order.given(B.ship()).shows({
    state: 'fulfilled',
    totals: { captured: 12980, refunded: 0, voided: 0, attributed: 10928 },
    parties: { headquarters: 2052, 'store-a': 7283, 'store-b': 3645 },
  });

  order.when(declared('R1', { '1': 1, '2': 1 })).says('send declared to return R1');
  expect(order.effects).toMatchObject([{ name: 'declared', payload: { currency: 'EUR' } }]);
  order.when(claimed('R1', { '1': [1, 0], '2': [1, 0] }, { refundShipping: true })).says('gateway A1001-r1 12980');
  order.when(confirmed('A1001-r1')).says('event refunded', 'gateway A1001-b1 7283', 'gateway A1001-b2 3645');
  order.given(confirmed('A1001-b1'));
  order.when(confirmed('A1001-b2')).says('event payout-reversed', 'event closed');
  order.shows({
    state: 'closed',
    totals: { captured: 12980, refunded: 12980, attributed: 0 },
    parties: { headquarters: 0, 'store-a': 0, 'store-b': 0 },
    attention: [],
  });
});

test('a capture request carries all that the gateway needs, and when it is too late', () => {
  const order = assignedBase();
  order.given(A.ready());
  expect(order.requests).toEqual([
    {
      key: 'A1001-c1',
      kind: 'capture',
      order: 'A1001',
      transaction: 'pi_3Px',
      method: 'visa',
      amount: 8814,
      currency: 'EUR',
      notAfter: '2026-11-29T09:00:00Z',
      requestedAt: new Date(order.now).toISOString(),
      authorisation: { amount: 12980, at: '2026-11-22T09:00:00Z' },
    },
  ]);
  order.given(confirmed('A1001-c1'));
  expect(order.requests[1]).toMatchObject({ kind: 'payout', party: 'store-a', payoutAccount: 'acct_1' });
});
