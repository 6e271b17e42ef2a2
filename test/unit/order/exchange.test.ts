/** A return that pays for another order: even, dearer, cheaper, rejected in part, in whatever order people speak. */
import { describe, expect, test } from 'vitest';
import type { ExchangedOrders } from './exchanged-orders.ts';
import { bought, checkExchange, instead } from './exchanged-orders.ts';
import {
  A,
  claimed,
  confirmed,
  declared,
  ops,
  plan,
  reserved,
  type Said,
  scenario,
  shop,
  simple,
  timer,
  told,
} from './scenario.ts';

const DAY_MS = 24 * 3600_000;

const assigned: Said[] = [plan({ 'store-a': { '1': 1 } }), reserved('A2-1')];
const returned = (units: number, accepted = units, exchange?: string): Said[] => [
  declared('R1', { '1': units }),
  claimed('R1', { '1': [accepted, units - accepted] }, exchange === undefined ? {} : { exchange }),
];

describe('an even exchange', () => {
  const even = (): ExchangedOrders => bought(1, 5000).given('A2', shop.place(instead(5000, 5000)), ...assigned);

  test('asks the gateway for nothing: the return pays for the new order', () => {
    const pair = even();
    const before = pair.old.requests.length;
    pair.given('A1', ...returned(1)).given('A2', A.ready());
    pair.old.ledger('A1-c1 5000 confirmed', 'A1-p1 4375 confirmed', 'A1-r1 5000 confirmed', 'A1-b1 4375 requested');
    expect(pair.old.requests.slice(before).map(({ kind }) => kind)).toEqual(['payout-reversal']);
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-p1 4375 requested');
    pair.fresh.shows({
      totals: { authorised: 5000, captured: 5000 },
      exchange: { order: 'A1', return: 'R1', amount: 5000, paid: 5000 },
      fulfilments: [{ funded: true, captured: 5000 }],
    });
    pair.old.shows({ exchanges: [{ return: 'R1', order: 'A2', paid: 5000 }] });
    checkExchange(pair);
  });

  test('funds goods that were ready before the return was inspected, and not a moment earlier', () => {
    const pair = even().given('A2', A.ready());
    pair.fresh.raises().when(A.ship()).refuses('not-funded');
    pair.given('A1', ...returned(1)).given('A2', A.ship());
    pair.fresh.shows({ state: 'fulfilled' });
  });

  test('takes the store’s share back in one order and gives it in the other', () => {
    const pair = even()
      .given('A1', ...returned(1))
      .given('A2', A.ready())
      .confirmAll();
    pair.old.shows({ parties: { headquarters: 0, 'store-a': 0 } });
    pair.fresh.shows({ parties: { headquarters: 625, 'store-a': 4375 } });
  });

  test('says rows that no gateway account moved, and that cancel out', () => {
    const pair = even()
      .given('A1', ...returned(1))
      .given('A2', A.ready());
    const rows = [...pair.old.rows, ...pair.fresh.rows].filter(({ exchange }) => exchange !== undefined);
    expect(rows.every(({ account }) => account === undefined)).toBe(true);
    expect(rows.map(({ order, movement, gross, exchange }) => [order, movement, gross, exchange])).toEqual([
      ['A1', 'refund', -5000, 'A2'],
      ['A2', 'prepayment', 5000, 'A1'],
      ['A2', 'prepayment', -5000, 'A1'],
      ['A2', 'sale', 5000, 'A1'],
    ]);
  });

  test('may be taken back in its turn: that refund goes where the money came from', () => {
    const pair = even()
      .given('A1', ...returned(1))
      .given('A2', A.ready(), A.ship());
    pair.given('A2', declared('R2', { '1': 1 }), claimed('R2', { '1': [1, 0] }));
    expect(pair.fresh.requests.at(-1)).toMatchObject({
      key: 'A2-r1',
      kind: 'refund',
      order: 'A2',
      transaction: 'pi_3Px',
      amount: 5000,
    });
  });
});

describe('a return that is inspected before the new order is placed', () => {
  test('waits for it, where it said so', () => {
    const pair = bought(1, 5000).given('A1', ...returned(1, 1, 'A2'));
    pair.old.ledger('A1-c1 5000 confirmed', 'A1-p1 4375 confirmed').shows({ state: 'fulfilled' });
    pair.given('A2', shop.place(instead(5000, 5000)));
    checkExchange(pair);
    pair.fresh.shows({ exchange: { paid: 5000 } });
  });

  test('is refunded where the new order does not come in time', () => {
    const pair = bought(1, 5000).given('A1', declared('R1', { '1': 1 }));
    pair.old.when(claimed('R1', { '1': [1, 0] }, { exchange: 'A2' })).says('timer exchange-lapsed-R1');
    expect(pair.old.effects[0]).toMatchObject({ at: pair.old.now + 7 * DAY_MS });
    pair.old.when(timer('exchange-lapsed', { return: 'R1' })).says('event exchange-lapsed', 'gateway A1-r1 5000');
    pair.given('A2', shop.place(instead(5000, 5000)));
    pair.fresh.raises('payment-requested', 'exchange-short').shows({ exchange: { paid: 0 } });
  });

  test('is refunded at once where it did not say so, and the new order learns that nothing comes', () => {
    const pair = bought(1, 5000).given('A1', ...returned(1));
    expect(pair.old.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 5000 });
    pair.given('A2', shop.place(instead(5000, 5000)));
    pair.fresh.raises('payment-requested', 'exchange-short');
    pair.old.when(timer('exchange-lapsed', { return: 'R1' })).ignores();
  });
});

