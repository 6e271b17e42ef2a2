/** What a method takes back no more, or not in parts: another order gets its part all the same, a person pays what he was told. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderPolicy } from '../../../actors/order/record.ts';
import type { Capability } from '../../../protocols/capability.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  B,
  BASE,
  claimed,
  confirmed,
  declared,
  failedLate,
  ops,
  POLICY,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  told,
} from './scenario.ts';

const DAY_MS = 24 * 3600_000;
const ONE_DAY = { refundWithin: 1 };
const WHOLE = { partialRefund: false };

/** Everything that was asked for is confirmed, until nothing is. */
function confirmAll(order: Scenario): Scenario {
  for (;;) {
    const open = order.view.ledger.find(({ state }) => state === 'requested');
    if (!open) break;
    order.given(confirmed(open.entry));
  }
  expect([wrongFigures(order), auditOf(order)]).toEqual([[], []]);
  return order;
}

function method(terms: Partial<Capability>): OrderPolicy['capabilityOf'] {
  const capability = POLICY.capabilityOf('main', 'visa');
  if (!capability) throw new Error('no visa');
  return () => ({ ...capability, ...terms });
}

/** All of it with the customer, for three days. */
function shipped(place: OrderCommands['place'], terms: Partial<Capability>): Scenario {
  const units = Object.fromEntries(place.lines.map(({ line, quantity }) => [line, quantity]));
  const order = scenario('A1', { capabilityOf: method(terms) }).given(
    shop.place(place),
    plan({ 'store-a': units }),
    reserved('A1-1'),
    A.ready(),
  );
  return confirmAll(order).given(A.ship(), { ...declared('R1', units), afterMs: 3 * DAY_MS });
}

/** One unit a line. */
function priced(currency: string, prices: readonly number[], authorised: number): OrderCommands['place'] {
  const { discount: _, shipping: __, ...rest } = BASE;
  const lines = prices.map((unitPrice, index) => ({
    line: `${index + 1}`,
    sku: `S${index}`,
    quantity: 1,
    unitPrice,
    taxRate: '0',
  }));
  return { ...rest, currency, lines, payment: { ...paymentOf(BASE), authorised } };
}

const kept = fc.record({
  units: fc.integer({ min: 1, max: 3 }),
  price: fc.integer({ min: 400, max: 3000 }),
  shipping: fc.nat(500),
  part: fc.integer({ min: 1, max: 7000 }),
  fee: fc.constantFrom(0, 0, 300),
  goodwill: fc.constantFrom(0, 0, 1, 1700),
  terms: fc.constantFrom<Partial<Capability>>(ONE_DAY, WHOLE),
});
type Kept = typeof kept extends fc.Arbitrary<infer K> ? K : never;

const wanted = (amount: number, currency = 'EUR') =>
  told('exchange-wanted', { order: 'A2', return: 'R1', currency, amount });
const back = (lines: Record<string, [number, number]>, claim = 1) => claimed('R1', lines, { claim });
const refunds = ({ view }: Scenario): string[] =>
  view.ledger.flatMap(({ entry, kind, amount, exchange, outside }) =>
    kind === 'refund' ? [`${entry} ${amount} ${exchange ?? (outside ? 'by hand' : 'gateway')}`] : [],
  );
const taxOf = ({ rows }: Scenario): number => rows.reduce((sum, { tax }) => sum + tax, 0);
const blocked = ({ view }: Scenario): string[] =>
  view.attention.map(
    ({ code, about, reason }) => `${code} ${about} ${reason.match(/[\d.]+ [A-Z]+ (?:could|is a part)/)?.[0]}`,
  );

