/** Pain 23 in full: a refund that fails stays owed until the customer has his money, from another tender or in another way. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderPolicy } from '../../../actors/order/record.ts';
import { bookedMovement } from '../../../supervisor/reconcile/booked-movement.ts';
import {
  A,
  assignedBase,
  BASE,
  by,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  result,
  type Scenario,
  scenario,
  shop,
  simple,
  unknown,
} from './scenario.ts';

const NEXT_TENDER: Partial<OrderPolicy> = { refundFailure: 'next-tender' };

/** 100.00 of goods, shipped: a gift card paid `gift` of it, a card the rest. */
function twoTenders(gift: number, policy: Partial<OrderPolicy> = NEXT_TENDER): Scenario {
  const { payment: _, ...unpaid } = simple(2, 5000);
  const card = paymentOf(BASE);
  const payments = [
    { ...card, method: 'gift-card', transaction: 'gift_1', authorised: gift },
    { ...card, authorised: 10000 - gift },
  ];
  const order = scenario('A1', policy).given(
    shop.place({ ...unpaid, payments }),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1', FRANCHISE),
  );
  return order.given(A.ready(), confirmed('A1-c1'), confirmed('A1-c2'), confirmed('A1-p1'), A.ship());
}

describe('with the policy next-tender', () => {
  test('a refund that fails goes to the next tender that has room, once', () => {
    const order = twoTenders(5000).given(ops.refund(3000));
    const { requests } = order;
    expect(requests.at(-1)).toMatchObject({ key: 'A1-r1', transaction: 'pi_3Px', amount: 3000 });
    order.when(failed('A1-r1')).says('event refund-failed', 'event asked-again', 'gateway A1-r2 3000').raises();
    expect(requests.at(-1)).toMatchObject({ key: 'A1-r2', transaction: 'gift_1', amount: 3000 });
    order.shows({ totals: { open: { refund: 3000 } } });
    order.when(failed('A1-r2')).says('event refund-failed').raises('refund-failed');
    order
      .when(ops.settleRefund('A1-r2'))
      .raises()
      .shows({ totals: { refunded: 3000, open: { refund: 0 } } });
  });

  test.each([
    ['reverse', 'tr_3', 'tr_2'],
    ['same-as-drawn', 'tr_1', 'tr_2'],
  ] as const)('tenders are refunded in the order of the policy: %s', (refundsTo, first, next) => {
    const { payment: _, ...unpaid } = simple(2, 5000);
    const payments = ['tr_1', 'tr_2', 'tr_3'].map((transaction, index) => ({
      ...paymentOf(BASE),
      transaction,
      authorised: index === 0 ? 4000 : 3000,
    }));
    const order = scenario('A1', { ...NEXT_TENDER, refundsTo }).given(
      ...[shop.place({ ...unpaid, payments }), plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), A.ready()],
      ...[confirmed('A1-c1'), confirmed('A1-c2'), confirmed('A1-c3'), confirmed('A1-p1'), A.ship()],
    );
    order.given(ops.refund(1000), failed('A1-r1'));
    const refunds = order.requests.filter(({ kind }) => kind === 'refund');
    expect(refunds.map(({ transaction }) => transaction)).toEqual([first, next]);
  });

  test('without room on any other tender it stays owed, and a person is asked', () => {
    const order = twoTenders(2000).given(ops.refund(3000));
    order.when(failed('A1-r1')).says('event refund-failed').raises('refund-failed');
    order.shows({ totals: { refunded: 0, open: { refund: 3000 } } });
  });

  test('what the provider had accepted stays where it is: it may be paid after all', () => {
    const order = twoTenders(5000).given(ops.refund(3000), confirmed('A1-r1'), confirmed('A1-b1'));
    order.when(failedLate('A1-r1')).raises('refund-failed');
    expect(order.requests.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
    order
      .when(confirmed('A1-r1', 9000))
      .raises()
      .shows({ totals: { refunded: 3000 } });
  });

  test('the store gives its share back once, when the second tender is refunded', () => {
    const order = twoTenders(5000).given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    order.given(failed('A1-r1')).when(confirmed('A1-r2')).says('event refunded', 'gateway A1-b1 4375');
    order.given(confirmed('A1-b1')).shows({ parties: { headquarters: 625, 'store-a': 4375 } });
  });

  test('no order of failures refunds a tender beyond what it paid, or twice', () => {
    const amounts = fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.constantFrom('confirmed', 'failed')), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), amounts, fc.boolean(), (gift, refunds, again) => {
        const order = twoTenders(gift);
        for (const [amount, outcome] of refunds) {
          order.when(ops.refund(amount));
          answerRefunds(order, outcome as 'confirmed' | 'failed');
        }
        for (const { entry, state } of again ? order.view.ledger : []) {
          if (state === 'failed') order.when(ops.retry(entry));
        }
        answerRefunds(order, 'confirmed');
        const back = (transaction: string) =>
          order.requests
            .filter(({ key, kind, transaction: of }) => kind === 'refund' && of === transaction && stands(order, key))
            .reduce((sum, { amount }) => sum + amount, 0);
        expect(back('gift_1')).toBeLessThanOrEqual(gift);
        expect(back('pi_3Px')).toBeLessThanOrEqual(10000 - gift);
        const { refunded, open } = order.view.totals;
        expect(refunded + open.refund).toBe(granted(order));
      }),
      { numRuns: 40, seed: 20261122 },
    );
  });
});

