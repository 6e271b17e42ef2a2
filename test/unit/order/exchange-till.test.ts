/** What was paid at a till pays for another order: headquarters has it from the store that took it, and no gateway gives it back. */
import { describe, expect, test } from 'vitest';
import { instant } from '../../../actors/order/record.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { back, checkFigures, ExchangedOrders, instead, reservedFor, sell } from './exchanged-orders.ts';
import {
  A,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  POLICY,
  plan,
  reserved,
  type Said,
  scenario,
  shop,
  simple,
  timer,
  told,
} from './scenario.ts';

const { payment: _, ...UNPAID } = simple(2, 2500);
const TILL = { ...UNPAID, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };

/** Two units, sold at the till of A, which has given its commission to headquarters. */
function sold(of = FRANCHISE): ExchangedOrders {
  const pair = new ExchangedOrders().given('A1', shop.place(TILL), plan({ 'store-a': { '1': 2 } }));
  return pair.given('A1', reserved('A1-1', of), A.sell([['1', 2, 5000]])).confirmAll();
}

const assigned: Said[] = [plan({ 'store-a': { '1': 1 } }), reserved('A2-1')];
const tenderBy = (method: string) => {
  const capability = POLICY.capabilityOf('main', method);
  if (!capability) throw new Error(`${method} is not known`);
  return { account: 'main', method, authorisedAt: instant(0), initiator: 'customer' as const, capability };
};