describe('a return that pays for another order', () => {
  test.each([
    ['refund-window-closed', '5.00 EUR could', ONE_DAY, 2, 1000],
    ['refund-window-closed', '5.00 EUR could', ONE_DAY, 1, 2000],
    ['partial-refund-impossible', '5.00 EUR is a part', WHOLE, 2, 1000],
  ])('gives it its part at once, and a person the rest: %s, %s', (code, rest, terms, units, price) => {
    const order = shipped(simple(units, price), terms).given(wanted(1500));
    order.when(back({ '1': [units, 0] }));
    expect(order.effects).toContainEqual(expect.objectContaining({ effect: 'send', id: 'A2', name: 'exchange-paid' }));
    expect(blocked(order)).toEqual([`${code} A1-owed-2 ${rest}`]);
    confirmAll(order).shows({ state: 'fulfilled', totals: { refunded: 1500 } });
    // A quarter of 2000 has a quarter of its tax.
    expect(taxOf(order)).toBe(83);
    expect(order.rows.some(({ movement }) => movement === 'correction')).toBe(false);
    order.given(ops.settleRefund('A1-owed-2')).raises();
    expect(refunds(confirmAll(order))).toEqual(['A1-r1 1500 A2', 'A1-r2 500 by hand']);
    order.shows({ state: 'closed', totals: { captured: 2000, refunded: 2000 }, parties: { 'store-a': 0 } });
  });

  test.each([
    ['refund-window-closed', '10.00 EUR could', ONE_DAY],
    ['partial-refund-impossible', '10.00 EUR is a part', WHOLE],
  ])('gives it nothing of what a person was told before it asked, and the rest: %s', (code, told, terms) => {
    const order = shipped(simple(3, 1000), terms).given(back({ '1': [1, 0] }));
    expect(blocked(order)).toEqual([`${code} A1-owed-1 ${told}`]);
    order.given(wanted(1500)).shows({ exchanges: [{ paid: 0 }] });
    order.given(back({ '1': [1, 0] }, 2)).shows({ exchanges: [{ paid: 1000 }] });
    expect(blocked(order)).toEqual([`${code} A1-owed-1 ${told}`]);
    order.when(back({ '1': [1, 0] }, 3)).shows({ exchanges: [{ paid: 1500 }] });
    order.given(ops.settleRefund('A1-owed-1'));
    expect(refunds(order)).toEqual(['A1-r1 1000 A2', 'A1-r2 500 A2', 'A1-r3 1000 by hand']);
    for (const { about = '' } of order.view.attention) order.given(ops.settleRefund(about));
    confirmAll(order)
      .raises()
      .shows({ state: 'closed', totals: { captured: 3000, refunded: 3000 } });
  });

  test('says that it ends, when a person was told of all of it', () => {
    const order = shipped(simple(2, 1000), ONE_DAY).given(back({ '1': [2, 0] }));
    expect(blocked(order)).toEqual(['refund-window-closed A1-owed-1 20.00 EUR could']);
    order.when(wanted(1500)).says('send exchange-over to order A2');
    confirmAll(order.given(ops.settleRefund('A1-owed-1'))).shows({ state: 'closed', totals: { refunded: 2000 } });
  });

  test('loses and wins nothing, whatever a fee, goodwill and the shipping fee make of it', () => {
    const run = ({ units, price, shipping, part, fee, goodwill, terms }: Kept): void => {
      const place = { ...simple(units, price), shipping: { amount: shipping, taxRate: '0.2' } };
      const paid = units * price + shipping;
      const payment = { ...paymentOf(place), authorised: paid };
      // Something is left beyond the fee.
      const before = Math.min(goodwill, units * price - 350);
      const order = shipped({ ...place, payment }, { refundWithin: 4 });
      if (before > 0) confirmAll(order.given(ops.refund(before, '1')));
      const owed = paid - before - fee;
      order.withTender(0, terms).given(wanted(part));
      order.given(claimed('R1', { '1': [units, 0] }, { fee, refundShipping: true }));
      const given = Math.min(part, owed);
      order.shows({ exchanges: [{ paid: given }] });
      const [rest] = order.view.attention;
      expect(rest === undefined).toBe(given === owed);
      if (rest?.about) order.given(ops.settleRefund(rest.about)).raises();
      confirmAll(order).shows({ state: 'closed', totals: { refunded: before + owed } });
      order.shows({ parties: { 'store-a': 0, headquarters: fee } });
    };
    fc.assert(fc.property(kept, run), { numRuns: 30 });
  });
});

