import { describe, expect, test } from 'vitest';
import {
  by,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failedLate,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const STORES = ['store-a', 'store-b', 'store-d'];
const [A, B, D] = STORES.map((store) => by(store));
if (!A || !B || !D) throw new Error('three stores');

/** Whatever is asked of the gateway happens. */
function settled(order: Scenario): Scenario {
  for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
  return order;
}

/** Three units at 1.01 with 7 % tax, each of another store. */
function split(): Scenario {
  const place = simple(3, 101);
  return scenario().given(
    shop.place({ ...place, lines: place.lines.map((line) => ({ ...line, taxRate: '0.07' })) }),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 1 }, 'store-d': { '1': 1 } }),
    reserved('A1-1', FRANCHISE),
    reserved('A1-2', FRANCHISE),
    reserved('A1-3', COMPANY),
  );
}

const taxes = ({ rows }: Scenario) => rows.filter(({ gross }) => gross !== 0).map(({ gross, tax }) => [gross, tax]);

describe('the tax of a line that several stores prepared', () => {
  test.each([
    [[A, B, D], 1],
    [[D, B, A], 1],
    [[B, A, D], 3],
  ])('goes to zero with its money, whoever took back what goodwill had paid for', (order, readyBefore) => {
    const one = split();
    for (const store of order.slice(0, readyBefore)) settled(one.given(store.ready()));
    for (const amount of [85, 16]) settled(one.given(ops.refund(amount, '1')));
    for (const store of order.slice(readyBefore)) settled(one.given(store.ready()));
    one.given(...order.map((store) => store.ship()));
    for (const returned of ['R1', 'R2', 'R3']) {
      settled(one.given(declared(returned, { '1': 1 }), claimed(returned, { '1': [1, 0] })));
    }
    const sum = (of: readonly number[][], column: number) => of.reduce((total, row) => total + (row[column] ?? 0), 0);
    expect([sum(taxes(one), 0), sum(taxes(one), 1)]).toEqual([0, 0]);
  });

  test('is cumulative over all of them', () => {
    const one = settled(split().given(A.ready()));
    for (const amount of [85, 16]) settled(one.given(ops.refund(amount, '1')));
    for (const store of [B, D]) settled(one.given(store.ready()));
    one.given(A.ship(), B.ship(), declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    settled(one).given(declared('R2', { '1': 1 }), claimed('R2', { '1': [1, 0] }));
    // 303 has 20 of tax, so 202 that are left of it have 13; the two that stay after R1 have 13, of which half is paid.
    expect(taxes(settled(one))).toEqual([
      [101, 7],
      [-85, -6],
      [-16, -1],
      [101, 7],
      [101, 6],
      [-101, -6],
      [-101, -7],
    ]);
  });
});

describe('what was given back of goods whose capture was lost is no goodwill on those that are kept', () => {
  /** Two units at 1.20 with 20 % tax, captured one by one; the second was cancelled and refunded. */
  const refunded = (): Scenario => {
    const place = shop.place(simple(2, 120));
    const order = scenario().given(place, plan({ 'store-a': { '1': 2 } }), reserved('A1-1', FRANCHISE));
    order.given(A.ready('A1-1', { '1': 1 }), A.ready('A1-1', { '1': 1 }), confirmed('A1-c2'));
    return order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-r1'));
  };
  const sums = ({ rows }: Scenario) =>
    rows.reduce((sum, { gross, tax }) => ({ gross: sum.gross + gross, tax: sum.tax + tax }), { gross: 0, tax: 0 });

  test.each([
    ['lost before the first is taken', [failedLate('A1-c2', 8000), confirmed('A1-c1')]],
    ['lost after the first was taken', [confirmed('A1-c1'), failedLate('A1-c2', 8000)]],
  ])('%s', (_, told) => {
    const order = refunded().given(...told);
    expect(sums(order)).toEqual({ gross: 0, tax: 20 });
    order.given(confirmed('A1-c2', 9000));
    expect(sums(order)).toEqual({ gross: 120, tax: 20 });
  });
});
