/** Goods that come back while a capture is lost: their money is owed as soon as it is taken after all, and never without. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  A,
  B,
  claimed,
  confirmed,
  declared,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const PRICE = 3500;
/** By one card, or by another tender before it, whose money was taken at once or is captured like the card's. */
type Paid = 'one' | 'settled' | 'authorised';

/** Confirms what is under way, as the gateway has it. */
function confirmAll(order: Scenario): Scenario {
  for (let round = 0; round < 9; round++) {
    for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
  }
  return order;
}

function shipped(paid: Paid, units = 2): Scenario {
  const { payment: _, ...unpaid } = simple(units, PRICE);
  const card = paymentOf(simple(units, PRICE));
  const { captureBefore: __, ...settled } = { ...card, method: 'ideal', captured: 5000 };
  const first = { ...(paid === 'settled' ? settled : { ...card, method: 'gift-card' }), authorised: 5000 };
  const rest = { ...card, transaction: 'pi_2', authorised: units * PRICE - 5000 };
  const place = paid === 'one' ? simple(units, PRICE) : { ...unpaid, payments: [first, rest] };
  const order = scenario().given(shop.place(place), plan({ 'store-a': { '1': units } }), reserved('A1-1'), A.ready());
  return confirmAll(confirmAll(order).given(A.ship()));
}

const back = (id: string, units: number, more: Parameters<typeof claimed>[2] = {}): Said[] => [
  declared(id, { '1': units }),
  claimed(id, { '1': [units, 0] }, more),
];

const [R1, R2] = [back('R1', 1), back('R2', 1)];
const booked = (order: Scenario): number => order.rows.reduce((sum, { gross }) => sum + gross, 0);
const does = (order: Scenario, ...steps: readonly (readonly Said[])[]): Scenario =>
  steps.reduce((after, step) => confirmAll(after.given(...step)), order);

describe.each<[Paid, string]>([
  ['one', 'A1-c1'],
  ['settled', 'A1-c2'],
  ['authorised', 'A1-c1'],
  ['authorised', 'A1-c2'],
])('paid by %s, %s is lost', (paid, late) => {
  const [lost, found] = [[failedLate(late)], [confirmed(late, 9000)]];

  test('one unit comes back meanwhile: what it was captured for goes back when that is found', () => {
    const order = does(shipped(paid), lost, R1, found);
    order.shows({ totals: { captured: 7000, refunded: 3500 }, parties: { headquarters: 438, 'store-a': 3062 } });
    expect(booked(order)).toBe(3500);
    does(order, R2).shows({ state: 'closed', totals: { refunded: 7000 }, parties: { headquarters: 0 } });
    expect(booked(order)).toBe(0);
  });

  test('both come back meanwhile: nothing is kept', () => {
    const order = does(shipped(paid), lost, R1, R2).shows({ state: 'closed' }).raises('funds-lost');
    const { captured, refunded } = order.view.totals;
    // What the other tender paid is given back at once.
    expect(refunded).toBe(captured);
    does(order, found).raises();
    order.shows({ totals: { captured: 7000, refunded: 7000 }, parties: { headquarters: 0, 'store-a': 0 } });
    expect(booked(order)).toBe(0);
  });
});

test('what is never found is never owed', () => {
  const order = does(shipped('one'), [failedLate('A1-c1')], R1, R2);
  order.shows({ state: 'closed', totals: { captured: 0, refunded: 0, open: { refund: 0 } } });
  expect(order.requests.filter(({ kind }) => kind === 'refund')).toEqual([]);
});

test('a fee is kept from what is given back late', () => {
  const order = does(shipped('one'), [failedLate('A1-c1')], back('R1', 2, { fee: 500 }), [confirmed('A1-c1', 9000)]);
  order.shows({ totals: { refunded: 6500 }, parties: { headquarters: 500, 'store-a': 0 } });
});

