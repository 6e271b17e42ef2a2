/** What failed, and nobody is owed any more: a refund of money that was lost since, a payout for goods that came back. */
import { describe, expect, test } from 'vitest';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  BASE,
  claimed,
  confirmed,
  declared,
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

const captured = (): Scenario =>
  scenario('A1').given(
    shop.place(simple(2, 1000)),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
    A.ready(),
    confirmed('A1-c1'),
  );

const returned = (): Scenario => captured().given(A.ship(), declared('R1', { '1': 2 }), claimed('R1', { '1': [2, 0] }));

/** What was asked of the gateway for stores is done. */
function paidOut(order: Scenario): Scenario {
  for (const { entry, kind, state } of order.view.ledger) {
    if (kind.startsWith('payout') && state === 'requested') order.given(confirmed(entry));
  }
  return order;
}

describe.each([
  ['cancelled', () => captured().given(shop.cancel()), 'cancelled'],
  ['returned', returned, 'closed'],
] as const)('a refund of goods that were %s failed, and then its capture is lost', (_, back, state) => {
  const lost = (): Scenario => back().given(failed('A1-r1'), failedLate('A1-c1'));

  test('nothing of it is owed, and no person is asked for it', () => {
    const order = back().given(failed('A1-r1')).raises('refund-failed');
    order.shows({ totals: { open: { refund: 2000 } } });
    paidOut(paidOut(order.given(failedLate('A1-c1'))));
    order.shows({ state, totals: { captured: 0, refunded: 0, open: { refund: 0 } } });
    expect(order.view.attention.map(({ about }) => about)).toEqual(['A1-c1']);
    order.when(ops.retry('A1-r1')).refuses('wrong-state');
    order.when(ops.settleRefund('A1-r1')).refuses('wrong-state');
    order.shows({ totals: { captured: 0, refunded: 0 }, parties: { headquarters: 0 } });
    audited(order);
  });

  test('it is owed again when that is found, and a person is told', () => {
    const order = lost().given(confirmed('A1-c1', 9000)).raises('refund-failed');
    expect(order.view.attention[0]?.reason).toBe(
      'A1-r1: failed; retry asks again under another key; settle-refund ends it when it was paid in another way',
    );
    order.shows({ totals: { captured: 2000, open: { refund: 2000 } } });
    order.when(ops.retry('A1-r1')).says('event asked-again', 'gateway A1-r2 2000').raises();
    paidOut(paidOut(order.given(confirmed('A1-r2'))));
    order.shows({ state, totals: { refunded: 2000, open: { refund: 0 } } });
    audited(order);
  });
});

test('goodwill on goods whose capture was lost is not settled while nothing is captured', () => {
  const order = captured().given(A.ship(), ops.refund(1000, '1'), failed('A1-r1'), failedLate('A1-c1'));
  order
    .shows({ totals: { captured: 0, open: { refund: 0 } } })
    .when(ops.settleRefund('A1-r1'))
    .refuses('wrong-state');
  order.given(confirmed('A1-c1', 9000)).shows({ totals: { open: { refund: 1000 } } });
  order.given(ops.settleRefund('A1-r1')).shows({ totals: { captured: 2000, refunded: 1000 } });
  audited(order);
});

test('of goods that two tenders paid, what the one that is there failed to give back stays owed', () => {
  const { payment: _, ...place } = simple(2, 1000);
  const paying = (transaction: string) => ({ ...paymentOf(BASE), transaction, authorised: 1000 });
  const order = scenario('A1').given(
    shop.place({ ...place, payments: [paying('pi_a'), paying('pi_b')] }),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
    A.ready(),
    confirmed('A1-c1'),
    confirmed('A1-c2'),
    shop.cancel(),
    failed('A1-r1'),
    failed('A1-r2'),
    failedLate('A1-c1'),
  );
  order.shows({ totals: { captured: 1000, refunded: 0, open: { refund: 1000 } } });
  const [there] = order.view.attention.flatMap(({ code, about }) => (code === 'refund-failed' ? [about ?? ''] : []));
  order.when(ops.retry(there ?? '')).says('event asked-again', 'gateway A1-r3 1000');
  order.given(confirmed('A1-r3')).shows({ state: 'cancelled', totals: { captured: 1000, refunded: 1000 } });
  audited(order);
});

describe('a payout failed, and its goods come back', () => {
  const unpaid = (): Scenario => captured().given(failed('A1-p1')).raises('payout-failed');

  test('nobody is owed it: retry gives it up', () => {
    const order = unpaid().shows({ totals: { open: { payout: 1750 } } });
    order.given(shop.cancel(), confirmed('A1-r1')).shows({ state: 'cancelled', totals: { open: { payout: 0 } } });
    expect(order.view.attention[0]?.reason).toMatch(/; nothing of it is owed any more: retry gives it up$/);
    order
      .given(ops.retry('A1-p1'))
      .raises()
      .shows({ totals: { open: { payout: 0 } } });
    audited(order);
  });

  test('what is left of it is', () => {
    const order = unpaid().given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-r1'));
    order.shows({ totals: { open: { payout: 875 } } });
    expect(order.view.attention[0]?.reason).toMatch(/; retry asks again under another key$/);
    order.when(ops.retry('A1-p1')).says('event asked-again', 'gateway A1-p2 875');
    order.given(confirmed('A1-p2'), A.ship()).shows({ state: 'fulfilled', parties: { 'store-a': 875 } });
    audited(order);
  });
});
