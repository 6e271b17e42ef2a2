/** A till ticket names money of an exchange that is not there: not yet, or not any more. */
import { describe, expect, test } from 'vitest';
import { back, bought, checkFigures, type ExchangedOrders, instead, reservedFor, sell } from './exchanged-orders.ts';
import { A, claimed, declared, plan, reserved, type Said, shop, timer } from './scenario.ts';

describe('on a ticket that comes after the reservation ran out', () => {
  const expired = (): ExchangedOrders =>
    reservedFor(5000)
      .given('A1', ...back(2))
      .given('A2', timer('reservation-expired', { fulfilment: 'A2-1' }));

  test('has gone back: the goods are booked for what is in the till, and a person is told what is missing', () => {
    const pair = expired();
    pair.fresh.when(sell(['exchange', 5000], ['cash', 2000])).raises('late-ticket', 'exchange-missing');
    expect(pair.fresh.effects).toContainEqual(
      expect.objectContaining({ name: 'sold', payload: expect.objectContaining({ amount: 2000, missing: 5000 }) }),
    );
    expect(pair.fresh.view.attention[1]).toMatchObject({
      about: 'A2-1',
      reason: 'ticket T-1 names an exchange of 50.00 EUR, of which 50.00 EUR is not there: the customer owes it',
    });
    pair.confirmAll();
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-r1 5000 confirmed', 'A2-t1 2000 confirmed', 'A2-b1 250 confirmed');
    pair.fresh.shows({ state: 'fulfilled', totals: { captured: 7000, refunded: 5000 } });
    pair.fresh.shows({ parties: { 'store-a': 1750, headquarters: 250 } });
    checkFigures(pair);
    pair.given('A2', declared('R2', { '1': 1 }), claimed('R2', { '1': [1, 0] }, { store: 'store-a' })).confirmAll();
    pair.fresh.shows({ state: 'closed', totals: { captured: 7000, refunded: 7000 } });
    checkFigures(pair);
  });

  test('pays nothing also where it was to pay all of it', () => {
    const pair = expired()
      .given('A2', sell(['exchange', 5000]))
      .confirmAll();
    pair.fresh.raises('late-ticket', 'exchange-missing').shows({ state: 'fulfilled' });
    pair.fresh.ledger('A2-c1 5000 confirmed', 'A2-r1 5000 confirmed', 'A2-t1 0 confirmed');
    checkFigures(pair);
  });

  test('is no more than was to come', () => {
    expired()
      .fresh.when(sell(['exchange', 5001], ['cash', 1999]))
      .refuses('wrong-amount');
  });
});

describe('a ticket over several lines', () => {
  const { payment: _, ...one } = instead(7001, 5000, 0);
  const line = { quantity: 1, taxRate: '0.20' };
  const lines = [
    { ...line, line: '1', sku: 'S1', unitPrice: 3000 },
    { ...line, line: '2', sku: 'S2', unitPrice: 4001 },
  ];
  const TILL = { ...one, lines, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };
  const named = (cash: number, exchange: number, fulfilment: string, ...sold: [string, number, number][]): Said => {
    const said = A.sell(sold, undefined, fulfilment);
    const tenders = [
      { kind: 'exchange', amount: exchange },
      { kind: 'cash', amount: cash },
    ];
    return { ...said, payload: { ...Object(said.payload), tenders } };
  };

  test('books each for its part of what was paid', () => {
    const pair = bought(2, 2500).given('A2', shop.place(TILL), plan({ 'store-a': { '1': 1, '2': 1 } }));
    pair.given('A2', reserved('A2-1')).given('A1', ...back(2));
    pair.given('A2', timer('reservation-expired', { fulfilment: 'A2-1' }));
    pair.given('A2', named(2001, 5000, 'A2-1', ['1', 1, 3000], ['2', 1, 4001])).confirmAll();
    const rows = pair.fresh.rows.filter(({ movement }) => movement === 'till-sale');
    expect(rows.map(({ line: of, gross, tax }) => [of, gross, tax])).toEqual([
      ['1', 857, 143],
      ['2', 1144, 191],
    ]);
    checkFigures(pair);
  });

  test('is refused where an earlier one has used the exchange', () => {
    const pair = bought(2, 2500).given('A2', shop.place(TILL), plan({ 'store-a': { '1': 1 } }), reserved('A2-1'));
    pair.given('A2', plan({ 'store-a': { '2': 1 } }), reserved('A2-2')).given('A1', ...back(2));
    pair.given('A2', named(0, 3000, 'A2-1', ['1', 1, 3000]));
    pair.fresh.when(named(1, 4000, 'A2-2', ['2', 1, 4001])).refuses('wrong-amount');
    pair.given('A2', named(2001, 2000, 'A2-2', ['2', 1, 4001])).confirmAll();
    pair.fresh.raises();
    checkFigures(pair);
  });
});

describe('money of an exchange', () => {
  test('that came short is missing in part: the goods are booked for what came', () => {
    const pair = reservedFor(7000).given('A1', ...back(2));
    pair.given('A2', sell(['exchange', 7000])).confirmAll();
    pair.fresh.raises('exchange-missing').ledger('A2-c1 5000 confirmed', 'A2-t1 0 confirmed', 'A2-p1 4375 confirmed');
    expect(pair.fresh.view.attention[0]?.reason).toContain('exchange of 70.00 EUR, of which 20.00 EUR is not there');
    pair.fresh.shows({ parties: { 'store-a': 4375, headquarters: 625 } });
    checkFigures(pair);
  });

  test('is waited for where a till is ahead of it: the same ticket is taken when it has come', () => {
    const pair = reservedFor(5000);
    const ticket = sell(['exchange', 5000], ['cash', 2000]);
    pair.fresh.when(ticket).refuses('not-funded');
    expect(pair.fresh.last).toMatchObject({
      refusal: {
        reason:
          'tenders: exchange of 50.00 EUR, 0.00 EUR has come from R1 of A1 so far: say the ticket again when the rest has',
      },
    });
    pair
      .given('A1', ...back(2))
      .given('A2', ticket)
      .confirmAll();
    pair.fresh.raises().shows({ totals: { captured: 7000 } });
    checkFigures(pair);
  });

  test('that never comes is missing when the reservation has run out', () => {
    const pair = reservedFor(5000).given('A2', timer('reservation-expired', { fulfilment: 'A2-1' }));
    pair.given('A2', sell(['exchange', 5000], ['cash', 2000]));
    pair.fresh.raises('late-ticket', 'exchange-missing').ledger('A2-t1 2000 confirmed', 'A2-b1 250 requested');
    pair.given('A1', ...back(2)).confirmAll();
    checkFigures(pair);
  });
});
