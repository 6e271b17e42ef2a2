/** The shipping fee goes with captures by the value of their goods: the full fee once anything ships, nothing if nothing does. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import type { OrderPolicy } from '../../../actors/order/record.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  by,
  COMPANY,
  claimed,
  confirmed,
  declared,
  failed,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
} from './scenario.ts';

const { payment: _, ...UNPAID } = BASE;
const CARD = paymentOf(BASE);

function bought(place: Partial<typeof BASE> = {}, policy: Partial<OrderPolicy> = {}): Scenario {
  return scenario('A1', { shipping: 'pro-rata', ...policy }).given(
    shop.place({ ...BASE, ...place }),
    ...bothAccept('A1'),
  );
}

/** Every amount is explained, and is what the gateway moved. */
function adds(order: Scenario): void {
  expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
}

const shippingRows = ({ rows }: Scenario): string[] =>
  rows
    .filter(({ subject }) => subject === 'shipping')
    .map(({ movement, gross, party = 'headquarters', entry }) => `${movement} ${gross} ${party} ${entry}`);

describe('BASE', () => {
  test('each half brings its part of the fee: 3.27 of 4.90 with 83.24 of 124.90, and the rest', () => {
    const order = bought().when(A.ready()).says('event ready', 'gateway A1-c1 8651');
    order.given(confirmed('A1-c1'), confirmed('A1-p1'));
    order.when(B.ready()).says('event ready', 'gateway A1-c2 4329').given(confirmed('A1-c2'), confirmed('A1-p2'));
    order.given(A.ship(), B.ship()).shows({
      state: 'fulfilled',
      totals: { captured: 12980, refunded: 0, voided: 0, attributed: 10928 },
      fulfilments: [{ captured: 8651 }, { captured: 4329 }],
      parties: { headquarters: 2052, 'store-a': 7283, 'store-b': 3645 },
    });
    expect(shippingRows(order)).toEqual(['sale 327 headquarters A1-c1', 'sale 163 headquarters A1-c2']);
    const tax = order.rows.filter(({ subject }) => subject === 'shipping').reduce((sum, row) => sum + row.tax, 0);
    expect(tax).toBe(82);
    adds(order);
  });

  test('whichever is ready first', () => {
    const order = bought().given(B.ready(), A.ready());
    order.ledger('A1-c1 4329 requested', 'A1-c2 8651 requested');
  });

  test('all of it is refunded with a return that says so', () => {
    const order = bought().given(A.ready(), confirmed('A1-c1'), B.ready(), confirmed('A1-c2'), A.ship(), B.ship());
    order.given(declared('R1', { '1': 1 })).given(claimed('R1', { '1': [1, 0] }, { refundShipping: true }));
    order.given(confirmed('A1-r1')).shows({ totals: { refunded: 8324 + 490 } });
    adds(order);
  });

  test('nothing is kept when all of it is cancelled', () => {
    const order = bought().given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'));
    order
      .when(shop.cancel())
      .says(
        'event lines-cancelled',
        'send release to store store-b',
        'tell store-b withdrawn',
        'send release to store store-a',
        'tell store-a withdrawn',
        'gateway A1-r1 8324',
        'gateway A1-r2 327',
        'gateway A1-v1 4329',
        'event cancelled',
      );
    order.given(confirmed('A1-r1'), confirmed('A1-r2'), confirmed('A1-v1'), confirmed('A1-b1'));
    order.shows({ state: 'cancelled', parties: { headquarters: 0, 'store-a': 0 } });
    adds(order);
  });

  test('an order goes by what was configured when it was placed', () => {
    const order = scenario('A1').given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'));
    order.given(A.ready('A1-1', { '1': 1 })).ledger('A1-c1 8814 requested');
  });
});

