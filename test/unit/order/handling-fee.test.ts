/** Goods that come back to another store than the one that prepared them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleBook } from '../../../protocols/commission.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
  told,
} from './scenario.ts';

const BOOK: RuleBook = {
  versions: [
    {
      version: 'v1',
      validFrom: '2026-01-01T00:00:00Z',
      rules: [
        { rule: 'lamps-at-c', store: 'store-c', category: 'lamps', percent: '0.15', currency: 'EUR', handlingFee: 900 },
        { rule: 'c', store: 'store-c', percent: '0.5', currency: 'EUR', handlingFee: 250 },
        { rule: 'unpaid', store: 'store-d', percent: '0.15' },
        { rule: 'others', percent: '0.15', currency: 'EUR', handlingFee: 100 },
      ],
    },
    { version: 'v2', validFrom: '2026-11-22T12:00:00Z', rules: [{ rule: 'none', percent: '0.15' }] },
  ],
};

const terms = (store: string, of?: StoreTerms, owes?: true): Said =>
  told('store-terms', { store, ...(of ? { terms: of } : {}), ...(owes ? { owes } : {}) });

/** BASE is with the customer, A and B are paid; both lines are declared. */
function delivered(place = BASE): Scenario {
  return scenario('A1001', { ruleBook: () => BOOK }).given(
    shop.place(place),
    ...bothAccept('A1001'),
    A.ready(),
    confirmed('A1001-c1'),
    confirmed('A1001-p1'),
    B.ready(),
    confirmed('A1001-c2'),
    confirmed('A1001-p2'),
    A.ship(),
    B.ship(),
    declared('R1', { '1': 1, '2': 1 }),
  );
}

const feeRows = ({ rows }: Scenario) =>
  rows
    .filter(({ movement }) => movement === 'handling-fee')
    .map(({ line, quantity, party, storeShare, headquartersShare, preparedBy, takenBackBy, rule, ruleVersion }) =>
      [line, quantity, party, storeShare, headquartersShare, preparedBy, takenBackBy, rule, ruleVersion].join(' '),
    );

