/** An authorisation that ends before its goods are ready: warned of, acted on by policy, never captured after its time. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import type { ExpiryPolicy } from '../../../actors/order/policies.ts';
import type { Tender } from '../../../actors/order/record.ts';
import type { Capability } from '../../../protocols/capability.ts';
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
/** BASE can be captured for a week from its placement on. */
const WEEK_H = 7 * 24;
const STORED: Partial<Tender> = { credential: 'card_1' };
const AGAIN: Partial<Capability> = { reauthorise: true, validFor: { customer: WEEK_H, merchant: 5 * 24 } };

const inHours = (hours: number): Said => ({
  ...timer('expire-authorisation', { tender: 0 }),
  afterMs: hours * HOUR_MS,
});
const PLACED = Date.parse('2026-11-22T09:00:00Z');
const endingOf = (tender: number, afterMs: number): Said => ({
  ...timer('expire-authorisation', { tender }),
  afterMs,
});
const warns = inHours(WEEK_H - 24);
const acts = inHours(12);

/** BASE, both halves accepted, nothing ready. */
const begun = (
  act: ExpiryPolicy['act'] = 'reauthorise',
  capability: Partial<Capability> = AGAIN,
  more: Partial<Tender> = STORED,
): Scenario =>
  scenario('A1001', { expiry: { ...DEFAULT_EXPIRY, act } })
    .given(shop.place(BASE))
    .withTender(0, capability, more)
    .given(...bothAccept('A1001'));

const asked = (order: Scenario) =>
  order.requests.filter(({ kind }) => kind !== 'payout').map(({ key, amount }) => `${key} ${amount}`);

describe('the timer', () => {
  test('is set a day before the authorisation ends, then half a day, then at its end', () => {
    const order = scenario().when(shop.place(BASE));
    expect(order.expiries).toEqual(['timer authorisation-1 2026-11-28T09:00:00.000Z']);
    expect(begun().when(warns).expiries).toEqual(['timer authorisation-1 2026-11-28T21:00:00.000Z']);
    expect(begun().given(warns).when(acts).expiries).toEqual(['timer authorisation-1 2026-11-29T09:00:00.000Z']);
    expect(begun().given(warns, acts).when(inHours(12)).expiries).toEqual([]);
  });

  test('pain 11: warns, and says how much is not captured', () => {
    const order = begun().given(A.ready(), confirmed('A1001-c1'));
    order.when(warns).says('event authorisation-expiring');
    expect(order.effects[0]).toMatchObject({
      payload: { tender: 'pi_3Px', method: 'visa', captureBefore: '2026-11-29T09:00:00Z', amount: 4166 },
    });
  });

  test('is stopped when nothing is left to capture', () => {
    const order = begun().given(A.ready());
    expect(order.when(B.ready()).expiries).toEqual(['cancel-timer authorisation-1']);
    order.when(warns).ignores();
    expect(begun().when(shop.cancel()).expiries).toEqual(['cancel-timer authorisation-1']);
  });

  test('is set again when a capture fails', () => {
    const order = begun().given(A.ready(), B.ready()).when(failed('A1001-c2'));
    expect(order.expiries).toEqual(['timer authorisation-1 2026-11-28T09:00:00.000Z']);
  });

  test('that comes late catches up', () => {
    begun().when(inHours(WEEK_H)).says('event authorisation-expired', 'gateway A1001-a1 12980');
  });

  test('that comes early is set again, and nothing is said: nothing is over yet', () => {
    const order = begun().when(inHours(WEEK_H - 25));
    order.says();
    expect(order.expiries).toEqual(['timer authorisation-1 2026-11-28T09:00:00.000Z']);
    order.when(inHours(1)).says('event authorisation-expiring');
  });

  test('that is due already is set a moment ahead', () => {
    const payment = { ...paymentOf(BASE), captureBefore: '2026-11-22T09:30:00Z' };
    const order = scenario().when(shop.place({ ...BASE, payment }));
    expect(order.expiries).toEqual(['timer authorisation-1 2026-11-22T09:00:02.000Z']);
  });
});