describe('what a person was told to pay', () => {
  test('is his alone also where a younger capture could give it back', () => {
    const order = scenario('A1', { capabilityOf: method(ONE_DAY) }).given(
      ...[shop.place(simple(2, 1000)), plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 1 } })],
      ...[reserved('A1-1'), reserved('A1-2'), A.ready()],
    );
    confirmAll(order).given(A.ship(), { ...declared('R1', { '1': 1 }), afterMs: 3 * DAY_MS }, back({ '1': [1, 0] }));
    expect(blocked(order)).toEqual(['refund-window-closed A1-owed-1 10.00 EUR could']);
    confirmAll(order.given(B.ready()));
    expect(refunds(order)).toEqual([]);
    confirmAll(order.given(ops.settleRefund('A1-owed-1'))).raises();
    expect(refunds(order)).toEqual(['A1-r1 1000 by hand']);
    order.shows({ totals: { captured: 2000, refunded: 1000 }, parties: { 'store-a': 0, 'store-b': 875 } });
  });

  test('is the rest of a capture that is found, where another tender gave its part back before', () => {
    const card = paymentOf(simple(2, 1000));
    const { payment: _, ...unpaid } = simple(2, 1000);
    const payments = [
      { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 500 },
      { ...card, authorised: 1500 },
    ];
    const order = scenario('A1', { capabilityOf: method(ONE_DAY) }).given(
      ...[shop.place({ ...unpaid, payments }), plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), A.ready()],
    );
    confirmAll(order).given(failedLate('A1-c2'), shop.cancel());
    confirmAll(order).shows({ totals: { captured: 500, refunded: 500 } });
    order.given({ ...confirmed('A1-c2', 4 * DAY_MS), afterMs: 3 * DAY_MS });
    expect(blocked(order)).toEqual(['refund-window-closed A1-owed-1 15.00 EUR could']);
    order.given(told('store-owes', { store: 'store-z' }));
    expect(blocked(order)).toHaveLength(1);
    confirmAll(order.given(ops.settleRefund('A1-owed-1'))).raises();
    expect(refunds(order)).toEqual(['A1-r1 500 gateway', 'A1-r2 1500 by hand']);
    order.shows({ state: 'cancelled', totals: { captured: 2000, refunded: 2000 }, parties: { 'store-a': 0 } });
    expect(order.rows.reduce((sum, { gross }) => sum + gross, 0)).toBe(0);
  });
});

describe('with an amount step', () => {
  const dinars = { amountStep: { KWD: 10, JPY: 100 } };

  test('a person pays what captures took, as he was told', () => {
    const order = shipped(priced('KWD', [1995], 2000), { ...ONE_DAY, ...dinars }).given(back({ '1': [1, 0] }));
    expect(blocked(order)).toEqual(['refund-window-closed A1-owed-1 1.990 KWD could']);
    confirmAll(order.given(ops.settleRefund('A1-owed-1')));
    expect(refunds(order)).toEqual(['A1-r1 1990 by hand']);
    expect(order.view.ledger.at(-2)).toMatchObject({ entry: 'A1-r1', transit: 5 });
    order.shows({ state: 'closed', totals: { captured: 1990, refunded: 1990 }, parties: { headquarters: 0 } });
    expect(
      order.rows.filter(({ movement }) => movement === 'rounding').reduce((sum, { gross }) => sum + gross, 0),
    ).toBe(0);
  });

  test('what one refund left out is told anew of the next one', () => {
    const order = shipped(priced('JPY', [1550, 2680], 4300), { ...ONE_DAY, ...dinars });
    order.given(back({ '1': [1, 0] }), back({ '2': [1, 0] }, 2));
    expect(blocked(order)).toEqual([
      'refund-window-closed A1-owed-1 1520 JPY could',
      'refund-window-closed A1-owed-2 2650 JPY could',
    ]);
    order.given(ops.settleRefund('A1-owed-1'));
    expect(blocked(order)).toEqual(['refund-window-closed A1-owed-2 2680 JPY could']);
    confirmAll(order.given(ops.settleRefund('A1-owed-2'))).raises();
    expect(refunds(order)).toEqual(['A1-r1 1520 by hand', 'A1-r2 2680 by hand']);
    order.shows({ state: 'closed', totals: { captured: 4200, refunded: 4200 } });
  });

  test('another order gets no more than captures took of what the return is worth', () => {
    const order = shipped(priced('KWD', [1995], 2000), dinars).given(wanted(1995, 'KWD'));
    confirmAll(order.given(back({ '1': [1, 0] }))).raises();
    expect(refunds(order)).toEqual(['A1-r1 1990 A2']);
    order.shows({ state: 'closed', exchanges: [{ paid: 1990 }], parties: { headquarters: 0 } });
  });
});
