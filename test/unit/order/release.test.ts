/** What ends is let go (expiry policy `release`): nothing is cancelled that others pay for, and nobody else's money is touched. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  confirmed,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  timer,
} from './scenario.ts';

const HOUR_MS = 3600_000;
const RELEASE = { expiry: { ...DEFAULT_EXPIRY, act: 'release' as const } };
const { payment: _, ...UNPAID } = BASE;
const VISA = { ...paymentOf(BASE), captureBefore: '2026-12-22T09:00:00Z' };
const GIFT = { ...VISA, method: 'gift-card', transaction: 'gift_1', captureBefore: '2026-11-24T09:00:00Z' };

/** Half a day before the gift card ends. */
const ends = (tender: number): Said[] => [
  { ...timer('expire-authorisation', { tender }), afterMs: 24 * HOUR_MS },
  { ...timer('expire-authorisation', { tender }), afterMs: 13 * HOUR_MS },
];

/** BASE, 129.80: line 1 with the fee 88.14, line 2 41.66. */
const begun = (payments: (typeof VISA)[]): Scenario =>
  scenario('A1001', RELEASE)
    .given(shop.place({ ...UNPAID, payments }))
    .given(...bothAccept('A1001'));

const asked = (order: Scenario) =>
  order.requests
    .filter(({ kind }) => kind !== 'payout')
    .map(({ key, transaction, amount }) => `${key} ${transaction} ${amount}`);

describe('a gift card that ends', () => {
  test('is voided alone where the other card pays for everything', () => {
    const order = begun([
      { ...GIFT, authorised: 1000 },
      { ...VISA, authorised: 12980 },
    ]).given(...ends(0));
    order.says('gateway A1001-v1 1000').shows({ state: 'fulfilling', lines: [{ cancelled: 0 }, { cancelled: 0 }] });
    order.given(confirmed('A1001-v1'), A.ready(), B.ready(), confirmed('A1001-c1'), confirmed('A1001-c2'));
    expect(asked(order)).toEqual(['A1001-v1 gift_1 1000', 'A1001-c1 pi_3Px 8814', 'A1001-c2 pi_3Px 4166']);
    order.given(confirmed('A1001-p1'), confirmed('A1001-p2'), A.ship(), B.ship()).shows({ state: 'fulfilled' });
    expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
  });

  test('that was never needed is voided alone, whatever was captured before', () => {
    const order = begun([
      { ...VISA, authorised: 12980 },
      { ...GIFT, authorised: 1000 },
    ]).given(A.ready(), confirmed('A1001-c1'), ...ends(1));
    expect(asked(order)).toEqual(['A1001-c1 pi_3Px 8814', 'A1001-v1 gift_1 1000']);
    order.shows({ state: 'fulfilling', lines: [{ cancelled: 0 }, { cancelled: 0 }] });
  });

  test('takes the last line with it where the other card pays for the first one only', () => {
    const order = begun([
      { ...GIFT, authorised: 1000 },
      { ...VISA, authorised: 11980 },
    ]).given(...ends(0));
    order.says(
      'event lines-cancelled',
      'send release to store store-b',
      'tell store-b withdrawn',
      'gateway A1001-v1 1000',
      'gateway A1001-v2 3166',
    );
    order.shows({ lines: [{ cancelled: 0 }, { cancelled: 1 }] }).given(A.ready());
    expect(asked(order).at(-1)).toBe('A1001-c1 pi_3Px 8814');
  });

  test('takes a line that nobody else pays, not the smaller one behind it', () => {
    const order = begun([
      { ...GIFT, authorised: 8000 },
      { ...VISA, authorised: 4980 },
    ]).given(...ends(0));
    order.shows({ lines: [{ cancelled: 1 }, { cancelled: 0 }] }).given(B.ready());
    expect(asked(order)).toEqual(['A1001-v1 gift_1 8000', 'A1001-v2 pi_3Px 324', 'A1001-c1 pi_3Px 4656']);
  });

  test('still pays what is ready, and the other card what is not', () => {
    const order = begun([
      { ...GIFT, authorised: 9000 },
      { ...VISA, authorised: 4500 },
    ]).withTender(0, { captures: 1 });
    order.given(A.ready());
    expect(asked(order)).toEqual([]);
    order.given(...ends(0)).shows({ lines: [{ cancelled: 0 }, { cancelled: 0 }] });
    expect(asked(order)).toEqual(['A1001-c1 gift_1 8814']);
    order.given(confirmed('A1001-c1'), A.ship(), B.ready());
    expect(asked(order).slice(1)).toEqual(['A1001-v1 gift_1 186', 'A1001-c2 pi_3Px 4166', 'A1001-v2 pi_3Px 334']);
  });
});

describe('a card that ends after it declined what is ready', () => {
  const declined = (visa: number): Scenario =>
    begun([
      { ...GIFT, authorised: 8814 },
      { ...VISA, authorised: visa },
    ]).given(A.ready(), failed('A1001-c1'));

  test('takes nothing with it that the other card pays, where the customer is asked for what it declined', () => {
    const order = declined(4166).given(ops.requestPayment('A1001-c1'), ...ends(0));
    order.raises('capture-failed', 'payment-requested').shows({ lines: [{ cancelled: 0 }, { cancelled: 0 }] });
    order.given(ops.paid(8814), A.ship(), B.ready(), confirmed('A1001-c3'), B.ship());
    order.raises().shows({ state: 'fulfilled', totals: { captured: 12980 } });
    order.given(...['v1', 'p1', 'p2'].map((entry) => confirmed(`A1001-${entry}`)));
    expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
  });

  test('nor where the other card could not pay that', () => {
    const order = declined(4166).given(...ends(0));
    order.raises('capture-failed', 'payment-requested').shows({ lines: [{ cancelled: 0 }, { cancelled: 0 }] });
  });

  test('takes what is not ready where the other card can pay either, as what is ready comes first', () => {
    const order = declined(9000)
      .given(...ends(0))
      .shows({ lines: [{ cancelled: 0 }, { cancelled: 1 }] });
    expect(asked(order)).toEqual(['A1001-c1 gift_1 8814', 'A1001-v1 gift_1 8814']);
  });
});

