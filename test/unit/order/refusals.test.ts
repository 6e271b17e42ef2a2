/** Every code that an order can refuse a command with, in the declared order. A code without a row fails. */
import { expect, test } from 'vitest';
import { isAbsent } from '../../../actors/chart.ts';
import { REFUSALS, type RefusalCode } from '../../../protocols/refusals.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  by,
  COMPANY,
  confirmed,
  declared,
  failed,
  failedLate,
  givenUp,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
  unknown,
} from './scenario.ts';

interface Row {
  claim: string;
  given?: Scenario;
  when: Said;
}

const empty = (): Scenario => scenario('A1001');
const { payment: _, ...UNPAID } = BASE;
const TILL = { ...UNPAID, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };
const pinnedTo = (...stores: string[]) => {
  const lines = BASE.lines.map((line, index) => ({ ...line, ...(stores[index] ? { store: stores[index] } : {}) }));
  return { ...BASE, fulfilment: 'click-and-collect' as const, collectAt: 'store-a', lines };
};
const atTheTill = (): Scenario =>
  empty().given(shop.place(TILL), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1001-1'));
const atTheCounter = (): Scenario =>
  empty().given(
    shop.place({ ...BASE, fulfilment: 'click-and-collect', collectAt: 'store-a' }),
    plan({ 'store-a': { '1': 1, '2': 1 } }),
    reserved('A1001-1'),
    A.ready(),
  );
const ranOut = (): Scenario => atTheTill().given(timer('reservation-expired', { fulfilment: 'A1001-1' }));
const twoOfOneStore = (): Scenario =>
  empty().given(
    shop.place(BASE),
    plan({ 'store-a': { '1': 1 } }),
    plan({ 'store-a': { '2': 1 } }),
    reserved('A1001-1'),
    reserved('A1001-2'),
  );
const shipped = (): Scenario =>
  assignedBase().given(A.ready(), confirmed('A1001-c1'), A.ship(), B.ready(), confirmed('A1001-c2'), B.ship());

/** What a provider tells of money that nobody asked for. */
const stray = (count: number): Said[] =>
  Array.from({ length: count }, (_, index) =>
    by('gateway-main').notify({
      transaction: 'pi_other',
      kind: 'capture',
      outcome: 'confirmed',
      gatewayReference: `ch_${index}`,
      amount: 100,
      currency: 'EUR',
      at: '2026-11-22T09:00:00Z',
    }),
  );
const unnamed = { kind: 'capture', outcome: 'confirmed', amount: 1, currency: 'EUR' } as const;

const ROWS: Partial<Record<RefusalCode, Row[]>> = {
  'invalid-payload': [
    { claim: 'an order that is shipped needs a payment', when: shop.place(UNPAID) },
    {
      claim: 'a notice names a key or a transaction',
      given: assignedBase(),
      when: by('gateway-main').notify({ ...unnamed, at: '2026-11-22T09:00:00Z' }),
    },
    {
      claim: 'a notice is not of tomorrow: it would keep all other news out',
      given: assignedBase(),
      when: by('gateway-main').notify({ ...unnamed, key: 'A1001-c1', at: '2026-11-23T09:00:00Z' }),
    },
    { claim: 'click and collect needs a store', when: shop.place({ ...BASE, fulfilment: 'click-and-collect' }) },
    {
      claim: 'reserve and collect has no payment',
      when: shop.place({ ...BASE, fulfilment: 'reserve-and-collect', collectAt: 'store-a' }),
    },
    { claim: 'what is collected is pinned to no other store', when: shop.place(pinnedTo('store-a', 'store-b')) },
    {
      claim: 'nor is it where it is paid at the till',
      when: shop.place({ ...TILL, lines: pinnedTo('store-b').lines }),
    },
    {
      claim: 'a method takes all at once or nothing',
      when: shop.place({ ...BASE, payment: { ...paymentOf(BASE), captured: 1 } }),
    },
  ],
  'command-id-reused': [
    {
      claim: 'a command id stands for one content',
      given: empty().given(by('channel-web', 'same', 'one').place(BASE)),
      when: by('channel-web', 'same', 'two').cancel(),
    },
  ],
  'already-exists': [{ claim: 'an order is placed once', given: assignedBase(), when: shop.place(BASE) }],
  'unknown-order': [{ claim: 'an order that is not there can do nothing', when: A.ready() }],
  'wrong-state': [
    { claim: 'a shipped order can not be cancelled', given: shipped(), when: shop.cancel() },
    {
      claim: 'what is confirmed needs no person',
      given: assignedBase().given(A.ready(), confirmed('A1001-c1')),
      when: ops.confirm('A1001-c1'),
    },
    {
      claim: 'what the provider is still asked for is not for people',
      given: assignedBase().given(A.ready(), unknown('A1001-c1')),
      when: ops.fail('A1001-c1'),
    },
    {
      claim: 'what has not failed is not asked for again',
      given: assignedBase().given(A.ready()),
      when: ops.retry('A1001-c1'),
    },
    {
      claim: 'what was asked for again is not asked for twice',
      given: assignedBase().given(A.ready(), failed('A1001-c1'), ops.retry('A1001-c1')),
      when: ops.retry('A1001-c1'),
    },
    {
      claim: 'goods that nobody wants any more are not captured again',
      given: assignedBase().given(A.ready(), failed('A1001-c1'), shop.cancel({ lines: [{ line: '1', quantity: 1 }] })),
      when: ops.retry('A1001-c1'),
    },
    { claim: 'a held order does not get ready', given: assignedBase().given(ops.hold()), when: A.ready() },
    {
      claim: 'a held order does not leave',
      given: assignedBase().given(A.ready(), confirmed('A1001-c1'), ops.hold()),
      when: A.ship(),
    },
    { claim: 'an order that is not held can not be released', given: assignedBase(), when: ops.release() },
    { claim: 'goods are not handed over before they are ready', given: assignedBase(), when: A.ship() },
    { claim: 'goods that are shipped are not collected', given: assignedBase().given(A.ready()), when: A.collect() },
    { claim: 'goods that are captured are not sold', given: assignedBase(), when: A.sell([['1', 1, 8324]]) },
    { claim: 'a held reservation is not sold', given: atTheTill().given(ops.hold()), when: A.sell([['1', 1, 8324]]) },
    {
      claim: 'a reservation that the customer cancelled is not sold',
      given: atTheTill().given(shop.cancel()),
      when: A.sell([['1', 1, 8324]]),
    },
    {
      claim: 'a late ticket is booked once',
      given: ranOut().given(A.sell([['1', 1, 8324]])),
      when: A.sell([['2', 1, 4166]]),
    },
    { claim: 'goods that are collected are not shipped', given: atTheTill(), when: A.ship() },
    { claim: 'what is ready can not be declined', given: assignedBase().given(A.ready()), when: A.decline() },
    {
      claim: 'what is partly ready can not be declined',
      given: empty().given(
        shop.place(BASE),
        plan({ 'store-a': { '1': 1, '2': 1 } }),
        reserved('A1001-1'),
        A.ready('A1001-1', { '1': 1 }),
      ),
      when: A.decline(),
    },
    { claim: 'what is accepted can not be accepted again', given: assignedBase(), when: A.accept() },
    {
      claim: 'what the store has not reserved can not be accepted',
      given: empty().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } })),
      when: A.accept(),
    },
  ],
  'unknown-currency': [{ claim: 'a currency has an exponent', when: shop.place({ ...BASE, currency: 'XXX' }) }],
  'unknown-gateway-account': [
    {
      claim: 'a payment account is configured',
      when: shop.place({ ...BASE, payment: { ...paymentOf(BASE), account: 'other' } }),
    },
  ],
  'unknown-payment-method': [
    {
      claim: 'the account has the payment method',
      when: shop.place({ ...BASE, payment: { ...paymentOf(BASE), method: 'cowrie' } }),
    },
    {
      claim: 'a method is not called as a property of objects',
      when: shop.place({ ...BASE, payment: { ...paymentOf(BASE), method: 'constructor' } }),
    },
  ],
  'not-settled': [
    {
      claim: 'a method that takes the money at once has taken it',
      when: shop.place({ ...BASE, payment: { ...paymentOf(BASE), method: 'ideal' } }),
    },
  ],
  'duplicate-line': [
    { claim: 'a line id occurs once', when: shop.place({ ...BASE, lines: [...BASE.lines, ...BASE.lines] }) },
  ],
  'unknown-line': [
    { claim: 'cancel names a line', given: assignedBase(), when: shop.cancel({ lines: [{ line: '9', quantity: 1 }] }) },
    { claim: 'no line is called as a property of objects', given: assignedBase(), when: ops.refund(1, 'constructor') },
    { claim: 'ready names a line', given: assignedBase(), when: A.ready('A1001-1', { '9': 1 }) },
    { claim: 'short-pick names a line', given: assignedBase(), when: A.shortPick({ '9': 1 }) },
    { claim: 'collect names a line', given: atTheCounter(), when: A.collect(undefined, { '9': 1 }) },
    { claim: 'sell names a line', given: atTheTill(), when: A.sell([['9', 1, 100]]) },
  ],
  'unknown-entry': [
    { claim: 'confirm names an entry', given: assignedBase(), when: ops.confirm('A1001-c1') },
    { claim: 'fail names an entry', given: assignedBase(), when: ops.fail('A1001-c1') },
    { claim: 'retry names an entry', given: assignedBase(), when: ops.retry('constructor') },
  ],
  'unknown-attention': [
    { claim: 'resolve names what is raised', given: assignedBase(), when: ops.resolve('late-ticket') },
  ],
  'ambiguous-attention': [
    {
      claim: 'resolve names one',
      given: assignedBase().given(
        ...[A.ready(), confirmed('A1001-c1'), failedLate('A1001-c1')],
        ...[B.ready(), confirmed('A1001-c2'), failedLate('A1001-c2')],
      ),
      when: ops.resolve('capture-failed'),
    },
  ],
  'discount-exceeds-value': [
    { claim: 'a discount is no more than the goods', when: shop.place({ ...BASE, discount: 13491 }) },
  ],
  'amount-out-of-bounds': [
    { claim: 'a sum can be counted exactly', when: shop.place(simple(1_000_000, 1_000_000_000_000)) },
  ],
  'authorisation-too-low': [
    {
      claim: 'the authorisation covers the order',
      when: shop.place({ ...BASE, payment: { ...paymentOf(BASE), authorised: 12979 } }),
    },
    {
      claim: 'what is left of it covers a capture that is asked for again',
      given: assignedBase().given(A.ready(), failed('A1001-c1')),
      when: { ...ops.retry('A1001-c1'), afterMs: 8 * 24 * 3600_000 },
    },
  ],
  'exceeds-over-capture': [
    {
      claim: 'weighed goods are captured for as much as their method allows, and no more',
      given: assignedBase(),
      when: { ...A.ready(), payload: { lines: [{ line: '1', quantity: 1, amount: 10272 }] } },
    },
  ],
  'not-your-fulfilment': [
    { claim: 'a store touches its own only', given: assignedBase(), when: B.ready('A1001-1') },
    { claim: 'a store ships its own only', given: assignedBase().given(A.ready()), when: B.ship('A1001-1') },
  ],
  'unknown-fulfilment': [
    { claim: 'a fulfilment exists', given: assignedBase(), when: A.ready('A1001-9') },
    { claim: 'a store has an open fulfilment', given: assignedBase(), when: by('store-c').ready() },
  ],
  'ambiguous-fulfilment': [
    { claim: 'a store with several names one', given: twoOfOneStore(), when: A.ready() },
    { claim: 'ops names one of several', given: assignedBase(), when: ops.ready() },
  ],
  'exceeds-allocated': [
    { claim: 'no more gets ready than is allocated', given: assignedBase(), when: A.ready('A1001-1', { '1': 2 }) },
    { claim: 'units of another store do not get ready', given: assignedBase(), when: A.ready('A1001-1', { '2': 1 }) },
    { claim: 'no more is short than is allocated', given: assignedBase(), when: A.shortPick({ '1': 2 }) },
    { claim: 'no more is sold late than was reserved', given: ranOut(), when: A.sell([['1', 2, 8324]]) },
    { claim: 'no more is collected than is ready', given: atTheCounter(), when: A.collect('A1001-1', { '1': 2 }) },
    { claim: 'no more is sold than is allocated', given: atTheTill(), when: A.sell([['1', 2, 8324]]) },
    {
      claim: 'no more is cancelled than there is',
      given: assignedBase(),
      when: shop.cancel({ lines: [{ line: '1', quantity: 2 }] }),
    },
  ],
  'not-funded': [
    { claim: 'goods do not leave before their capture', given: assignedBase().given(A.ready()), when: A.ship() },
    {
      claim: 'a part does not leave before its capture either',
      given: atTheCounter(),
      when: A.collect('A1001-1', { '1': 1 }),
    },
    { claim: 'goods that were not paid at the till stay', given: atTheTill().given(A.ready()), when: A.collect() },
  ],
  'wrong-amount': [
    { claim: 'tenders are what lines are', given: atTheTill(), when: A.sell([['1', 1, 8324]], 8323) },
    { claim: 'nor does a late ticket', given: ranOut(), when: A.sell([['1', 1, 8325]]) },
    { claim: 'the till asks no more than the price', given: atTheTill(), when: A.sell([['1', 1, 8325]]) },
  ],
  'too-many-notices': [
    {
      claim: 'an order keeps so many notices that fit nothing, and no more',
      given: assignedBase().given(...stray(20)),
      when: stray(21).at(-1) ?? shop.cancel(),
    },
    {
      claim: 'nor more of an order that is not there',
      given: empty().given(...stray(20)),
      when: stray(21).at(-1) ?? shop.cancel(),
    },
  ],
  'may-have-moved': [
    {
      claim: 'what is unknown is not asked for under another key',
      given: assignedBase().given(A.ready(), givenUp('A1001-c1')),
      when: ops.retry('A1001-c1'),
    },
    {
      claim: 'nor is what the provider had accepted',
      given: assignedBase().given(A.ready(), confirmed('A1001-c1'), failedLate('A1001-c1')),
      when: ops.retry('A1001-c1'),
    },
  ],
  'exceeds-captured': [
    { claim: 'nothing is refunded before it is captured', given: assignedBase(), when: ops.refund(1) },
    { claim: 'no more is refunded than was captured', given: shipped(), when: ops.refund(12981) },
    {
      claim: 'nor by asking again for a refund, when the capture was lost meanwhile',
      given: shipped().given(ops.refund(100), failed('A1001-r1'), failed('A1001-c1', 7200), failed('A1001-c2', 7200)),
      when: ops.retry('A1001-r1'),
    },
    { claim: 'no more is refunded than the line took', given: shipped(), when: ops.refund(8325, '1') },
  ],
};