describe('an uneven exchange', () => {
  test('for something dearer captures the difference when it is ready', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(7000, 5000)), ...assigned, A.ready());
    // The return may bring less: until it has come, the customer's own payment is neither taken nor given back.
    pair.fresh.ledger();
    pair.given('A1', ...returned(1));
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-c2 2000 requested');
    expect(pair.fresh.requests).toMatchObject([{ key: 'A2-c2', transaction: 'pi_new', amount: 2000 }]);
    pair.confirmAll().given('A2', A.ship());
    pair.fresh.shows({ totals: { captured: 7000, authorised: 7000, voided: 0 } });
  });

  test('for something cheaper refunds the difference at once', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(3000, 3000)), ...assigned);
    pair.given('A1', ...returned(1));
    expect(pair.old.view.ledger.slice(2, 4)).toMatchObject([
      { entry: 'A1-r1', amount: 3000, state: 'confirmed', exchange: 'A2' },
      { entry: 'A1-r2', amount: 2000, state: 'requested' },
    ]);
    checkExchange(pair);
    pair.confirmAll();
    pair.old.shows({ state: 'closed', totals: { captured: 5000, refunded: 5000, attributed: 0 } });
  });

  test('may pay a part of the new order only, because the customer wants his money', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(5000, 1000)), ...assigned);
    pair.given('A1', ...returned(1)).given('A2', A.ready());
    pair.fresh.ledger('A2-c1 1000 confirmed', 'A2-c2 4000 requested');
    expect(pair.old.requests.filter(({ kind }) => kind === 'refund')).toMatchObject([{ amount: 4000 }]);
  });

  test('pays the shipping fee too', () => {
    const place = { ...instead(5000, 5490), shipping: { amount: 490, taxRate: '0.2' } };
    const pair = bought(1, 6000)
      .given('A2', shop.place(place), ...assigned)
      .given('A1', ...returned(1));
    pair.given('A2', A.ready(), A.ship());
    pair.fresh.ledger('A2-c1 5490 confirmed', 'A2-p1 4375 requested');
    pair.given('A2', declared('R2', { '1': 1 }), claimed('R2', { '1': [1, 0] }, { refundShipping: true }));
    expect(pair.fresh.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 5490 });
  });
});