describe('reauthorise', () => {
  test('pain 10: what is not ready is authorised again with the stored credential, and captured from that', () => {
    const order = begun().given(A.ready(), confirmed('A1001-c1'), warns);
    order.when(acts).says('gateway A1001-a1 4166');
    expect(order.requests.at(-1)).toMatchObject({
      kind: 'reauthorisation',
      credential: 'card_1',
      transaction: 'pi_3Px',
    });
    order.when(confirmed('A1001-a1', WEEK_H * 3600));
    order.says('event reauthorised', 'gateway A1001-v1 4166');
    // As long as a merchant's authorisation lives, not a customer's.
    expect(order.expiries).toEqual(['cancel-timer authorisation-1', 'timer authorisation-2 2026-12-03T09:00:00.000Z']);
    order.when(B.ready()).says('event ready', 'gateway A1001-c2 4166');
    expect(order.requests.at(-1)).toMatchObject({ transaction: 'ref-A1001-a1', notAfter: '2026-12-04T09:00:00.000Z' });
    order.given(confirmed('A1001-c2'), confirmed('A1001-v1'), A.ship(), B.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 12980, voided: 4166, authorised: 12980 + 4166 } });
    expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
  });

  test.each<[string, Partial<Capability>, string[]]>([
    ['of one capture', { captures: 1 }, ['A1001-c1 8814', 'A1001-a1 4166', 'A1001-v1 4166']],
    ['that releases the rest', { partialReleasesRest: true }, ['A1001-c1 8814', 'A1001-a1 4166']],
    ['that captures the whole only', { delayedCapture: 'full' }, ['A1001-c1 12980', 'A1001-a1 4166', 'A1001-r1 4166']],
  ])('a method %s captures what is ready for the last time, the rest is authorised again', (_, capability, all) => {
    const order = begun('reauthorise', { ...AGAIN, ...capability }).given(A.ready(), warns);
    expect(asked(order)).toEqual([]);
    order.when(acts);
    expect(asked(order)).toEqual(all.slice(0, 2));
    order.given(confirmed('A1001-c1'), confirmed('A1001-a1', WEEK_H * 3600));
    expect(asked(order)).toEqual(all);
    order.when(B.ready());
    expect(asked(order).at(-1)).toBe('A1001-c2 4166');
    order.given(A.ship(), confirmed('A1001-c2'), B.ship()).shows({ state: 'fulfilled' });
  });

  test('several parcels that wait are captured together when the authorisation ends', () => {
    const order = scenario('A1', { expiry: DEFAULT_EXPIRY })
      .given(
        shop.place({
          ...BASE,
          lines: BASE.lines.map((line) => ({ ...line, quantity: 2 })),
          payment: { ...paymentOf(BASE), authorised: 26470 },
        }),
      )
      .withTender(0, { ...AGAIN, captures: 1 }, STORED);
    order.given(plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 }, 'store-c': { '1': 1, '2': 1 } }));
    order.given(reserved('A1-1'), reserved('A1-2'), reserved('A1-3'), A.ready(), B.ready(), warns, acts);
    const { ordered } = order.view.totals;
    const [first = '', second = ''] = asked(order);
    const amountOf = (text: string) => Number(text.split(' ')[1]);
    expect(amountOf(first) + amountOf(second)).toBe(ordered);
    expect(order.view.ledger[0]).toMatchObject({ fulfilments: ['A1-1', 'A1-2'] });
  });

  test('is asked once: what the provider refuses stays refused, and the old one is used to its end', () => {
    const order = begun().given(A.ready(), confirmed('A1001-c1'), warns, acts, failed('A1001-a1'));
    order.raises('reauthorisation-failed', 'payment-requested');
    order.given(B.ready());
    expect(asked(order)).toEqual(['A1001-c1 8814', 'A1001-a1 4166', 'A1001-c2 4166']);
  });

  test.each<[string, Partial<Capability>, Partial<Tender>]>([
    ['the method does not allow it', { reauthorise: false }, STORED],
    ['nothing was stored', AGAIN, {}],
  ])('is not asked where %s', (_, capability, more) => {
    const order = begun('reauthorise', capability, more).given(warns, acts);
    expect(asked(order)).toEqual([]);
  });

  test('is asked so often in a row, and then it counts as refused: the customer is asked', () => {
    for (const maxReauthorisations of [0, 1, 3]) {
      const order = scenario('A1001', { expiry: { ...DEFAULT_EXPIRY, maxReauthorisations } })
        .given(shop.place(BASE))
        .withTender(0, AGAIN, STORED)
        .given(warns, acts);
      for (let count = 1; count <= maxReauthorisations; count++) {
        order.given(confirmed(`A1001-a${count}`, (order.now - PLACED) / 1000), confirmed(`A1001-v${count}`));
        order.given(endingOf(count, (5 * 24 - 24) * HOUR_MS), endingOf(count, 12 * HOUR_MS));
      }
      const made = order.requests.filter(({ kind }) => kind === 'reauthorisation');
      expect(made).toHaveLength(maxReauthorisations);
      order
        .raises('payment-requested')
        .shows({ state: 'sourcing', paymentRequests: [{ amount: 12980, state: 'open' }] });
    }
  });

  test('one that fails late has ended: nothing is captured from it', () => {
    const order = begun().given(
      warns,
      acts,
      confirmed('A1001-a1', WEEK_H * 3600),
      failed('A1001-a1', WEEK_H * 3600 + 1),
    );
    order.given({ ...B.ready(), afterMs: 13 * HOUR_MS });
    expect(asked(order)).toEqual(['A1001-a1 12980', 'A1001-v1 12980']);
  });
});

