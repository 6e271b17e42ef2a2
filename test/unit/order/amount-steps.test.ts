/** Methods whose provider takes multiples of a step only: what rounding leaves out is in transit, and comes with the next amount. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
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
  failed,
  failedLate,
  ops,
  POLICY,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  timer,
  told,
} from './scenario.ts';

/** Whole forints, five Swiss cents, and dinars without their last digit. */
const STEPS: Record<string, Record<string, number>> = {
  card: { HUF: 5, CHF: 5, KWD: 10, JPY: 100 },
  'gift-card': {},
};
const stepped = {
  capabilityOf: (account: string, method: string) => {
    const capability = POLICY.capabilityOf(account, 'visa');
    return capability && { ...capability, amountStep: STEPS[method] ?? {} };
  },
};

/** One unit a line, without tax to reckon with. */
function place(currency: string, prices: readonly number[], authorised: number): OrderCommands['place'] {
  const { discount: _, shipping: __, ...rest } = BASE;
  const lines = prices.map((unitPrice, index) => ({
    line: `${index + 1}`,
    sku: `S${index}`,
    quantity: 1,
    unitPrice,
    taxRate: '0',
  }));
  return { ...rest, currency, lines, payment: { ...paymentOf(BASE), method: 'card', authorised } };
}

/** The first line at store A, all others at B. */
function bought(wanted: OrderCommands['place']): Scenario {
  const others = Object.fromEntries(wanted.lines.slice(1).map(({ line }) => [line, 1]));
  return scenario('A1', stepped).given(
    shop.place(wanted),
    plan({ 'store-a': { '1': 1 }, 'store-b': others }),
    reserved('A1-1'),
    ...(wanted.lines.length > 1 ? [reserved('A1-2')] : []),
  );
}

const money = (order: Scenario): string[] =>
  order.view.ledger.flatMap(({ entry, kind, amount }) => (kind.startsWith('payout') ? [] : [`${entry} ${amount}`]));

/** Rows without a line, from the first on. */
const between = (order: Scenario): string[] =>
  order.rows.flatMap(({ subject, movement, entry, gross }) =>
    subject === 'order' ? [`${movement} ${entry} ${gross}`] : [],
  );

const sumOf = (order: Scenario, of: string): number =>
  order.rows.reduce((sum, { movement, gross }) => (movement === of ? sum + gross : sum), 0);

test('what a capture under way took for one whose goods were cancelled meanwhile goes back with them', () => {
  const order = bought(place('HUF', [1003, 1002], 2005)).given(
    A.ready(),
    shop.cancel({ lines: [{ line: '1', quantity: 1 }] }),
  );
  order.given(B.ready(), confirmed('A1-c1'));
  expect(money(order)).toEqual(['A1-c1 1000', 'A1-c2 1005']);
  // 1003 are owed and 3 of them are with the other capture: what there is would leave them there.
  order.given(confirmed('A1-c2'));
  expect(money(order).at(-1)).toBe('A1-r1 1005');
  order.given(confirmed('A1-r1')).shows({ totals: { captured: 2005, refunded: 1005 } });
});

test('what failed late after it had brought what was left out is not counted out: the customer never pays above his goods', () => {
  const order = bought(place('HUF', [1003, 1004, 1002], 3010)).given(A.ready(), confirmed('A1-c1'));
  order.given(B.ready('A1-2', { '2': 1 }), confirmed('A1-c2'), failedLate('A1-c2'), B.ready('A1-2', { '3': 1 }));
  order.given(confirmed('A1-c3'), confirmed('A1-c2', 9000));
  expect(money(order).filter((of) => of.startsWith('A1-c'))).toEqual(['A1-c1 1000', 'A1-c2 1005', 'A1-c3 1000']);
  order.shows({ totals: { captured: 3005 } });
});

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

const returned = (id: string, line: string): Said[] => [declared(id, { [line]: 1 }), claimed(id, { [line]: [1, 0] })];