test('goodwill that was given before is not paid again', () => {
  const order = does(shipped('one'), [ops.refund(1000, '1')], [failedLate('A1-c1')], R1, R2);
  does(order, [confirmed('A1-c1', 9000)]).shows({ totals: { refunded: 7000 }, parties: { headquarters: 0 } });
});

test('nor twice where goods of another capture come back with it', () => {
  const order = scenario().given(
    shop.place(simple(3, PRICE)),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 2 } }),
    reserved('A1-1'),
    reserved('A1-2'),
  );
  does(order, [A.ready()], [A.ship()], [B.ready()], [B.ship()], [ops.refund(1000, '1')]);
  does(order, [failedLate('A1-c2')], back('R1', 2)).shows({ totals: { captured: 3500, refunded: 3500 } });
  does(order, [confirmed('A1-c2', 9000)], back('R2', 1)).shows({ totals: { captured: 10500, refunded: 10500 } });
  expect(booked(order)).toBe(0);
});

test.each(['first-ready', 'pro-rata'] as const)(
  'a shipping fee (%s) goes back with goods that were lost, once',
  (shipping) => {
    const place = simple(2, PRICE, { shipping: { amount: 490, taxRate: '0.2' } });
    const paid = { ...place, payment: { ...paymentOf(place), authorised: 7490 } };
    const fulfilments = [plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 1 } }), reserved('A1-1'), reserved('A1-2')];
    const order = scenario('A1', { shipping }).given(shop.place(paid), ...fulfilments);
    does(order, [A.ready()], [A.ship()], [B.ready()], [B.ship()], [failedLate('A1-c1')]);
    does(order, back('R1', 2, { shippingWhenAllReturned: true }));
    const meanwhile = shipping === 'pro-rata' ? PRICE + 245 : PRICE;
    order.shows({ totals: { captured: meanwhile, refunded: meanwhile } });
    does(order, [confirmed('A1-c1', 9000)]).shows({ state: 'closed', totals: { captured: 7490, refunded: 7490 } });
    order.shows({ parties: { headquarters: 0, 'store-a': 0, 'store-b': 0 } });
    expect(booked(order)).toBe(0);
  },
);

const trade = fc.record({
  paid: fc.constantFrom<Paid>('one', 'settled', 'authorised'),
  units: fc.integer({ min: 2, max: 4 }),
  /** Of the returns, when what is lost is lost, and found. */
  at: fc.tuple(fc.nat(4), fc.nat(4)),
  late: fc.nat(1),
  goodwill: fc.constantFrom(0, 333),
  /** Results are told at once, or after all else. */
  isSlow: fc.boolean(),
});

test('whenever a capture is lost and found, all that was returned is paid, and rows sum to what is kept', () => {
  fc.assert(
    fc.property(trade, fc.nat(4), ({ paid, units, at, late, goodwill, isSlow }, kept) => {
      const order = shipped(paid, units);
      const captures = order.view.ledger.filter(({ kind }) => kind === 'capture');
      const { entry = '' } = captures[paid === 'settled' ? 1 : late % captures.length] ?? {};
      const [lost, found] = [Math.min(...at), Math.max(...at)];
      const returned = Math.max(0, units - kept);
      if (goodwill > 0) does(order, [ops.refund(goodwill, '1')]);
      for (let step = 0; step <= 4; step++) {
        const steps = [
          ...(step === lost ? [failedLate(entry)] : []),
          ...(step === found ? [confirmed(entry, 9000)] : []),
          ...(step < returned ? back(`R${step}`, 1) : []),
        ];
        order.given(...steps);
        if (!isSlow) confirmAll(order);
      }
      confirmAll(order);
      const refunded = Math.min(units * PRICE, returned * PRICE + goodwill);
      order.shows({ totals: { captured: units * PRICE, refunded } }).raises();
      expect(booked(order)).toBe(units * PRICE - refunded);
    }),
    { numRuns: 30, seed: 20_261_126 },
  );
});