describe('a return that is worth less than was hoped', () => {
  test('leaves the new order short, and a person is told what is missing', () => {
    const pair = bought(2, 2500).given('A2', shop.place(instead(5000, 5000)), ...assigned, A.ready());
    pair.given('A1', ...returned(2, 1));
    pair.fresh.raises('payment-requested', 'exchange-short').ledger('A2-c1 2500 confirmed');
    expect(pair.fresh.view.attention[1]?.reason).toBe(
      '25.00 EUR of 50.00 EUR came from R1 of A1: 25.00 EUR is not paid',
    );
    pair.fresh.when(A.ship()).refuses('not-funded');
    // The customer gives up: what had come goes back to him, once.
    pair.given('A2', shop.cancel()).confirmAll();
    pair.fresh.raises().shows({ state: 'cancelled', totals: { captured: 2500, refunded: 2500 } });
  });

  test('has the customer asked for the rest, and is taken when he pays it', () => {
    const pair = bought(2, 2500).given('A2', shop.place(instead(5000, 5000)), ...assigned, A.ready());
    pair.given('A1', ...returned(2, 1));
    expect(pair.fresh.view.attention[0]?.reason).toBe(
      '25.00 EUR is not covered: 25.00 EUR of 50.00 EUR came from R1 of A1',
    );
    pair.fresh.shows({ paymentRequests: [{ request: 'A2-q1', amount: 2500, state: 'open' }] });
    pair.fresh.when(ops.paid(2000)).refuses('wrong-amount');
    pair.given('A2', ops.paid(2500)).fresh.raises();
    pair.fresh.ledger('A2-c1 2500 confirmed', 'A2-c2 2500 confirmed', 'A2-p1 4375 requested');
    pair.given('A2', confirmed('A2-p1'), A.ship());
    // Each tender gets back what it gave.
    pair.given('A2', declared('R2', { '1': 1 }), claimed('R2', { '1': [1, 0] }));
    pair.fresh.shows({ totals: { captured: 5000 } });
    expect(pair.fresh.requests.filter(({ kind }) => kind === 'refund').map(({ amount }) => amount)).toEqual([
      2500, 2500,
    ]);
  });

  test('is asked of the customer whole where nothing comes and nothing else pays', () => {
    const pair = bought(1, 5000)
      .given('A1', ...returned(1))
      .given('A2', shop.place(instead(5000, 5000)), ...assigned);
    pair.given('A2', ops.paid(5000)).fresh.raises();
    pair.given('A2', A.ready());
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-p1 4375 requested');
  });

  test('asks for less when less is wanted', () => {
    const place = {
      ...instead(5000, 5000),
      lines: [2, 1].map((quantity, index) => ({
        ...instead(1, 1).lines[0],
        line: `${index + 1}`,
        sku: 'S',
        quantity,
        unitPrice: index === 0 ? 2000 : 1000,
        taxRate: '0.2',
      })),
    };
    const pair = bought(2, 2500).given('A2', shop.place(place));
    pair.given('A1', ...returned(2, 1));
    pair.fresh.shows({ paymentRequests: [{ amount: 2500, state: 'open' }] });
    pair.fresh.when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    pair.fresh.shows({
      paymentRequests: [
        { amount: 2500, state: 'withdrawn' },
        { amount: 500, state: 'open' },
      ],
    });
    pair.fresh.when(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
    pair.fresh.raises().shows({ paymentRequests: [{ state: 'withdrawn' }, { amount: 500, state: 'withdrawn' }] });
  });

  test('lets the order’s own payment step in, where enough was authorised', () => {
    const pair = bought(2, 2500).given('A2', shop.place(instead(5000, 5000, 4000)), ...assigned);
    pair.fresh.shows({ totals: { voided: 0 } });
    pair.given('A1', ...returned(2, 1)).given('A2', A.ready());
    pair.fresh.raises().ledger('A2-c1 2500 confirmed', 'A2-c2 2500 requested', 'A2-v1 1500 requested');
  });

  test('may keep a fee: what is left pays', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(5000, 5000, 500)), ...assigned);
    pair.given('A1', declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }, { fee: 400 })).given('A2', A.ready());
    pair.fresh.ledger('A2-c1 4600 confirmed', 'A2-c2 400 requested', 'A2-v1 100 requested');
  });

  test('in parts pays in parts', () => {
    const pair = bought(3, 1000).given('A2', shop.place(instead(3000, 3000)), ...assigned);
    pair.given('A1', declared('R1', { '1': 3 }));
    for (let claim = 1; claim <= 3; claim++) pair.given('A1', claimed('R1', { '1': [1, 0] }, { claim }));
    pair.given('A2', A.ready(), A.ship());
    checkExchange(pair);
    pair.fresh.raises().shows({ exchange: { paid: 3000 } });
  });
});

describe('a return that does not come in time', () => {
  const overdue = timer('exchange-overdue', { return: 'R1' });

  test('is asked of the customer, and pays all the same where it comes before he does', () => {
    const pair = bought(1, 5000);
    pair.fresh.when(shop.place(instead(5000, 5000)));
    expect(pair.fresh.effects).toContainEqual(
      expect.objectContaining({ effect: 'timer', name: 'exchange-overdue', at: pair.fresh.now + 7 * DAY_MS }),
    );
    pair.fresh.when(overdue).says('event exchange-overdue', 'event payment-requested');
    pair.fresh.raises('payment-requested', 'exchange-overdue');
    expect(pair.fresh.view.attention.map(({ reason }) => reason)).toEqual([
      '50.00 EUR is not covered: 0.00 EUR of 50.00 EUR came from R1 of A1 in time',
      '0.00 EUR of 50.00 EUR came from R1 of A1 in time: 50.00 EUR is not paid',
    ]);
    pair.given('A1', told('exchange-wanted', { order: 'A2', return: 'R1', currency: 'EUR', amount: 5000 }));
    pair.given('A1', ...returned(1));
    pair.fresh.raises().shows({ paymentRequests: [{ amount: 5000, state: 'withdrawn' }] });
    pair.fresh.when(overdue).ignores();
  });

  test('is not wanted any more once the customer has paid: it is refunded as ever', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(5000, 5000)), ...assigned, A.ready(), overdue);
    pair.given('A2', ops.paid(5000)).fresh.raises();
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-p1 4375 requested');
    pair.given('A1', ...returned(1));
    expect(pair.old.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 5000 });
    pair.fresh.shows({ exchange: { paid: 0 } });
  });

  test('is taken from the order’s own payment as far as that goes, and the customer is asked for the rest', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(5000, 5000, 4000)), ...assigned, A.ready());
    pair.fresh.ledger();
    pair.given('A2', overdue).fresh.raises('payment-requested', 'exchange-overdue');
    pair.fresh.shows({ paymentRequests: [{ amount: 1000, state: 'open' }] });
    pair.given('A2', ops.paid(1000)).fresh.raises();
    pair.fresh.ledger('A2-c1 1000 confirmed', 'A2-c2 4000 requested');
    pair.given('A1', ...returned(1));
    expect(pair.old.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 5000 });
  });

  test('is asked of nobody, where the order’s own payment has enough', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(5000, 5000, 5000)), ...assigned, overdue);
    pair.fresh.raises();
    pair.given('A2', A.ready()).fresh.ledger('A2-c1 5000 requested');
  });

  test('has its missing part asked for, where a part came', () => {
    const pair = bought(2, 2500).given('A2', shop.place(instead(5000, 5000)), ...assigned, A.ready());
    pair.given('A1', declared('R1', { '1': 2 }), claimed('R1', { '1': [1, 0] })).given('A2', overdue);
    pair.fresh.raises('payment-requested', 'exchange-overdue');
    pair.given('A1', claimed('R1', { '1': [0, 1] }, { claim: 2 }));
    pair.fresh.raises('payment-requested', 'exchange-short');
    pair.given('A2', ops.paid(2500)).fresh.raises();
    checkExchange(pair);
  });
});