test('two captures and two refunds of dinars are rounded together, and nothing is left in transit', () => {
  const order = bought(place('KWD', [1995, 3005], 5000)).given(A.ready());
  order.ledger('A1-c1 1990 requested').given(confirmed('A1-c1'));
  expect(between(order)).toEqual(['transit A1-c1 -5']);
  expect(order.view.capturing.at(-1)).toBe(
    'A1-1: 1.990 KWD captured; as it is ready; 0.005 KWD left out by the amount step',
  );
  order.given(B.ready());
  expect(order.view.capturing.at(-1)).toBe(
    'A1-2: 3.010 KWD captured; as it is ready; with 0.005 KWD that the amount step left out before',
  );
  confirmAll(order).given(A.ship(), B.ship());
  expect(between(order).slice(1)).toEqual(['transit A1-c2 5']);
  order.given(...returned('R1', '1'));
  confirmAll(order);
  // He has paid 3000 for what costs 3005: never above it.
  expect(between(order).slice(2)).toEqual(['transit A1-c1 5', 'transit A1-r1 -5', 'rounding A1-c1 -5']);
  confirmAll(order.given(...returned('R2', '2')));
  expect(money(order)).toEqual(['A1-c1 1990', 'A1-c2 3010', 'A1-r1 2000', 'A1-r2 3000']);
  expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, 0]);
  order.shows({ state: 'closed', totals: { captured: 5000, refunded: 5000 } });
});

test('pain 16: yen in hundreds, forints and Swiss cents in fives: the customer pays what was shown, or less than a step less', () => {
  for (const [currency, prices, authorised, captured] of [
    ['JPY', [1550, 2680], 4300, 4200],
    ['HUF', [1001, 1002], 2005, 2000],
    ['CHF', [999, 998], 2000, 1995],
  ] as const) {
    const order = bought(place(currency, prices, authorised)).given(A.ready(), B.ready());
    confirmAll(order).given(A.ship(), B.ship());
    order.shows({ state: 'fulfilled', totals: { captured, voided: authorised - captured } });
    const left = prices[0] + prices[1] - captured;
    const rounding = order.rows.filter(({ movement }) => movement === 'rounding');
    expect(rounding.map(({ gross, account }) => [gross, account])).toEqual([[-left, 'main']]);
    expect(sumOf(order, 'transit')).toBe(0);
  }
});

test('what was authorised less than a step below the price is enough, a step below it is not', () => {
  const order = bought(place('KWD', [995], 990)).given(A.ready());
  confirmAll(order).given(A.ship());
  expect(money(order)).toEqual(['A1-c1 990']);
  scenario('A1', stepped)
    .when(shop.place(place('KWD', [995], 980)))
    .refuses('authorisation-too-low');
  scenario('A1', stepped)
    .when(shop.place(place('EUR', [995], 990)))
    .refuses('authorisation-too-low');
});

test('less than a step is asked of nobody: the goods leave, and the next capture brings it', () => {
  const order = bought(place('KWD', [4, 1006], 1010)).when(A.ready());
  order.says('event ready', 'gateway A1-p1 3').ledger('A1-c1 0 confirmed', 'A1-p1 3 requested');
  expect(order.view.capturing.at(-1)).toBe(
    'A1-1: 0.004 KWD is less than what can be captured; 0.004 KWD left out by the amount step',
  );
  order.given(confirmed('A1-p1'), A.ship(), B.ready());
  confirmAll(order);
  expect(money(order)).toEqual(['A1-c1 0', 'A1-c2 1010']);
  expect(between(order)).toEqual(['transit A1-c1 -4', 'transit A1-c2 4']);
  expect(order.rows.filter(({ entry }) => entry === 'A1-c1').every(({ account }) => account === undefined)).toBe(true);
});