const stands = (order: Scenario, key: string): boolean =>
  order.view.ledger.some(({ entry, state }) => entry === key && state === 'confirmed');

/** Each obligation once: what asks for the same again is not another. */
const granted = (order: Scenario): number =>
  order.view.ledger
    .filter(({ kind, retries }) => kind === 'refund' && retries === undefined)
    .reduce((sum, { amount }) => sum + amount, 0);

function answerRefunds(order: Scenario, outcome: 'confirmed' | 'failed'): void {
  for (;;) {
    const open = order.view.ledger.find(({ state }) => state === 'requested');
    if (!open) return;
    order.when(result(open.entry, open.kind === 'refund' ? outcome : 'confirmed'));
  }
}

describe('by default', () => {
  test('a refund that fails stays owed, and its attention says how it ends', () => {
    const order = twoTenders(5000, {}).given(ops.refund(3000));
    order.when(failed('A1-r1')).says('event refund-failed').raises('refund-failed');
    expect(order.view.attention[0]?.reason).toMatch(/retry asks again .*settle-refund ends it/);
  });
});

describe('settle-refund', () => {
  const owed = (): Scenario =>
    assignedBase().given(
      ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
      ...[declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }), failed('A1001-r1')],
    );

  test('closes what was paid in another way: headquarters paid, and the store gives its share back', () => {
    const order = owed();
    order.when(ops.settleRefund('A1001-r1')).says('event refunded', 'gateway A1001-b1 7283').raises();
    order.given(confirmed('A1001-b1')).shows({
      totals: { captured: 8814, refunded: 8324, open: { refund: 0 } },
      parties: { headquarters: 490, 'store-a': 0 },
    });
    expect(order.view.ledger.find(({ outside }) => outside)).toMatchObject({
      ...{ entry: 'A1001-r2', kind: 'refund', state: 'confirmed', retries: 'A1001-r1', party: 'customer' },
      gatewayReference: 'transfer-17',
    });
    const rows = order.rows.filter(({ entry }) => entry === 'A1001-r2');
    expect(rows).toMatchObject([{ movement: 'refund', gross: -8324, return: 'R1', gatewayReference: 'transfer-17' }]);
    expect(rows.map(bookedMovement)).toEqual([undefined]);
    order.when(ops.settleRefund('A1001-r1')).refuses('wrong-state');
    order.when(ops.retry('A1001-r1')).refuses('wrong-state');
  });

  test('is for refunds that failed, and for those only', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), A.ship(), ops.refund(100));
    order.when(ops.settleRefund('A1001-c1')).refuses('wrong-state');
    order.when(ops.settleRefund('A1001-r1')).refuses('wrong-state');
    order.given(unknown('A1001-r1')).when(ops.settleRefund('A1001-r1')).refuses('wrong-state');
    order.when(ops.settleRefund('A1001-r9')).refuses('unknown-entry');
  });

  test('what the provider pays after all was paid twice, and is said', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship());
    order.given(ops.refund(1000, '1'), failed('A1001-r1'), ops.settleRefund('A1001-r1'));
    order
      .when(confirmed('A1001-r1', 9000))
      .raises('moved-twice')
      .shows({ totals: { refunded: 2000 } });
  });

  test('ends what is owed to a customer who paid at a till', () => {
    const { payment: _, ...unpaid } = BASE;
    const till = { ...unpaid, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };
    const order = scenario().given(shop.place(till), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'));
    order.given(A.sell([['1', 1, 8324]]), confirmed('A1-b1'), declared('R1', { '1': 1 }));
    order.when(claimed('R1', { '1': [1, 0] })).raises('refund-by-hand');
    order
      .when(by('ops-anna').settleRefund('A1-owed-1'))
      .raises()
      .shows({ totals: { captured: 8324, refunded: 8324 } });
    order.when(ops.settleRefund('A1-owed-1')).refuses('unknown-entry');
  });
});
