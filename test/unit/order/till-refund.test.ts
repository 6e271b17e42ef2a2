/** What was paid at one store's till, and is given back at another one's. */
import { describe, expect, test } from 'vitest';
import { wrongFigures } from '../explain/wrong-figures.ts';
import {
  A,
  BASE,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  ops,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  told,
} from './scenario.ts';

const { payment: _, ...UNPAID } = BASE;
const TILL = { ...UNPAID, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };

const terms = (store: string, of = FRANCHISE): Said => told('store-terms', { store, terms: of });
const unknown = (store: string): Said => told('store-terms', { store });

/** Both lines are sold by A, which has given its commission to headquarters. */
function sold(of = FRANCHISE): Scenario {
  const order = scenario().given(shop.place(TILL), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1', of));
  order.given(
    A.sell([
      ['1', 1, 8324],
      ['2', 1, 4166],
    ]),
  );
  if (of === FRANCHISE) order.given(confirmed('A1-b1'));
  return order.given(declared('R1', { '1': 1, '2': 1 }));
}

const back = (line: string, store?: string, claim = 1): Said =>
  claimed('R1', { [line]: [1, 0] }, { claim, ...(store === undefined ? {} : { store }) });

describe('a till that gives back what another one took', () => {
  test('is made whole by headquarters, which takes the share of the seller back', () => {
    const order = sold();
    order.when(back('1', 'store-c')).says('send tell-terms to store store-c').raises();
    order.when(terms('store-c')).says('event refunded', 'gateway A1-b2 7283', 'gateway A1-p1 8324');
    expect(order.effects[0]).toMatchObject({ payload: { amount: 8324, store: 'store-c', return: 'R1' } });
    // Σ parties = captured − refunded also before either has moved.
    order.shows({ parties: { 'store-a': 10_928, 'store-c': -8324, headquarters: 1562 } });
    order.given(confirmed('A1-b2'), confirmed('A1-p1'));
    order.shows({
      totals: { captured: 12_490, refunded: 8324 },
      parties: { 'store-a': 3645, 'store-c': 0, headquarters: 521 },
    });
    const settled = order.rows.filter(({ movement, party }) => movement === 'settlement' && party === 'store-c');
    expect(settled.map((row) => `${row.entry} ${row.settled}`)).toEqual(['A1-r1 -8324', 'A1-p1 8324']);
    expect(order.rows.find(({ movement }) => movement === 'refund')).toMatchObject({
      takenBackBy: 'store-c',
      preparedBy: 'store-a',
      gross: -8324,
    });
    expect(wrongFigures(order)).toEqual([]);
  });

  test('of headquarters needs nothing, nor does a company that sold', () => {
    const own = sold(COMPANY).given(back('1', 'store-c'));
    own.when(terms('store-c', COMPANY)).says('event refunded');
    own.shows({ totals: { refunded: 8324 }, parties: { headquarters: 4166 } });
    const order = sold().given(back('1', 'store-c'));
    order.when(terms('store-c', COMPANY)).says('event refunded', 'gateway A1-b2 7283');
    order.given(confirmed('A1-b2')).shows({ parties: { 'store-a': 3645, headquarters: 521 } });
  });

  test('owes headquarters: its debt is paid with what it gave', () => {
    const order = sold().given(back('1', 'store-c'));
    order
      .when(told('store-terms', { store: 'store-c', terms: FRANCHISE, owes: true }))
      .says('event refunded', 'gateway A1-b2 7283', 'send clear-payout to store store-c');
    order
      .when(told('payout-cleared', { key: 'A1-n1', store: 'store-c', netted: 5000 }))
      .says('event payout-netted', 'gateway A1-p1 3324');
  });

  test('is asked for its terms once, and gives later parts at once', () => {
    const order = sold().given(back('1', 'store-c'));
    order.when(back('2', 'store-c', 2)).says();
    order.when(terms('store-c')).says('event refunded', 'event refunded', 'gateway A1-b2 10928', 'gateway A1-p1 12490');
    order.given(confirmed('A1-b2'), confirmed('A1-p1')).shows({
      totals: { refunded: 12_490 },
      parties: { 'store-a': 0, 'store-c': 0, headquarters: 0 },
    });
  });
});

describe('where no till can pay', () => {
  test('a person is told of each part by itself: what he was asked for keeps its amount', () => {
    for (const till of [undefined, 'store-nowhere']) {
      const order = sold().given(back('1', till));
      if (till !== undefined) order.given(unknown(till));
      order.raises('refund-by-hand');
      order
        .when(back('2', till, 2))
        .says('event refund-by-hand')
        .raises('refund-by-hand', 'refund-by-hand');
      expect(order.view.attention).toMatchObject([
        { about: 'A1-owed-1', reason: expect.stringContaining('83.24 EUR is owed to the customer') },
        { about: 'A1-owed-2', reason: expect.stringContaining('41.66 EUR is owed to the customer') },
      ]);
      order.when(ops.settleRefund('A1-owed-1')).says('event refunded', 'gateway A1-b2 7283');
      order
        .given(confirmed('A1-b2'))
        .raises('refund-by-hand')
        .shows({ totals: { refunded: 8324 } });
      order.when(ops.settleRefund('A1-owed-2')).says('event refunded', 'gateway A1-b3 3645').raises();
      order.shows({ totals: { captured: 12_490, refunded: 12_490 } });
      expect(wrongFigures(order)).toEqual([]);
    }
  });

  test('what comes after it was settled is owed by itself', () => {
    const order = sold().given(back('1'), ops.settleRefund('A1-owed-1'), confirmed('A1-b2'));
    order.given(back('2', undefined, 2)).raises('refund-by-hand');
    expect(order.view.attention[0]).toMatchObject({ about: 'A1-owed-2' });
    order
      .given(ops.settleRefund('A1-owed-2'))
      .raises()
      .shows({ totals: { refunded: 12_490 } });
  });
});