describe('an exchange of what was paid at a till', () => {
  test('takes the money from the store that took it, and pays the one that prepares the new order', () => {
    const pair = sold().given('A2', shop.place(instead(5000, 5000)), ...assigned);
    pair.given('A1', ...back(2, { store: 'store-a' })).given('A2', A.ready());
    pair.old.ledger('A1-t1 5000 confirmed', 'A1-b1 625 confirmed', 'A1-r1 5000 confirmed', 'A1-b2 4375 requested');
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-p1 4375 requested');
    expect(pair.fresh.requests).toMatchObject([{ kind: 'payout', transaction: 'A1', method: 'till' }]);
    expect(pair.fresh.accounts.get('A2-p1')).toBe('main');
    pair.confirmAll().given('A2', A.ship());
    pair.old.shows({ state: 'closed', parties: { headquarters: 0, 'store-a': 0 } });
    pair.fresh.shows({ parties: { headquarters: 625, 'store-a': 4375 } });
    checkFigures(pair);
  });

  test('waits for the new order, where the return says so, and is refunded at the till where it does not come', () => {
    const pair = sold().given('A1', ...back(2, { store: 'store-a', exchange: 'A2' }));
    pair.old.raises().shows({ totals: { refunded: 0 } });
    pair.old
      .when(told('exchange-lapsed', { return: 'R1' }))
      .says('event exchange-lapsed', 'event refunded', 'gateway A1-p1 625');
    pair.old.shows({ parties: { headquarters: 625, 'store-a': -625 } });
  });

  test('for something dearer captures the difference', () => {
    const pair = sold(COMPANY).given('A2', shop.place(instead(7000, 5000)), ...assigned, A.ready());
    pair.given('A1', ...back(2)).confirmAll();
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-c2 2000 confirmed', 'A2-p1 6125 confirmed');
    checkFigures(pair);
  });

  test('for something cheaper gives the rest at the till that took the goods', () => {
    const pair = sold().given('A2', shop.place(instead(3000, 3000)), ...assigned);
    pair.given('A1', ...back(2, { store: 'store-a' }));
    expect(pair.old.view.ledger.slice(2, 4)).toMatchObject([
      { entry: 'A1-r1', amount: 3000, state: 'confirmed', exchange: 'A2', party: 'customer' },
      { entry: 'A1-r2', amount: 2000, state: 'confirmed', party: 'store-a' },
    ]);
    pair.confirmAll();
    pair.old.shows({ parties: { headquarters: 0, 'store-a': 0 } });
    checkFigures(pair);
  });

  test('for something cheaper has a person pay the rest, where no till took the goods', () => {
    const pair = sold()
      .given('A2', shop.place(instead(3000, 3000)), ...assigned)
      .given('A1', ...back(2));
    pair.old.raises('refund-by-hand');
    expect(pair.old.view.attention[0]).toMatchObject({
      about: 'A1-owed-2',
      reason: expect.stringContaining('20.00 EUR is owed'),
    });
    pair.given('A1', ops.settleRefund('A1-owed-2')).confirmAll();
    pair.old.raises().shows({ state: 'closed', totals: { captured: 5000, refunded: 5000 } });
    checkFigures(pair);
  });

  test('gets nothing of what a person was asked to pay before it came', () => {
    for (const isLapsed of [true, false]) {
      const pair = sold().given('A1', ...back(2, isLapsed ? { exchange: 'A2' } : {}));
      if (isLapsed) pair.given('A1', told('exchange-lapsed', { return: 'R1' }));
      pair.old.raises('refund-by-hand');
      pair.given('A2', shop.place(instead(5000, 5000)), ...assigned);
      pair.old.raises('refund-by-hand').ledger('A1-t1 5000 confirmed', 'A1-b1 625 confirmed');
      pair.fresh.raises('payment-requested', 'exchange-short').ledger();
      pair.given('A1', ops.settleRefund('A1-owed-1')).confirmAll();
      pair.old.raises().shows({ state: 'closed', totals: { captured: 5000, refunded: 5000 } });
      expect(pair.old.view.exchanges).toEqual([{ return: 'R1', order: 'A2', paid: 0 }]);
      checkFigures(pair);
    }
  });

  test('gets what comes back after a person was asked for the first part', () => {
    const pair = sold().given('A1', declared('R1', { '1': 2 }), claimed('R1', { '1': [1, 0] }));
    pair.given('A2', shop.place(instead(5000, 5000)), ...assigned);
    pair.given('A1', claimed('R1', { '1': [1, 0] }, { claim: 2 }));
    expect(pair.old.view.exchanges).toEqual([{ return: 'R1', order: 'A2', paid: 2500 }]);
    pair.fresh.raises('payment-requested', 'exchange-short').ledger('A2-c1 2500 confirmed');
    pair.given('A1', ops.settleRefund('A1-owed-1')).confirmAll();
    pair.old.raises().shows({ state: 'closed', totals: { captured: 5000, refunded: 5000 } });
    checkFigures(pair);
  });

  test('may be returned in its turn, and pay for a third order', () => {
    const pair = sold()
      .given('A2', shop.place(instead(5000, 5000)), ...assigned)
      .given('A1', ...back(2));
    pair
      .given('A2', A.ready())
      .confirmAll()
      .given('A2', A.ship(), declared('R2', { '1': 1 }));
    pair.given('A2', told('exchange-wanted', { order: 'A3', return: 'R2', currency: 'EUR', amount: 5000 }));
    pair.fresh.when(claimed('R2', { '1': [1, 0] }));
    expect(pair.fresh.effects).toContainEqual(
      expect.objectContaining({
        name: 'exchange-paid',
        id: 'A3',
        payload: expect.objectContaining({
          tender: expect.objectContaining({ till: true, method: 'till', amount: 5000 }),
        }),
      }),
    );
  });
});