describe('capture early', () => {
  test('takes all of it, pays what gets ready later, and gives back what does not', () => {
    const order = begun('capture-early').given(warns);
    order.when(acts).says('gateway A1001-c1 12980');
    order.when(A.ready()).says('event ready').when(A.ship()).refuses('not-funded');
    expect(order.view.capturing.at(-1)).toBe('A1001-1: awaits funds: all of it is being captured as A1001-c1');
    order.when(confirmed('A1001-c1')).says('event captured', 'event funding', 'gateway A1001-p1 7283');
    order.given(confirmed('A1001-p1'), A.ship());
    order
      .when(B.decline())
      .when(plan({}, { '2': 1 }))
      .says('event unfulfillable', 'gateway A1001-r1 4166', 'event fulfilled');
    order.given(confirmed('A1001-r1')).shows({ state: 'fulfilled', totals: { captured: 12980, refunded: 4166 } });
  });

  test('takes what is ready with the rest, where there is one capture only', () => {
    const order = begun('capture-early', { captures: 1 }).given(A.ready(), warns, acts);
    expect(asked(order)).toEqual(['A1001-c1 12980']);
    order.given(confirmed('A1001-c1'), A.ship(), B.ready(), B.ship()).shows({ state: 'fulfilled' });
  });

  test('that is refused leaves what is ready to be captured by itself', () => {
    const order = begun('capture-early').given(warns, acts, A.ready(), failed('A1001-c1'));
    expect(asked(order)).toEqual(['A1001-c1 12980', 'A1001-c2 8814']);
  });

  test('leaves what was declined to the customer who was asked for it', () => {
    const order = begun('capture-early').given(A.ready(), failed('A1001-c1'), ops.requestPayment('A1001-c1'));
    order.given(warns, acts);
    expect(asked(order)).toEqual(['A1001-c1 8814', 'A1001-c2 4166']);
    expect(order.view.paymentRequests?.map(({ amount, state }) => [amount, state])).toEqual([[8814, 'open']]);
    order.given(confirmed('A1001-c2'), ops.paid(8814), A.ship(), B.ready(), B.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 12980, refunded: 0 } });
  });

  test('never takes money for a held order', () => {
    const order = begun('capture-early').given(ops.hold(), warns, acts);
    expect(asked(order)).toEqual([]);
    order.when(ops.release()).says('event released', 'gateway A1001-c1 12980');
  });
});

describe('release', () => {
  test('captures what is ready, cancels the rest and voids it', () => {
    const order = begun('release', { captures: 1 }).given(A.ready(), warns).when(acts);
    order.says(
      'event lines-cancelled',
      'send release to store store-b',
      'tell store-b withdrawn',
      'event funding',
      'gateway A1001-c1 8814',
    );
    order.when(confirmed('A1001-c1')).says('event captured', 'gateway A1001-v1 4166', 'gateway A1001-p1 7283');
  });

  test('cancels an order of which nothing is ready', () => {
    begun('release')
      .given(warns, acts)
      .shows({ state: 'cancelled', ledger: [{ kind: 'void', amount: 12980 }] });
  });
});

describe('a capture that waited too long to leave', () => {
  const lapsed = (key: string): Said => {
    const said = failed(key);
    return { ...said, payload: { ...(said.payload as object), code: 'authorisation-expired' } };
  };

  test('pain 10: is made again from the new authorisation, not lost', () => {
    const order = begun().given(A.ready(), lapsed('A1001-c1'));
    order.raises('authorisation-expired').when(A.ship()).refuses('not-funded');
    const reason = 'A1001-1: its authorisation ended before it was captured';
    expect(order.last).toMatchObject({ refusal: { reason } });
    order.shows({ fulfilments: [{ state: 'ready', funded: false, funds: 'awaiting-funds' }, {}] });
    expect(asked(order)).toEqual(['A1001-c1 8814', 'A1001-a1 12980']);
    order.when(confirmed('A1001-a1')).says('event reauthorised', 'gateway A1001-c2 8814').raises();
    expect(order.view.fulfilments[0]).not.toHaveProperty('funds');
    order.given(confirmed('A1001-c2'), A.ship(), B.ready(), confirmed('A1001-c3'), B.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 12980 } });
  });

  test('keeps what the gift card paid for the same goods', () => {
    const { payment: _, ...unpaid } = BASE;
    const card = paymentOf(BASE);
    const payments = [
      { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 5000 },
      { ...card, authorised: 7980 },
    ];
    const order = scenario('A1', { expiry: DEFAULT_EXPIRY })
      .given(shop.place({ ...unpaid, payments }))
      .withTender(1, AGAIN, STORED)
      .given(...bothAccept('A1'));
    order.given(A.ready(), confirmed('A1-c1'), lapsed('A1-c2'));
    expect(asked(order)).toEqual(['A1-c1 5000', 'A1-c2 3814', 'A1-a1 7980']);
    order.given(confirmed('A1-a1'), confirmed('A1-c3'), A.ship());
    expect(asked(order).at(-1)).toBe('A1-c3 3814');
    order.shows({ fulfilments: [{ captured: 8814 }, {}], totals: { captured: 8814, refunded: 0 } });
  });

  test('is not made again for units that nobody wants any more', () => {
    const order = begun().given(A.ready(), lapsed('A1001-c1'));
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1001-a1'));
    expect(asked(order).filter((text) => text.includes('-c'))).toEqual(['A1001-c1 8814']);
  });
});