describe('refunds', () => {
  const paid = (prices: readonly number[], authorised: number): Scenario =>
    confirmAll(bought(place('KWD', prices, authorised)).given(A.ready(), B.ready())).given(A.ship(), B.ship());

  test('goodwill under a step is a whole step, and the next ones less for it', () => {
    const order = paid([2000, 3000], 5000).given(ops.refund(3), ops.refund(3), ops.refund(3), ops.refund(3));
    confirmAll(order);
    expect(money(order).slice(2)).toEqual(['A1-r1 10', 'A1-r2 0', 'A1-r3 0', 'A1-r4 10']);
    expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, -8]);
  });

  test('never give more than was captured, whatever they are worth', () => {
    const order = paid([1995, 3004], 5000);
    order.shows({ totals: { captured: 4990, voided: 10 } });
    confirmAll(order.given(...returned('R1', '1')));
    confirmAll(order.given(...returned('R2', '2')));
    expect(money(order).slice(3)).toEqual(['A1-r1 1990', 'A1-r2 3000']);
    expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, 0]);
    order.shows({ state: 'closed', totals: { captured: 4990, refunded: 4990 }, parties: { headquarters: 0 } });
  });

  test('of goods that cost less than what captures left out is nothing', () => {
    const order = paid([3, 1006], 1010);
    expect(money(order)).toEqual(['A1-c1 0', 'A1-c2 1000', 'A1-v1 10']);
    confirmAll(order.given(...returned('R1', '1')));
    expect(order.requests.some(({ kind }) => kind === 'refund')).toBe(false);
    expect(money(order).at(-1)).toBe('A1-r1 0');
    expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, -6]);
  });

  test('of two tenders each keeps its step', () => {
    const { payment: card, ...unpaid } = place('KWD', [1995, 3005], 3000);
    if (!card) throw new Error('no card');
    const gift = { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 2003 };
    const order = bought({ ...unpaid, payments: [gift, card] }).given(A.ready(), B.ready());
    confirmAll(order).given(A.ship(), B.ship());
    expect(money(order)).toEqual(['A1-c1 1995', 'A1-c2 8', 'A1-c3 2990', 'A1-v1 10']);
    confirmAll(order.given(...returned('R2', '2')));
    expect(money(order).slice(4)).toEqual(['A1-r1 2990', 'A1-r2 8']);
  });
});

test('what was paid at once less than a step below the price pays for all of it', () => {
  const wanted = place('KWD', [500, 495], 990);
  const order = bought({ ...wanted, payment: { ...paymentOf(wanted), captured: 990 } }).given(A.ready(), B.ready());
  confirmAll(order).given(A.ship(), B.ship());
  expect(money(order)).toEqual(['A1-c1 990', 'A1-c2 0']);
  expect(between(order)).toEqual([
    ...['prepayment A1-c1 990', 'prepayment A1-c1 -500', 'prepayment A1-c1 -490', 'rounding A1-c2 -5'],
  ]);
  order.shows({ state: 'fulfilled', totals: { captured: 990 } });
});

test('a return that pays for it and falls short by less than a step has paid for it', () => {
  const exchange = { order: 'A0', return: 'R1', amount: 3000 };
  const capability = POLICY.capabilityOf('main', 'visa');
  if (!capability) throw new Error('no visa');
  const paying = { account: 'main', method: 'visa', transaction: 'pi_old', authorisedAt: BASE.placedAt };
  const tender = { ...paying, amount: 2998, initiator: 'customer', capability } as const;
  const order = bought({ ...place('KWD', [4995], 1990), exchange }).given(
    told('exchange-paid', { return: 'R1', entry: 'A0-r1', tender }),
    told('exchange-over', { return: 'R1', amount: 2998, reason: 'less came' }),
  );
  order.raises().given(A.ready()).raises();
  expect(money(confirmAll(order))).toEqual(['A1-c1 2998', 'A1-c2 1990']);
  expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, -7]);
});

test('what a refund left out is not taken by the next capture', () => {
  const order = bought(place('KWD', [19, 1001], 1020)).given(A.ready(), confirmed('A1-c1'), A.ship());
  confirmAll(order.given(...returned('R1', '1')));
  confirmAll(order.given(B.ready()));
  expect(money(order)).toEqual(['A1-c1 10', 'A1-r1 10', 'A1-c2 1000', 'A1-v1 10']);
  expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, -1]);
});

test('what is not needed is voided on the step, the rest of it at the end', () => {
  const order = bought(place('KWD', [1995, 3005], 5010)).given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
  expect(money(order)).toEqual(['A1-v1 3000']);
  confirmAll(order.given(A.ready()));
  expect(money(order)).toEqual(['A1-v1 3000', 'A1-c1 1990', 'A1-v2 20']);
});

