/** What figures say of amounts that are not simply lines: fees, weights, tills, shipping, debts, exchanges, authorisations. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import { explain } from '../../../supervisor/explain/explain.ts';
import type { Figure } from '../../../supervisor/explain/figure.ts';
import { STORE, sold } from '../order/debtors.ts';
import { bought, instead } from '../order/exchanged-orders.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  bothAccept,
  by,
  claimed,
  confirmed,
  declared,
  failed,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
  told,
} from '../order/scenario.ts';
import { factsOf, wrongFigures } from './wrong-figures.ts';

/** One line a figure, indented; every figure of the order must add up. */
function figures(order: Scenario, what: string): string[] {
  expect(wrongFigures(order)).toEqual([]);
  const explanation = explain(what, { facts: factsOf(order), ...order.archive, calls: [] });
  if (!explanation) throw new Error(`${what} is not explained`);
  return explanation.figures.flatMap((figure) => lines(figure));
}

function lines({ what, amount, of = [], basis }: Figure, depth = 0): string[] {
  return [
    `${'  '.repeat(depth)}${amount} ${what}`,
    ...[...of, ...(basis ? [basis] : [])].flatMap((part) => lines(part, depth + 1)),
  ];
}

const rules = (rule: RuleBook['versions'][number]['rules'][number]): { ruleBook: () => RuleBook } => ({
  ruleBook: () => ({ versions: [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules: [rule] }] }),
});

const shippedBase = (): Scenario =>
  assignedBase().given(
    ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1')],
    ...[B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), A.ship(), B.ship()],
    declared('R1', { '1': 1, '2': 1 }),
  );

describe('a fee that is kept', () => {
  test('names the reason of the catalogue, or the inspection', () => {
    const order = shippedBase();
    order.given(claimed('R1', { '1': [1, 0] }, { fee: 300, fees: [{ reason: 'no-longer-wanted', amount: 300 }] }));
    order.given(claimed('R1', { '2': [1, 0] }, { claim: 2, fee: 100 }));
    expect(figures(order, 'A1001-r1')).toEqual([
      '8024 refund A1001-r1',
      '  8324 line 1, 1 units, at what they were captured for',
      '  -300 fee that is kept for the reason no-longer-wanted, by the policy of returns',
    ]);
    expect(figures(order, 'A1001-r2').at(-1)).toBe('  -100 fee that is kept, as the inspection said');
  });

  test('that one part was not worth is kept from the next, and both say so', () => {
    const order = scenario('A1').given(
      shop.place(simple(2, 500)),
      ...[plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), A.ready(), confirmed('A1-c1'), A.ship()],
      declared('R1', { '1': 2 }),
      claimed('R1', { '1': [1, 0] }, { fee: 700 }),
      claimed('R1', { '1': [1, 0] }, { claim: 2 }),
    );
    expect(figures(order, 'A1-r1')).toEqual([
      '300 refund A1-r1',
      '  500 line 1, 1 units, at what they were captured for',
      '  -200 fee that earlier parts of the return were not worth',
    ]);
  });
});

describe('goods that cost something else than was planned', () => {
  test('name the weight, and the difference', () => {
    const ready = { ...A.ready(), payload: { lines: [{ line: '1', quantity: 2, amount: 2150 }] } };
    const order = scenario('A1')
      .given(shop.place(simple(2, 1000)))
      .withTender(0, { overCapture: { percent: 15 } })
      .given(plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), ready);
    expect(figures(order, 'A1-c1')).toEqual([
      '2150 capture A1-c1',
      '  2150 line 1, units 1 to 2 of 2, as they were charged',
      '    2000 as they were planned',
      '      2000 gross of line 1',
      '        2000 2 × the unit price',
      '    150 as they were weighed when they were ready',
    ]);
  });

  test('name the ticket of the till', () => {
    const { payment: _, ...unpaid } = simple(2, 1000);
    const order = scenario('A1').given(
      shop.place({ ...unpaid, fulfilment: 'reserve-and-collect', collectAt: 'store-a' }),
      ...[plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), A.sell([['1', 2, 1900]])],
    );
    expect(figures(order, 'A1-t1').at(-1)).toBe('    -100 discount at the till, ticket T-1');
  });
});