describe('the rest is cancelled', () => {
  const half = (): Scenario => bought().given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'));

  test('after the last capture: what is missing of the fee is captured alone, and what is left is voided', () => {
    const order = half().given(B.decline());
    order.when(plan({}, { '2': 1 })).shows({ state: 'fulfilling' });
    order.ledger('A1-c1 8651 confirmed', 'A1-p1 7283 confirmed', 'A1-c2 163 requested', 'A1-v1 4166 requested');
    order.given(confirmed('A1-c2'), confirmed('A1-v1'), A.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 8814 }, fulfilments: [{ captured: 8814 }, {}] });
    expect(order.view.capturing.at(-1)).toBe(
      'A1-1: 1.63 EUR captured; the rest of the shipping fee, as nothing else is to come',
    );
    expect(shippingRows(order)).toEqual(['sale 327 headquarters A1-c1', 'sale 163 headquarters A1-c2']);
    adds(order);
  });

  test('and then what was captured too: all of the fee goes back', () => {
    const order = half().given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }), confirmed('A1-v1'));
    order.given(shop.cancel()).given(confirmed('A1-c2'), confirmed('A1-r1'), confirmed('A1-b1'));
    for (const { key, kind } of order.requests) if (kind === 'refund') order.when(confirmed(key));
    order.shows({ state: 'cancelled', totals: { captured: 8814, refunded: 8814 } });
    adds(order);
  });

  test('while the order is held: when it is released', () => {
    const order = half().given(ops.hold(), shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
    order.ledger('A1-c1 8651 confirmed', 'A1-p1 7283 confirmed', 'A1-v1 4166 requested');
    order.when(ops.release()).says('event released', 'gateway A1-c2 163');
  });

  test('while the order is held, and nothing is left that could be: the hold has ended', () => {
    const order = half().given(A.ship(), ops.hold());
    order.given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }), confirmed('A1-c2'));
    order.shows({ state: 'fulfilled', totals: { captured: 8814 } });
    adds(order);
  });

  test('and the authorisation ends while it is held: nobody asks the customer for the rest of a fee', () => {
    const order = bought({}, { expiry: DEFAULT_EXPIRY }).given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'));
    order.given(ops.hold(), shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
    order.given({ ...ops.release(), afterMs: 8 * 24 * 3600_000 }).raises();
    order.given(A.ship()).shows({ state: 'fulfilled', totals: { captured: 8651, open: { capture: 0 } } });
    expect(order.view.paymentRequests).toBeUndefined();
  });

  test('what failed alone is not asked for again', () => {
    const order = half().given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }), confirmed('A1-v1'));
    order.when(failed('A1-c2')).says('event capture-failed', 'gateway A1-v2 163').given(confirmed('A1-v2'));
    order
      .raises('capture-failed')
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 8651 } });
    expect(order.view.attention[0]?.reason).toBe(
      'A1-c2: failed, declined, no; it pays for no goods that are still wanted: nothing asks for it again',
    );
    order.when(ops.retry('A1-c2')).refuses('wrong-state');
  });

  test('before the last capture: that brings what is left of the fee', () => {
    const place = { ...simple(4, 1000), shipping: { amount: 401, taxRate: '0.2' } };
    const order = scenario('A1', { shipping: 'pro-rata' }).given(
      shop.place({ ...place, payment: { ...CARD, authorised: 4401 } }),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 3 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      A.ready(),
      confirmed('A1-c1'),
    );
    order.given(B.shortPick({ '1': 2 }), plan({}, { '1': 2 }), B.ready());
    order.ledger('A1-c1 1100 confirmed', 'A1-p1 875 requested', 'A1-v1 2000 requested', 'A1-c2 1301 requested');
  });
});

