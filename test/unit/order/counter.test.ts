/** What happens at the counter of a store, and what happens when nobody comes. */
import { describe, expect, test } from 'vitest';
import {
  A,
  BASE,
  claimed,
  confirmed,
  declared,
  failed,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  timer,
} from './scenario.ts';

const COLLECT = { ...BASE, fulfilment: 'click-and-collect' as const, collectAt: 'store-a' };
const { payment: _, shipping: __, ...UNPAID } = BASE;
const TILL = { ...UNPAID, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };
const HOUR_MS = 3600_000;

const given = (place: typeof COLLECT | typeof TILL): Scenario =>
  scenario().given(shop.place(place), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'));
/** Ready; captured and paid out where there is a payment. */
const atTheCounter = (): Scenario => given(COLLECT).given(A.ready(), confirmed('A1-c1'), confirmed('A1-p1'));
const notCollected = timer('not-collected', { fulfilment: 'A1-1' });
const reservationExpired = timer('reservation-expired', { fulfilment: 'A1-1' });

describe('items refused at collection', () => {
  test('go back to the shelf and are refunded at once; the rest leaves', () => {
    const order = atTheCounter();
    order
      .when(A.collect(undefined, { '1': 1 }))
      .says(
        'send hand-over to store store-a',
        'send release to store store-a',
        'event handed-over',
        'event items-refused',
        'cancel-timer not-collected-A1-1',
        'gateway A1-r1 4166',
        'event fulfilled',
      )
      .shows({ state: 'fulfilled', lines: [{ handedOver: 1 }, { handedOver: 0, cancelled: 1 }] });
    order.given(confirmed('A1-r1'), confirmed('A1-b1'));
    order.shows({ totals: { refunded: 4166 }, parties: { headquarters: 1531, 'store-a': 7283 } });
  });

  test('may be all of them: the order comes to nothing, shipping fee included', () => {
    const order = atTheCounter().given(A.collect('A1-1', {}));
    order.shows({ state: 'cancelled', fulfilments: [{ state: 'cancelled' }] });
    order.given(confirmed('A1-r1'), confirmed('A1-r2'), confirmed('A1-b1'));
    order.shows({ totals: { captured: 12980, refunded: 12980, attributed: 0 } });
  });

  test('need no money: who takes nothing does not wait for a capture, and is never charged twice', () => {
    const order = given(COLLECT).given(A.ready(), A.collect('A1-1', {})).shows({ state: 'cancelled' });
    order.when(failed('A1-c1')).says('event capture-failed', 'gateway A1-v1 12980');
  });
});

describe('goods of click and collect', () => {
  test('wait from ready on', () => {
    const order = given(COLLECT)
      .when(A.ready(undefined, { '1': 1 }))
      .says('event ready', 'gateway A1-c1 8814');
    order.when(A.ready());
    expect(order.effects).toContainEqual(
      expect.objectContaining({ effect: 'timer', name: 'not-collected', at: order.now + 168 * HOUR_MS }),
    );
  });

  test('that nobody collects are released and refunded', () => {
    atTheCounter()
      .when(notCollected)
      .says(
        'send release to store store-a',
        'tell store-a withdrawn',
        'event not-collected',
        'gateway A1-r1 12490',
        'gateway A1-r2 490',
        'event cancelled',
      )
      .shows({ state: 'cancelled', lines: [{ cancelled: 1 }, { cancelled: 1 }] });
  });

  test('that nobody collects and nobody could pay are voided', () => {
    const order = given(COLLECT).given(A.ready(), failed('A1-c1'));
    order.when(notCollected);
    expect(order.requests.at(-1)).toMatchObject({ kind: 'void', amount: 12980 });
    order.shows({ state: 'cancelled' });
  });

  test('that are ready in part wait for the store: the customer’s time runs once it has said what becomes of the rest', () => {
    const order = given(COLLECT).given(A.ready(undefined, { '1': 1 }), confirmed('A1-c1'), confirmed('A1-p1'));
    const after = { ...notCollected, afterMs: 30 * 24 * HOUR_MS };
    order.when(after).ignores().when(A.collect()).refuses('wrong-state');
    const reason = 'A1-1 is partly ready: get the rest ready, or say what is missing with short-pick';
    expect(order.last).toMatchObject({ refusal: { reason } });
    order.when(A.shortPick({ '2': 1 }));
    expect(order.effects.at(-1)).toMatchObject({ timer: 'not-collected-A1-1', at: order.now + 168 * HOUR_MS });
    order.given(A.collect()).shows({ state: 'fulfilled', lines: [{ handedOver: 1 }, { cancelled: 1 }] });
  });

  test('that left, or are held, do not run out', () => {
    atTheCounter().given(A.collect()).when(notCollected).ignores();
    const held = atTheCounter().when(ops.hold()).says('event held', 'cancel-timer not-collected-A1-1');
    held.when(notCollected).ignores();
    held.when(ops.release()).says('event released', 'timer not-collected-A1-1');
  });
});

describe('a reservation', () => {
  test('runs from accepted on, and releases the stock', () => {
    const order = scenario().given(shop.place(TILL), plan({ 'store-a': { '1': 1, '2': 1 } }));
    order.when(reserved('A1-1')).says('tell store-a assigned', 'event assigned', 'timer reservation-expired-A1-1');
    expect(order.effects[2]).toMatchObject({ at: order.now + 48 * HOUR_MS });
    order.when(A.ready()).says('event ready');
    order
      .when(reservationExpired)
      .says('send release to store store-a', 'tell store-a withdrawn', 'event reservation-expired', 'event cancelled')
      .shows({ state: 'cancelled', fulfilments: [{ state: 'cancelled' }] });
  });

  test('that was sold does not run out', () => {
    given(TILL)
      .given(A.sell([['1', 1, 8324]]))
      .when(reservationExpired)
      .ignores();
  });
});

describe('a late till ticket', () => {
  const late = (): Scenario => given(TILL).given(reservationExpired);

  test('is money that was taken: it is booked, the goods are gone, and a person is told', () => {
    const order = late();
    order
      .when(A.sell([['1', 1, 8324]]))
      .says('send late-hand-over to store store-a', 'event sold', 'gateway A1-b1 1041', 'event fulfilled')
      .raises('late-ticket')
      .shows({
        state: 'fulfilled',
        fulfilments: [{ state: 'handed-over', lines: [{ line: '1', quantity: 1 }] }],
        lines: [
          { handedOver: 1, cancelled: 0 },
          { handedOver: 0, cancelled: 1 },
        ],
        totals: { captured: 8324 },
      });
    expect(order.effects[1]).toMatchObject({ payload: { late: true, ticket: 'T-1', cancelled: [] } });
  });

  test('comes back like any other sale', () => {
    const order = late().given(
      A.sell([
        ['1', 1, 8324],
        ['2', 1, 4166],
      ]),
      confirmed('A1-b1'),
      declared('R1', { '1': 1 }),
    );
    order.when(claimed('R1', { '1': [1, 0] }, { store: 'store-a' })).says('event refunded', 'gateway A1-p1 1041');
  });

  test('of goods that come back by mail is paid by a person: no customer stands at the till', () => {
    const order = late().given(
      A.sell([
        ['1', 1, 8324],
        ['2', 1, 4166],
      ]),
      confirmed('A1-b1'),
      declared('R1', { '1': 1 }),
    );
    order.when(claimed('R1', { '1': [1, 0] }, { store: 'store-a', byMail: true }));
    expect(order.view.attention.map(({ code }) => code)).toContain('refund-by-hand');
    expect(order.view.totals.refunded).toBe(0);
    order.given(ops.settleRefund('A1-owed-1')).shows({ totals: { refunded: 8324 } });
    const back = order.rows.filter(({ movement }) => movement === 'refund');
    expect(back).toMatchObject([{ gross: -8324, takenBackBy: 'store-a', gatewayReference: 'transfer-17' }]);
  });

  test('of an order that is held meanwhile is booked too', () => {
    const both = { 'store-a': { '1': 1 } };
    const order = scenario().given(shop.place(TILL), plan(both), reserved('A1-1'), reservationExpired, ops.hold());
    order.given(A.sell([['1', 1, 8324]], undefined, 'A1-1')).shows({ state: 'held', totals: { captured: 8324 } });
  });

  test('of an order whose other goods came back all opens it again', () => {
    const order = scenario().given(
      shop.place(TILL),
      plan({ 'store-a': { '1': 1 } }),
      plan({ 'store-a': { '2': 1 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      reservationExpired,
      A.sell([['2', 1, 4166]], undefined, 'A1-2'),
      confirmed('A1-b1'),
      declared('R1', { '2': 1 }),
      claimed('R1', { '2': [1, 0] }, { store: 'store-a' }),
      confirmed('A1-p1'),
    );
    order
      .shows({ state: 'closed' })
      .given(A.sell([['1', 1, 8324]]))
      .shows({ state: 'fulfilled' });
  });
});