describe('an exchange for goods that are paid at a till', () => {
  test('pays what the till says, and the difference is in the till', () => {
    const pair = reservedFor(5000).given('A1', ...back(2));
    pair.fresh
      .ledger('A2-c1 5000 confirmed')
      .when(sell(['exchange', 5001], ['cash', 2000]))
      .refuses('wrong-amount');
    pair.fresh
      .when(sell(['exchange', 5000], ['cash', 2000]))
      .says(
        'send hand-over to store store-a',
        'event sold',
        'cancel-timer reservation-expired-A2-1',
        'gateway A2-p1 4125',
        'event fulfilled',
      );
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-t1 2000 confirmed', 'A2-p1 4125 requested');
    pair.fresh.shows({ totals: { captured: 7000 }, parties: { 'store-a': 2000, headquarters: 5000 } });
    pair.confirmAll();
    pair.fresh.shows({ parties: { 'store-a': 6125, headquarters: 875 } });
    const sold = pair.fresh.rows.filter(({ movement }) => movement === 'till-sale');
    expect(sold.map(({ entry, gross, exchange }) => [entry, gross, exchange])).toEqual([
      ['A2-c1', 5000, 'A1'],
      ['A2-t1', 2000, undefined],
    ]);
    checkFigures(pair);
  });

  test('gives back first what was paid last: at the till, then where the exchange came from', () => {
    const pair = reservedFor(5000).given('A1', ...back(2));
    pair.given('A2', sell(['exchange', 5000], ['cash', 2000]), declared('R2', { '1': 1 })).confirmAll();
    pair.given('A2', claimed('R2', { '1': [1, 0] }, { store: 'store-a' }));
    expect(pair.fresh.view.ledger.slice(3)).toMatchObject([
      { entry: 'A2-r1', amount: 2000, state: 'confirmed', party: 'store-a' },
      { entry: 'A2-r2', amount: 5000, state: 'requested' },
    ]);
    expect(pair.fresh.requests.at(-1)).toMatchObject({ kind: 'refund', transaction: 'pi_3Px', amount: 5000 });
    pair.confirmAll();
    pair.fresh.shows({ state: 'closed', parties: { 'store-a': 0, headquarters: 0 } });
    checkFigures(pair);
  });

  test('goes back as far as the goods cost less, or were paid without it', () => {
    const cheaper = reservedFor(5000)
      .given('A1', ...back(2))
      .given('A2', sell(['exchange', 4000]));
    cheaper.fresh.ledger('A2-c1 5000 confirmed', 'A2-t1 0 confirmed', 'A2-r1 1000 requested', 'A2-p1 3500 requested');
    const unused = reservedFor(5000)
      .given('A1', ...back(2))
      .given('A2', sell(['cash', 7000]))
      .confirmAll();
    unused.fresh.ledger('A2-c1 5000 confirmed', 'A2-t1 7000 confirmed', 'A2-r1 5000 confirmed', 'A2-b1 875 confirmed');
    for (const pair of [cheaper.confirmAll(), unused]) checkFigures(pair);
  });

  test('that comes when the goods are sold is not wanted any more, and nobody is asked for it when it is overdue', () => {
    const pair = reservedFor(5000);
    pair.fresh.when(timer('exchange-overdue', { return: 'R1' })).ignores();
    pair.given('A2', sell(['cash', 7000])).fresh.raises();
    pair.given('A1', ...back(2));
    expect(pair.old.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 5000 });
    pair.fresh.ledger('A2-t1 7000 confirmed', 'A2-b1 875 requested');
  });

  test('that comes when a person is to give back what the till took goes back by itself', () => {
    const pair = reservedFor(5000).given('A2', sell(['cash', 7000]), declared('R2', { '1': 1 }));
    pair.given('A2', claimed('R2', { '1': [1, 0] })).fresh.raises('refund-by-hand');
    const tender = { ...tenderBy('card'), transaction: 'pi_3Px', amount: 5000 };
    pair.given('A2', told('exchange-paid', { return: 'R1', entry: 'A1-r1', tender }));
    expect(pair.fresh.view.ledger.at(-1)).toMatchObject({ entry: 'A2-r1', amount: 5000, state: 'requested' });
    pair.fresh.raises('refund-by-hand');
    pair.given('A2', ops.settleRefund('A2-owed-1')).confirmAll();
    pair.fresh.raises().shows({ state: 'closed', totals: { captured: 12_000, refunded: 12_000 } });
    expect(wrongFigures(pair.fresh)).toEqual([]);
  });

  test('goes back where nobody comes for the goods', () => {
    const pair = reservedFor(5000).given('A1', ...back(2));
    pair.given('A2', timer('reservation-expired', { fulfilment: 'A2-1' })).confirmAll();
    pair.fresh.raises().ledger('A2-c1 5000 confirmed', 'A2-r1 5000 confirmed').shows({ state: 'cancelled' });
  });
});