describe('a new order that is cancelled', () => {
  test('before the return came lets it be refunded as ever', () => {
    const pair = bought(1, 5000).given('A2', shop.place(instead(5000, 5000)), shop.cancel());
    pair.given('A1', ...returned(1));
    expect(pair.old.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 5000 });
    pair.fresh.raises().shows({ state: 'cancelled', totals: { captured: 0 } });
  });

  test('in part wants less', () => {
    const place = { ...instead(2000, 4000), lines: simple(2, 2000).lines };
    const pair = bought(1, 5000).given('A2', shop.place(place));
    pair.given('A2', shop.cancel({ lines: [{ line: '1', quantity: 1 }] })).given('A1', ...returned(1));
    pair.old.shows({ exchanges: [{ paid: 2000 }] });
    expect(pair.old.requests.at(-1)).toMatchObject({ kind: 'refund', amount: 3000 });
  });

  test('after the return came gives the money back where it came from', () => {
    const pair = bought(1, 5000)
      .given('A2', shop.place(instead(5000, 5000)), ...assigned)
      .given('A1', ...returned(1));
    pair.given('A2', shop.cancel());
    expect(pair.fresh.requests).toMatchObject([{ key: 'A2-r1', transaction: 'pi_3Px', amount: 5000 }]);
  });
});

describe('what can’t be exchanged', () => {
  const place = shop.place;

  test('is refused with the field and the rule', () => {
    const self = { ...instead(5000, 5000), exchange: { order: 'A1', return: 'R1', amount: 5000 } };
    scenario('A1').when(place(self)).refuses('invalid-payload');
    scenario('A2')
      .when(place(instead(5000, 5001, 0)))
      .refuses('wrong-amount');
    scenario('A2')
      .when(place(instead(5000, 4000, 999)))
      .refuses('authorisation-too-low');
    scenario('A2')
      .when(place(instead(5000, 4999, 0)))
      .refuses('authorisation-too-low');
  });

  const wanted = (more: object) =>
    told('exchange-wanted', { order: 'A2', return: 'R1', currency: 'EUR', amount: 5000, ...more });

  test('is answered: an order that is not there, or in another currency, gives nothing', () => {
    scenario('A1').when(wanted({})).answers('send exchange-over to order A2');
    bought(1, 5000)
      .old.when(wanted({ currency: 'JPY' }))
      .answers('send exchange-over to order A2');
  });

  test('is answered: a return pays for one order', () => {
    bought(1, 5000)
      .old.given(wanted({}))
      .when(wanted({ order: 'A3' }))
      .answers('send exchange-over to order A3');
  });

  test('is not paid twice, however often it is said', () => {
    const pair = bought(1, 5000).given('A2', place(instead(5000, 5000)), ...assigned);
    pair.when('A1', returned(1)[0] as Said).when('A1', returned(1)[1] as Said);
    pair.deliver(0, true);
    pair.deliver(0);
    expect(pair.fresh.last?.kind).toBe('ignored');
    checkExchange(pair);
    pair.old.when(wanted({})).ignores();
    pair.old.when(wanted({ amount: 9000 })).ignores();
    pair.old.when(ops.refund(1)).refuses('exceeds-captured');
    pair.fresh.when(told('exchange-over', { return: 'R1', amount: 5000, reason: '' })).raises();
  });
});