describe('rules', () => {
  test('are named where they give a store the shipping fee, in its row and in its payout', () => {
    const order = scenario('A1001', rules({ rule: 'all', percent: '0.15', shipping: 'store' }));
    order.given(shop.place(BASE), ...bothAccept('A1001'), A.ready(), confirmed('A1001-c1'));
    expect(figures(order, 'A1001-p1')).toContain('  490 share of the shipping, by rule all of version v1');
    const row = order.rows.find(({ subject }) => subject === 'shipping')?.row ?? '';
    expect(figures(order, row)).toContain('  490 share of store-a, by rule all of version v1');
  });

  test('say amounts with their currency', () => {
    const order = scenario('A1001', rules({ rule: 'all', fixed: 250, minimum: 300, currency: 'EUR' }));
    order.given(shop.place(BASE), ...bothAccept('A1001'), A.ready(), confirmed('A1001-c1'));
    expect(figures(order, 'A1001-p1').at(-1)).toBe(
      '    -300 commission 2.50 EUR for each unit, at least 3.00 EUR, by rule all of version v1',
    );
  });
});

test('what an authorisation is made of again is the rest of the one that ends, by policy', () => {
  const ends = (hours: number) => ({ ...timer('expire-authorisation', { tender: 0 }), afterMs: hours * 3600_000 });
  const payment = { ...paymentOf(BASE), credential: 'card_1' };
  const order = scenario('A1001', { expiry: { ...DEFAULT_EXPIRY, act: 'reauthorise' } })
    .given(shop.place({ ...BASE, payment }))
    .withTender(0, { reauthorise: true, validFor: { customer: 168, merchant: 120 } })
    .given(...bothAccept('A1001'), A.ready(), confirmed('A1001-c1'), ends(168 - 24), ends(12));
  expect(figures(order, 'A1001-a1')).toEqual([
    '4166 reauthorisation A1001-a1: the rest of pi_3Px, which ends at 2026-11-29T09:00:00Z, by the policy reauthorise',
    '  12980 authorised',
    '  -8814 capture A1001-c1',
  ]);
});

test('a capture that failed took nothing of the rest', () => {
  const ends = (hours: number) => ({ ...timer('expire-authorisation', { tender: 0 }), afterMs: hours * 3600_000 });
  const payment = { ...paymentOf(BASE), credential: 'card_1' };
  const order = scenario('A1001', { expiry: { ...DEFAULT_EXPIRY, act: 'reauthorise' } })
    .given(shop.place({ ...BASE, payment }))
    .withTender(0, { reauthorise: true, validFor: { customer: 168, merchant: 120 } })
    .given(...bothAccept('A1001'), A.ready(), failed('A1001-c1'), ends(168 - 24), ends(12));
  expect(figures(order, 'A1001-a1').filter((line) => line.includes('A1001-c1'))).toEqual([]);
});

test('what pays a debt and what is paid out in the same step name one another', () => {
  const order = sold('A1', 4).given(told('store-owes', { store: STORE }), confirmed('A1-c1'));
  order.given(told('payout-cleared', { key: 'A1-n1', store: STORE, netted: 1000 }));
  expect(figures(order, 'A1-n1').filter((line) => !line.startsWith('    '))).toEqual([
    '1000 netting A1-n1',
    '  3500 share of line 1',
    '  -2500 payout A1-p1 of the same step',
  ]);
});

test('what another order hands over says so, and so does what is asked of the customer', () => {
  const pair = bought(2, 5000).given('A2', shop.place(instead(8000, 5000)));
  pair.given('A1', declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }, { exchange: 'A2' })).confirmAll();
  expect(figures(pair.fresh, 'A2-c1')).toEqual([
    '5000 capture A2-c1',
    '  5000 handed over by order A1, for goods that draw on it when they are ready',
  ]);
});

test('a refund of several debts together names the goods of each', () => {
  const order = scenario('A1')
    .given(shop.place(simple(2, 1000)))
    .withTender(0, { partialRefund: false })
    .given(plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), by('store-a').ready(), confirmed('A1-c1'), A.ship());
  order.given(declared('R1', { '1': 2 }), claimed('R1', { '1': [1, 0] }), claimed('R1', { '1': [1, 0] }, { claim: 2 }));
  expect(figures(order, 'A1-r1')).toEqual([
    '2000 refund A1-r1',
    '  1000 line 1, 1 units, at what they were captured for',
    '  1000 line 1, 1 units, at what they were captured for',
  ]);
});

test('what was paid before and buys nothing says so when it goes back', () => {
  const payment = { ...paymentOf(BASE), method: 'ideal', captured: 12_980 };
  const order = scenario('A1001').given(shop.place({ ...BASE, payment }), ...bothAccept('A1001'), B.decline());
  order.given(plan({}, { '2': 1 }));
  expect(figures(order, 'A1001-r1')).toEqual([
    '4166 refund A1001-r1',
    '  4166 paid before, for nothing that is delivered',
  ]);
});