test('what a failed capture had taken of the others is taken by the next one', () => {
  const order = bought(place('KWD', [1995, 1005, 1000], 4000)).given(A.ready(), confirmed('A1-c1'));
  order.given(B.ready('A1-2', { '2': 1 })).given(failed('A1-c2'));
  order.given(B.ready());
  expect(money(order)).toEqual(['A1-c1 1990', 'A1-c2 1010', 'A1-c3 1000']);
  order.given(confirmed('A1-c3'), ops.retry('A1-c2'));
  confirmAll(order);
  order.shows({ totals: { captured: 4000 } });
});

test('what was left out before is booked with the prepaid money that takes the place of a capture that lapsed', () => {
  const order = bought(place('KWD', [1005, 1005], 2010)).given(A.ready(), confirmed('A1-c1'), B.ready());
  expect(money(order)).toEqual(['A1-c1 1000', 'A1-c2 1010']);
  const late = failed('A1-c2');
  order.given({ ...late, payload: { ...(late.payload as object), code: 'authorisation-expired' } });
  const [request] = order.view.paymentRequests ?? [];
  order.given(ops.paid(request?.amount ?? 0)).raises();
  expect(request?.amount).toBe(1010);
  order.shows({ totals: { captured: 2010 }, fulfilments: [{}, { funded: true }] });
  expect([sumOf(order, 'transit'), auditOf(order), wrongFigures(order)]).toEqual([0, [], []]);
});

/** One unit, whose authorisation ended before anything was taken. */
const ended = (method: 'card' | 'gift-card', price: number, authorised: number): Scenario => {
  const wanted = place('KWD', [price], authorised);
  return scenario('A1', { ...stepped, expiry: DEFAULT_EXPIRY }).given(
    shop.place({ ...wanted, payment: { ...paymentOf(wanted), method } }),
    plan({ 'store-a': { '1': 1 } }),
    reserved('A1-1'),
    { ...timer('expire-authorisation', { tender: 0 }), afterMs: 7 * 24 * 3600_000 },
  );
};

test('the customer is asked for no more than his methods can take', () => {
  const order = ended('card', 1995, 1990).shows({ paymentRequests: [{ amount: 1990, state: 'open' }] });
  confirmAll(order.given(ops.paid(1990, { method: 'card' }), A.ready()).raises());
  order.shows({ totals: { captured: 1990 }, fulfilments: [{ funded: true }] });
});

test('paid is refused where its method can not have taken such an amount', () => {
  const order = ended('gift-card', 1995, 1995).shows({ paymentRequests: [{ amount: 1995, state: 'open' }] });
  order.when(ops.paid(1995, { method: 'card' })).refuses('invalid-payload');
  expect(order.last).toMatchObject({
    refusal: { reason: 'amount: must be a multiple of 0.010 KWD, the finest that card takes' },
  });
  order.when(ops.paid(1980, { method: 'card' })).refuses('wrong-amount');
});

test('paid by a coarser method: less than a step below what is asked is enough, and he never pays above it', () => {
  for (const [amount, goesBack] of [
    [1990, 0],
    [2000, 10],
    [2010, 20],
  ] as const) {
    const order = ended('gift-card', 1995, 1995).given(ops.paid(amount, { method: 'card' }), A.ready());
    confirmAll(order.raises());
    order.shows({ fulfilments: [{ funded: true }], totals: { captured: amount, refunded: goesBack } });
  }
});

test('what an amount step left out is rounded for good when goods that no store has are cancelled', () => {
  const order = scenario('A1', stepped).given(
    shop.place(place('CHF', [1202, 1000], 2200)),
    plan({ 'store-a': { '1': 1 } }),
    reserved('A1-1'),
    A.ready(),
    confirmed('A1-c1'),
  );
  expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([-2, 0]);
  order.given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
  expect([sumOf(order, 'transit'), sumOf(order, 'rounding')]).toEqual([0, -2]);
});