/** Refused before an order hears of it, or by other actors. */
const NOT_OF_ORDERS: RefusalCode[] = [
  'message-too-large',
  'invalid-id',
  'unknown-command',
  'not-allowed',
  'unreadable',
  'internal-error',
  'unknown-store',
  'unknown-return',
  'exceeds-handed-over',
  'unknown-reason',
  'return-window-closed',
  'exceeds-received',
  'exceeds-rejected',
  'below-zero',
];

const CODES = (Object.keys(REFUSALS) as RefusalCode[]).filter((code) => !NOT_OF_ORDERS.includes(code));

for (const code of CODES) {
  const rows = ROWS[code] ?? [];
  test(`${code} has a row`, () => expect(rows).not.toEqual([]));
  for (const { claim, given = empty(), when } of rows) {
    test(`${code}: ${claim}`, () => {
      const before = given.snapshot && !isAbsent(given.snapshot) ? given.view : undefined;
      given.when(when).refuses(code);
      if (before) expect(given.view).toEqual(before);
    });
  }
}

test('a refused command is remembered: the same id again is not judged again', () => {
  const again = by('store-a', 'same').ship();
  assignedBase().given(A.ready()).when(again).refuses('not-funded').when(again).ignores();
});

test('a return is told why it can not be', () => {
  scenario('gone')
    .when(declared('R1', { '1': 1 }))
    .answers('send declare-refused to return R1');
  const order = assignedBase()
    .when(declared('R1', { '1': 1 }))
    .answers('send declare-refused to return R1');
  expect(order.effects[0]).toMatchObject({ payload: { code: 'exceeds-handed-over' } });
  order.when(declared('R1', { '9': 1 }));
  expect(order.effects[0]).toMatchObject({ payload: { code: 'unknown-line' } });
});

test('company terms are terms too', () => {
  const order = empty().given(shop.place(BASE), plan({ hq: { '1': 1, '2': 1 } }), reserved('A1001-1', COMPANY));
  order.given(ops.ready()).shows({ fulfilments: [{ store: 'hq', state: 'ready' }] });
});

test('a line that is pinned elsewhere than it is collected is named; one that is pinned there is taken', () => {
  const refused = empty().when(shop.place(pinnedTo('store-a', 'store-b')));
  const reason = 'lines[1].store: must be store-a, where the order is collected';
  expect(refused.last).toMatchObject({ refusal: { reason } });
  empty().given(shop.place(pinnedTo('store-a', 'store-a')));
});