describe('a capture fails', () => {
  /** Either half rounds to the whole fee. */
  const odd = (authorised: number): Scenario =>
    scenario('A1', { shipping: 'pro-rata' }).given(
      shop.place({
        ...simple(2, 1000),
        shipping: { amount: 1, taxRate: '0.2' },
        payment: { ...CARD, authorised },
      }),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 1 } }),
      reserved('A1-1'),
      reserved('A1-2'),
    );

  test('its part stays with it, and is asked for again with its goods', () => {
    const order = bought().given(A.ready(), failed('A1-c1'), B.ready(), confirmed('A1-c2'));
    order.when(ops.retry('A1-c1')).says('event asked-again', 'gateway A1-c3 8651');
    order.given(confirmed('A1-c3'), A.ship(), B.ship()).shows({ totals: { captured: 12980 } });
    adds(order);
  });

  test('and its goods are cancelled: the other one has the full fee', () => {
    const order = bought().given(A.ready(), failed('A1-c1'), B.ready(), confirmed('A1-c2'), confirmed('A1-p1'));
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    order.ledger(
      'A1-c1 8651 failed',
      'A1-c2 4329 confirmed',
      'A1-p1 3645 confirmed',
      'A1-c3 327 requested',
      'A1-v1 8324 requested',
    );
  });

  test('late, and what no other goods are to bring is captured alone: the rest comes with it when it is found', () => {
    const place = { ...simple(3, 1000), shipping: { amount: 300, taxRate: '0.2' } };
    const order = scenario('A1', { shipping: 'pro-rata' }).given(
      shop.place({ ...place, payment: { ...CARD, authorised: 3300 } }),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 2 } }),
      ...[reserved('A1-1'), reserved('A1-2'), A.ready(), B.ready('A1-2', { '1': 1 })],
      ...[confirmed('A1-c1'), confirmed('A1-c2'), failedLate('A1-c1', 8000)],
    );
    order.when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    expect(order.requests.slice(-2).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['capture', 100],
      ['void', 1000],
    ]);
    order.given(confirmed('A1-c3'), confirmed('A1-v1'), confirmed('A1-c1', 9000), A.ship(), B.ship('A1-2'));
    order.shows({ state: 'fulfilled', totals: { captured: 2300 } });
    adds(order);
  });

  test('and comes again when another one had the odd minor unit: the fee is not exceeded', () => {
    const order = odd(2001).given(A.ready(), failed('A1-c1'), B.ready());
    order.ledger('A1-c1 1001 failed', 'A1-c2 1001 requested');
    order.when(ops.retry('A1-c1')).says('event asked-again', 'gateway A1-c3 1000');
  });

  test('and could not leave in time: what is prepaid stands in for it, without the odd minor unit', () => {
    const order = odd(2001).given(A.ready());
    const lapsed = failed('A1-c1');
    order.given({ ...lapsed, payload: { ...(lapsed.payload as object), code: 'authorisation-expired' } });
    order.given(B.ready(), ops.paid(2001)).shows({ totals: { captured: 2001 } });
    expect(shippingRows(order)).toEqual(['sale 1 headquarters A1-c2']);
    order.given(A.ship(), B.ship()).shows({ state: 'fulfilled', totals: { refunded: 0, open: { refund: 0 } } });
    adds(order);
  });

  test('and moved after all when another one had the odd minor unit: that goes back', () => {
    const order = odd(3000).given(A.ready(), failed('A1-c1'), B.ready(), confirmed('A1-c2'));
    order.given(confirmed('A1-c1', 9000)).shows({ totals: { captured: 2002, open: { refund: 1 } } });
    expect(shippingRows(order)).toEqual(['sale 1 headquarters A1-c2', 'sale 1 headquarters A1-c1']);
    order.given(confirmed('A1-r1'));
    adds(order);
  });
});

describe('methods', () => {
  test('one that is captured once waits for all, and takes all of the fee', () => {
    const order = bought().withTender(0, { captures: 1 }).given(A.ready());
    order.ledger();
    order.when(B.ready()).says('event ready', 'gateway A1-c1 12980').given(confirmed('A1-c1'));
    order.shows({ fulfilments: [{ captured: 8651 }, { captured: 4329 }] });
    adds(order);
  });

  test('a gift card before a card: the first part of the fee is the gift card’s', () => {
    const gift = { ...CARD, method: 'gift-card', transaction: 'gift_1', authorised: 9000 };
    const order = scenario('A1', { shipping: 'pro-rata' }).given(
      shop.place({ ...UNPAID, payments: [gift, { ...CARD, authorised: 3980 }] }),
      ...bothAccept('A1'),
      A.ready(),
      B.ready(),
    );
    order.ledger('A1-c1 8651 requested', 'A1-c2 349 requested', 'A1-c3 3980 requested');
    order.given(confirmed('A1-c1'), confirmed('A1-c2'), confirmed('A1-c3'));
    expect(shippingRows(order)).toEqual(['sale 327 headquarters A1-c1', 'sale 163 headquarters A1-c2']);
    adds(order);
  });

  test('one that settled at once: a part is earned when its goods are ready, and all of it when the rest is cancelled', () => {
    const order = bought({ payment: { ...CARD, method: 'ideal', captured: 12980 } });
    expect(shippingRows(order)).toEqual([]);
    order.given(A.ready(), confirmed('A1-p1'));
    expect(shippingRows(order)).toEqual(['sale 327 headquarters A1-c1']);
    order.when(shop.cancel({ lines: [{ line: '2', quantity: 1 }] })).shows({ totals: { open: { refund: 4166 } } });
    expect(shippingRows(order)).toEqual(['sale 327 headquarters A1-c1', 'sale 163 headquarters A1-c1']);
    order.given(confirmed('A1-r1'), A.ship()).shows({ state: 'fulfilled', fulfilments: [{ captured: 8814 }, {}] });
    adds(order);
  });

  test('what settled at once is not given away as goodwill while the rest of the fee waits for it', () => {
    const order = bought({ payment: { ...CARD, method: 'ideal', captured: 12980 } }).given(A.ready(), ops.hold());
    order.given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
    order
      .when(ops.refund(8651 + 1))
      .refuses('exceeds-captured')
      .when(ops.refund(8651));
    expect(order.last?.kind).toBe('applied');
  });

  test('one that settled at once gives all back when nothing ships', () => {
    const order = bought({ payment: { ...CARD, method: 'ideal', captured: 12980 } }).given(A.ready(), shop.cancel());
    const back = order.requests.filter(({ kind }) => kind === 'refund').reduce((sum, { amount }) => sum + amount, 0);
    expect(back).toBe(12980);
  });
});