describe('what a till paid for an order by exchange', () => {
  /** 5000 of the till, 2000 of the card, with the customer. */
  function shipped(): ExchangedOrders {
    const pair = sold().given('A2', shop.place(instead(7000, 5000)), ...assigned, A.ready());
    return pair
      .given('A1', ...back(2))
      .confirmAll()
      .given('A2', A.ship(), declared('R2', { '1': 1 }));
  }

  test('goes back by hand where goods come by mail, and the card by the gateway', () => {
    const pair = shipped().given('A2', claimed('R2', { '1': [1, 0] }));
    expect(pair.fresh.view.ledger.slice(3)).toMatchObject([
      { entry: 'A2-r1', amount: 5000, state: 'failed', outside: true },
      { entry: 'A2-r2', amount: 2000, state: 'requested' },
    ]);
    expect(pair.fresh.requests.at(-1)).toMatchObject({ key: 'A2-r2', transaction: 'pi_new', amount: 2000 });
    pair.fresh.raises('refund-by-hand');
    pair.fresh.when(ops.retry('A2-r1')).refuses('wrong-state');
    pair.given('A2', confirmed('A2-r2'), ops.settleRefund('A2-r1')).fresh.raises();
    pair.confirmAll();
    pair.fresh.shows({ state: 'closed', totals: { captured: 7000, refunded: 7000, open: { refund: 0 } } });
    pair.fresh.shows({ parties: { headquarters: 0, 'store-a': 0 } });
    checkFigures(pair);
  });

  test('goes back at the till that takes the goods, which headquarters makes whole', () => {
    const pair = shipped().given('A2', claimed('R2', { '1': [1, 0] }, { store: 'store-c' }));
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-c2 2000 confirmed', 'A2-p1 6125 confirmed');
    pair.given('A2', told('store-terms', { store: 'store-c', terms: FRANCHISE }));
    pair.fresh
      .raises()
      .ledger(
        'A2-c1 5000 confirmed',
        'A2-c2 2000 confirmed',
        'A2-p1 6125 confirmed',
        'A2-r1 5000 confirmed',
        'A2-r2 2000 requested',
        'A2-b1 4375 requested',
        'A2-p2 5000 requested',
      );
    pair.confirmAll();
    pair.fresh.shows({ parties: { headquarters: 0, 'store-a': 0, 'store-c': 0 } });
    checkFigures(pair);
  });

  test('is owed by hand when the new order is cancelled', () => {
    const pair = sold()
      .given('A2', shop.place(instead(5000, 5000)), ...assigned)
      .given('A1', ...back(2));
    pair.given('A2', shop.cancel());
    pair.fresh.raises('refund-by-hand').shows({ state: 'cancelled' });
    pair.given('A2', ops.settleRefund('A2-r1')).fresh.raises();
    pair.fresh.shows({ totals: { captured: 5000, refunded: 5000 } });
    checkFigures(pair);
  });

  test('is not what a refund of the card goes to when that fails', () => {
    const tender = { ...tenderBy('ideal'), method: 'till', transaction: 'A1', amount: 5000, till: true as const };
    const order = scenario('A2', { refundFailure: 'next-tender', refundsTo: 'same-as-drawn' });
    order.given(shop.place(instead(7000, 5000)), told('exchange-paid', { return: 'R1', entry: 'A1-r1', tender }));
    order.given(...assigned, A.ready(), confirmed('A2-c2'), confirmed('A2-p1'), A.ship(), ops.refund(1000));
    order.when(failed('A2-r1')).says('event refund-failed').raises('refund-failed');
  });
});