describe('a store that took back what another one prepared', () => {
  test('says its terms, and gets the fee of its own rule from headquarters', () => {
    const order = delivered();
    order
      .when(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }))
      .says('send tell-terms to store store-c', 'gateway A1001-r1 8324');
    expect(order.effects[0]).toMatchObject({ payload: { order: 'A1001', takenAt: '2026-11-22T09:00:01.000Z' } });
    expect(feeRows(order)).toEqual([]);
    order.when(terms('store-c', FRANCHISE)).says('gateway A1001-p3 250');
    expect(feeRows(order)).toEqual(['1 1 store-c 250 -250 store-a store-c c v1']);
    order.given(confirmed('A1001-r1'), confirmed('A1001-b1'), confirmed('A1001-p3')).shows({
      parties: { 'store-a': 0, 'store-b': 3645, 'store-c': 250, headquarters: 4656 - 3645 - 250 },
    });
    expect(wrongFigures(order)).toEqual([]);
  });

  test('is not asked when it prepared something itself', () => {
    const order = delivered();
    order.when(claimed('R1', { '1': [1, 0] }, { store: 'store-b' }));
    order.says('gateway A1001-r1 8324', 'gateway A1001-p3 100');
    expect(feeRows(order)).toEqual(['1 1 store-b 100 -100 store-a store-b others v1']);
  });

  test('gets nothing for what it prepared itself', () => {
    const order = delivered();
    order.given(claimed('R1', { '1': [1, 0] }, { store: 'store-a' }), confirmed('A1001-r1'));
    order.says('event refunded', 'gateway A1001-b1 7283');
    expect(feeRows(order)).toEqual([]);
  });

  test('is asked once, and its later fees go out at once', () => {
    const order = delivered().given(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }));
    order.when(claimed('R1', { '2': [1, 0] }, { store: 'store-c', claim: 2 })).says('gateway A1001-r2 4166');
    order.when(terms('store-c', FRANCHISE)).says('gateway A1001-p3 500');
    order.when(terms('store-c', { ...FRANCHISE, ownership: 'company' })).ignores();
    expect(feeRows(order)).toHaveLength(2);
  });

  test('is paid by the first rule of the version of the placement that matches what came back', () => {
    const [lantern, tin] = BASE.lines;
    if (!lantern || !tin) throw new Error('two lines');
    const order = delivered({ ...BASE, lines: [{ ...lantern, category: 'lamps' }, tin] });
    order.given(
      { ...claimed('R1', { '1': [1, 0], '2': [1, 0] }, { store: 'store-c' }), afterMs: 24 * 3600_000 },
      terms('store-c', FRANCHISE),
    );
    expect(feeRows(order)).toEqual([
      '1 1 store-c 900 -900 store-a store-c lamps-at-c v1',
      '2 1 store-c 250 -250 store-b store-c c v1',
    ]);
    order.ledger(
      ...['A1001-c1 8814 confirmed', 'A1001-p1 7283 confirmed', 'A1001-c2 4166 confirmed', 'A1001-p2 3645 confirmed'],
      ...['A1001-r1 12490 requested', 'A1001-p3 1150 requested'],
    );
  });

  test('gets nothing where its rule, or the order, knows no fee, and its units are told all the same', () => {
    const [unpaid, unruled] = [delivered(), delivered({ ...BASE, placedAt: '2025-01-01T00:00:00Z' })];
    unpaid.when(claimed('R1', { '1': [1, 0] }, { store: 'store-d' }));
    unruled.when(claimed('R1', { '1': [1, 0] }, { store: 'store-d' }));
    for (const order of [unpaid, unruled]) {
      order.says('send tell-terms to store store-d', 'gateway A1001-r1 8324').when(terms('store-d', FRANCHISE)).says();
      expect(wrongFigures(order)).toEqual([]);
    }
    expect(feeRows(unpaid)).toEqual(['1 1 store-d 0 0 store-a store-d unpaid v1']);
    expect(feeRows(unruled)).toEqual(['1 1 store-d 0 0 store-a store-d  ']);
    delivered()
      .when(claimed('R1', { '1': [1, 0] }))
      .says('gateway A1001-r1 8324');
  });

  test('gets nothing for what it hands back to the customer', () => {
    const order = delivered();
    order.when(claimed('R1', { '1': [0, 1] }, { store: 'store-c' })).says();
    expect(feeRows(order)).toEqual([]);
  });

  test('that nobody opened has no shelf: a person is told of what it took, and sees to it', () => {
    const order = delivered().given(claimed('R1', { '1': [1, 0] }, { store: 'store-x' }));
    const items = [{ sku: '85123A', quantity: 1 }];
    order.when(told('not-restocked', { store: 'store-x', return: 'R1', items })).says('event not-restocked');
    order.given(told('not-restocked', { store: 'store-x', return: 'R1', items: [{ sku: '71053', quantity: 2 }] }));
    const reason = 'store-x was never opened, so what it took back is on no shelf: 1 × 85123A, 2 × 71053';
    order.shows({ attention: [{ code: 'not-restocked', about: 'R1', reason }] });
    order.when(ops.resolve('not-restocked')).says('event attention-resolved').raises();
  });

  test('gets nothing where it is headquarters’ own, or nobody opened it', () => {
    for (const of of [COMPANY, undefined]) {
      const order = delivered().given(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }));
      order.when(terms('store-c', of)).says();
      order.when(terms('store-c', FRANCHISE)).ignores();
      expect(feeRows(order)).toEqual([]);
      order.when(claimed('R1', { '2': [1, 0] }, { store: 'store-c', claim: 2 })).says('gateway A1001-r2 4166');
    }
  });

  test('waits for the end of its period, and for an account', () => {
    const byPeriod = delivered().given(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }));
    byPeriod.when(terms('store-c', { ...FRANCHISE, payoutWhen: 'by-period' })).says('timer payout-store-c');
    byPeriod.when(timer('payout-due', { store: 'store-c' })).says('send clear-payout to store store-c');
    const { payoutAccount: _, ...without } = FRANCHISE;
    delivered()
      .given(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }), terms('store-c', without))
      .raises('store-account-missing');
  });

  test('pays its debt with the fee first', () => {
    const order = delivered().given(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }));
    order.when(terms('store-c', FRANCHISE, true)).says('send clear-payout to store store-c');
    order
      .when(told('payout-cleared', { key: 'A1001-n1', store: 'store-c', netted: 200 }))
      .says('event payout-netted', 'gateway A1001-p3 50');
    expect(wrongFigures(order)).toEqual([]);
  });

  test('keeps the fee when the refund fails', () => {
    const order = delivered()
      .given(claimed('R1', { '1': [1, 0] }, { store: 'store-c' }), terms('store-c', FRANCHISE))
      .given(confirmed('A1001-p3'), failed('A1001-r1'));
    order.shows({ parties: { 'store-c': 250 } });
  });
});

test('fees of a line in any parts add up to its accepted units', () => {
  const parts = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, fc.nat(5), (claims, saidAfter) => {
      const order = scenario('A1', { ruleBook: () => BOOK }).given(
        shop.place(simple(20, 1000)),
        plan({ 'store-a': { '1': 20 } }),
        reserved('A1-1'),
        A.ready(),
        confirmed('A1-c1'),
        A.ship(),
        declared('R1', { '1': 20 }),
      );
      let accepted = 0;
      claims.forEach(([taken, rejected], index) => {
        accepted += taken;
        order.when(claimed('R1', { '1': [taken, rejected] }, { store: 'store-c', claim: index + 1 }));
        if (index === saidAfter) order.when(terms('store-c', FRANCHISE));
      });
      order.when(terms('store-c', FRANCHISE));
      const paid = order.view.ledger.filter(({ kind, party }) => kind === 'payout' && party === 'store-c');
      expect(paid.reduce((sum, { amount }) => sum + amount, 0)).toBe(accepted * 250);
      const booked = order.rows.filter(({ movement }) => movement === 'handling-fee');
      expect(booked.reduce((sum, { storeShare }) => sum + storeShare, 0)).toBe(accepted * 250);
    }),
    { numRuns: 30 },
  );
});