test('what the customer pays when asked brings the part of the goods that it is for', () => {
  const inHours = (hours: number) => ({ ...timer('expire-authorisation', { tender: 0 }), afterMs: hours * 3600_000 });
  const order = bought({}, { expiry: DEFAULT_EXPIRY }).given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'));
  order.given(inHours(6 * 24), inHours(12)).shows({ paymentRequests: [{ amount: 4329, state: 'open' }] });
  order.given(ops.paid(4329), B.ready(), confirmed('A1-p2'), confirmed('A1-v1'), A.ship(), B.ship());
  order.shows({ state: 'fulfilled', totals: { captured: 12980 } });
  expect(shippingRows(order)).toEqual(['sale 327 headquarters A1-c1', 'sale 163 headquarters A1-c2']);
  adds(order);
});

describe('stores that earn the fee', () => {
  const rules = [{ rule: 'all', percent: '0.15', shipping: 'store' as const }];
  const ruleBook = (): RuleBook => ({ versions: [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules }] });
  const sold = (): Scenario =>
    bought({}, { ruleBook })
      .given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'))
      .given(B.ready(), confirmed('A1-c2'), confirmed('A1-p2'));

  test('have what their own goods brought', () => {
    sold().shows({ parties: { headquarters: 1562, 'store-a': 7283 + 327, 'store-b': 3645 + 163 } });
  });

  test('give it back in proportion', () => {
    const order = sold().given(A.ship(), B.ship(), declared('R1', { '1': 1 }));
    order.given(claimed('R1', { '1': [1, 0] }, { refundShipping: true }), confirmed('A1-r1'));
    order.given(confirmed('A1-b1'), confirmed('A1-b2')).shows({ parties: { 'store-a': 0, 'store-b': 3645 } });
    adds(order);
    const goodwill = sold().given(ops.refund(1298), confirmed('A1-r1'));
    const back = goodwill.rows.filter(({ subject, movement }) => subject === 'shipping' && movement === 'refund');
    expect(back.map(({ party, gross }) => [party, gross])).toEqual([
      ['store-a', -33],
      ['store-b', -16],
    ]);
  });

  test('have the part of goods that were cancelled, where they shipped something', () => {
    const order = scenario('A1', { shipping: 'pro-rata', ruleBook }).given(
      shop.place(BASE),
      plan({ 'store-hq': { '1': 1 }, 'store-b': { '2': 1 } }),
      reserved('A1-1', COMPANY),
      reserved('A1-2'),
      by('store-hq').ready(),
      confirmed('A1-c1'),
    );
    order.given(B.ready(), confirmed('A1-c2'), confirmed('A1-p1')).shows({ parties: { 'store-b': 3645 + 163 } });
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-r1'), confirmed('A1-p2'));
    order.shows({ parties: { headquarters: 4166 - 3645, 'store-b': 3645 + 490 } });
    adds(order);
  });

  test('have what one capture brought for several, each its part', () => {
    const order = bought({}, { ruleBook }).withTender(0, { captures: 1 }).given(A.ready(), B.ready());
    order.given(confirmed('A1-c1'), confirmed('A1-p1'), confirmed('A1-p2'));
    order.shows({ parties: { headquarters: 1562, 'store-a': 7283 + 327, 'store-b': 3645 + 163 } });
    adds(order);
  });
});