interface Bought {
  lines: { unitPrice: number; quantity: number; ready: number }[];
  fee: number;
  gift: number;
  more: number;
  giftFirst: boolean;
}

const BOUGHT: fc.Arbitrary<Bought> = fc.record({
  lines: fc.array(
    fc.record({
      unitPrice: fc.integer({ min: 1, max: 3000 }),
      quantity: fc.integer({ min: 1, max: 4 }),
      ready: fc.integer({ min: 0, max: 4 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  fee: fc.constantFrom(0, 490),
  gift: fc.integer({ min: 1, max: 9000 }),
  more: fc.integer({ min: 0, max: 4000 }),
  giftFirst: fc.boolean(),
});

/** All of it is with one store, some of it ready; the gift card has come to its end. */
function released({ lines, fee, gift, more, giftFirst }: Bought): { order: Scenario; visa: number } | undefined {
  const total = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, fee);
  const visa = total - gift + more;
  if (visa <= 0) return undefined;
  const payments = [
    { ...GIFT, authorised: gift },
    { ...VISA, authorised: visa },
  ];
  const { discount: __, ...rest } = UNPAID;
  const place = {
    ...rest,
    lines: lines.map(({ unitPrice, quantity }, index) => ({
      line: `${index + 1}`,
      sku: `S${index}`,
      quantity,
      unitPrice,
      taxRate: '0.2',
    })),
    shipping: { amount: fee, taxRate: '0.2' },
    payments: giftFirst ? payments : payments.toReversed(),
  };
  const units = (count: (of: Bought['lines'][number]) => number) =>
    Object.fromEntries(lines.flatMap((of, index) => (count(of) > 0 ? [[`${index + 1}`, count(of)]] : [])));
  const order = scenario('A1', RELEASE).given(
    shop.place(place),
    plan({ 'store-a': units(({ quantity }) => quantity) }),
    reserved('A1-1'),
  );
  const ready = units((of) => Math.min(of.ready, of.quantity));
  if (Object.keys(ready).length > 0) order.given(A.ready(undefined, ready));
  // Where nothing is left to take from it, it is let go already.
  for (const step of ends(giftFirst ? 0 : 1)) order.when(step);
  return { order, visa };
}

test('what a later capture took of the other card is not counted as taken by the declined one as well', () => {
  const { discount: __, ...rest } = UNPAID;
  const lines = [5000, 5000, 2000].map((unitPrice, index) => ({
    ...{ line: `${index + 1}`, sku: `S${index}`, quantity: 1, taxRate: '0.2' },
    unitPrice,
  }));
  const payments = [
    { ...VISA, authorised: 7000 },
    { ...GIFT, authorised: 5000 },
  ];
  const order = scenario('A1', RELEASE).given(
    shop.place({ ...rest, lines, shipping: { amount: 0, taxRate: '0.2' }, payments }),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 }, 'store-c': { '3': 1 } }),
    ...['A1-1', 'A1-2', 'A1-3'].map((fulfilment) => reserved(fulfilment)),
    ...[A.ready(), failed('A1-c1'), B.ready(), confirmed('A1-c2')],
  );
  for (const step of ends(1)) order.when(step);
  expect(order.view.lines.map(({ cancelled }) => cancelled)).toEqual([0, 0, 0]);
  order.shows({ paymentRequests: [{ amount: 5000 }] });
});

test('whatever ends: what is ready stays, of the rest all that the other card pays, and it is delivered', () => {
  fc.assert(
    fc.property(BOUGHT, (bought) => {
      const { order, visa } = released(bought) ?? {};
      if (!order || visa === undefined) return;
      const captured = order.requests.filter(({ kind }) => kind === 'capture');
      const visaLeft = captured.reduce(
        (left, { transaction, amount }) => (transaction === VISA.transaction ? left - amount : left),
        visa,
      );
      const { lines, fulfilments } = order.view;
      const fee = captured.length === 0 ? bought.fee : 0;
      let needed = 0;
      bought.lines.forEach(({ unitPrice, quantity, ready }, index) => {
        const { cancelled = 0 } = lines[index] ?? {};
        const isReady = Math.min(ready, quantity);
        expect(quantity - cancelled).toBeGreaterThanOrEqual(isReady);
        needed += (quantity - cancelled - isReady) * unitPrice;
      });
      bought.lines.forEach(({ unitPrice }, index) => {
        if (lines[index]?.cancelled) expect(needed + unitPrice + fee).toBeGreaterThan(visaLeft);
      });
      if (order.view.state === 'cancelled') return;
      if (fulfilments[0]?.state === 'accepted') order.given(A.ready());
      for (const { key } of order.requests.filter(({ kind }) => kind === 'capture')) order.given(confirmed(key));
      order.given(A.ship()).raises().shows({ state: 'fulfilled' });
    }),
    { numRuns: 40, seed: 20261124 },
  );
});
