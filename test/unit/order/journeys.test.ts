import { describe, expect, test } from 'vitest';
import {
  A,
  assignedBase,
  B,
  BASE,
  by,
  COMPANY,
  claimed,
  confirmed,
  declared,
  failed,
  offered,
  ops,
  plan,
  reserved,
  scenario,
  shop,
  simple,
  told,
  unknown,
} from './scenario.ts';

const C = by('store-c');
const COLLECT = { ...BASE, fulfilment: 'click-and-collect' as const, collectAt: 'store-a' };
const { payment: _, shipping: __, ...UNPAID } = BASE;
const TILL = { ...UNPAID, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };

describe('sourcing', () => {
  test('collect orders are asked of their store, pinned lines of theirs', () => {
    const order = scenario().when(shop.place(COLLECT));
    expect(order.effects[1]).toMatchObject({ question: { lines: [{ store: 'store-a' }, { store: 'store-a' }] } });
    const pinned = { ...BASE, lines: BASE.lines.map((line) => ({ ...line, store: 'store-b' })) };
    const other = scenario().when(shop.place(pinned));
    expect(other.effects[1]).toMatchObject({ question: { lines: [{ store: 'store-b' }, { store: 'store-b' }] } });
  });

  test('an offer waits for a clerk until its time is up, then goes to the next store', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }));
    order.when(offered('A1-1')).says('tell store-a assigned', 'event assigned', 'timer offer-A1-1');
    expect(order.effects[2]).toMatchObject({ at: order.now + 4 * 3600_000, name: 'offer-expired' });
    order
      .when(told('offer-expired', { fulfilment: 'A1-1' }))
      .says('send release to store store-a', 'tell store-a withdrawn', 'event offer-expired', 'source 1×1 2×1')
      .shows({ state: 'sourcing', fulfilments: [{ state: 'declined' }] });
    expect(order.effects[3]).toMatchObject({ question: { excluded: { '1': ['store-a'], '2': ['store-a'] } } });
  });

  test('an accepted offer does not run out', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }), offered('A1-1'));
    order.when(A.accept()).says('cancel-timer offer-A1-1', 'event accepted');
    order.when(told('offer-expired', { fulfilment: 'A1-1' })).ignores();
  });

  test('an offer can get ready at once', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }), offered('A1-1'));
    order.when(A.ready()).says('cancel-timer offer-A1-1', 'event ready', 'gateway A1-c1 12980');
  });

  test('a declined offer goes to the next store; when nobody is left, the part is cancelled and its money voided', () => {
    const order = assignedBase();
    order.when(A.decline()).says('send release to store store-a', 'event declined', 'source 1×1');
    order.given(plan({ 'store-c': { '1': 1 } }), offered('A1001-3'));
    order.given(C.decline());
    expect(order.effects.at(-1)).toMatchObject({ question: { excluded: { '1': ['store-a', 'store-c'] } } });
    order
      .when(plan({}, { '1': 1 }))
      .says('event unfulfillable', 'gateway A1001-v1 8324')
      .raises('no-store-can-fulfil')
      .shows({ state: 'fulfilling', lines: [{ cancelled: 1 }, { cancelled: 0 }] });
    order.given(B.ready(), confirmed('A1001-c1'), B.ship(), confirmed('A1001-v1'));
    order.shows({ state: 'fulfilled', totals: { captured: 4656, voided: 8324 } });
  });

  test('a store that can not reserve is passed over in silence', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }));
    order.when(told('reserve-refused', { fulfilment: 'A1-1', reason: 'no stock' })).says('source 1×1 2×1');
    order.when(told('reserve-refused', { fulfilment: 'A1-1', reason: 'no stock' })).ignores();
  });

  test('only the lines that a store has too few for go elsewhere, the others are asked of it again', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }));
    order.when(told('reserve-refused', { fulfilment: 'A1-1', reason: 'too few', short: ['2'] }));
    expect(order.effects.at(-1)).toMatchObject({ question: { excluded: { '2': ['store-a'] } } });
  });

  test('what is missing when picking is sourced elsewhere, the rest goes on', () => {
    const order = scenario().given(
      shop.place(simple(3, 1000)),
      plan({ 'store-a': { '1': 3 } }),
      reserved('A1-1'),
      A.ready('A1-1', { '1': 2 }),
    );
    order.when(A.shortPick({ '1': 1 })).says('send short to store store-a', 'event short-picked', 'source 1×1');
    order.shows({ state: 'sourcing', fulfilments: [{ state: 'ready', lines: [{ line: '1', quantity: 2 }] }] });
    order.given(plan({ 'store-b': { '1': 1 } }), reserved('A1-2', COMPANY));
    order.when(B.ready()).says('event ready', 'gateway A1-c2 1000');
  });

  test('nothing to pick for a collect order is cancelled: nobody else may fulfil it', () => {
    const order = scenario().given(shop.place(COLLECT), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'));
    order
      .when(A.shortPick({ '1': 1, '2': 1 }))
      .says(
        'send short to store store-a',
        'event short-picked',
        'event unfulfillable',
        'gateway A1-v1 12980',
        'event cancelled',
      )
      .raises('no-store-can-fulfil', 'no-store-can-fulfil')
      .shows({ state: 'cancelled', fulfilments: [{ state: 'cancelled' }] });
  });

  test('stock that a count did not find is sourced elsewhere', () => {
    const order = assignedBase();
    order
      .when(told('stock-lost', { fulfilment: 'A1001-1', lines: [{ line: '1', quantity: 1 }] }))
      .says('tell store-a withdrawn', 'event stock-lost', 'source 1×1')
      .shows({ fulfilments: [{ state: 'cancelled' }, { state: 'accepted' }] });
  });

  test('what was cancelled while sourcing thought is not offered', () => {
    const order = scenario().given(shop.place(simple(3, 1000)), shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    order.when(plan({ 'store-a': { '1': 3 } }));
    expect(order.effects[0]).toMatchObject({ name: 'reserve', payload: { lines: [{ line: '1', quantity: 2 }] } });
    order.when(reserved('A1-1')).shows({ fulfilments: [{ lines: [{ quantity: 2 }] }] });
    const gone = scenario().given(shop.place(BASE), shop.cancel());
    gone.when(plan({ 'store-a': { '1': 1, '2': 1 } })).ignores();
  });

  test('what a store has not reserved yet is shown to nobody: who sees an offer may answer it', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }));
    expect(order.view.fulfilments).toEqual([]);
    order.given(reserved('A1-2')).shows({ fulfilments: [{ fulfilment: 'A1-2', state: 'accepted', captured: 0 }] });
    order.given(reserved('A1-1')).shows({ fulfilments: [{ fulfilment: 'A1-1' }, { fulfilment: 'A1-2' }] });
  });

  test('what was cancelled while the store reserved is released when it has', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }));
    order.when(shop.cancel()).says('event lines-cancelled', 'gateway A1-v1 12980', 'event cancelled');
    order.when(reserved('A1-1')).says('send release to store store-a').shows({ state: 'cancelled' });
    const part = scenario().given(shop.place(simple(3, 1000)), plan({ 'store-a': { '1': 3 } }));
    part.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    part.when(reserved('A1-1')).says('send release to store store-a', 'tell store-a assigned', 'event assigned');
    expect(part.effects[0]).toMatchObject({ payload: { lines: [{ line: '1', sku: 'S', quantity: 1 }] } });
  });

  test('a held order offers nothing new, and goes on where it was when it is released', () => {
    const order = assignedBase().given(ops.hold(), A.decline()).shows({ state: 'held' });
    order.when(plan({ 'store-c': { '1': 1 } })).ignores();
    order.when(ops.release()).says('event released', 'source 1×1').shows({ state: 'sourcing' });
  });
});

describe('collecting', () => {
  test('click and collect is captured when ready and collected when captured', () => {
    const order = scenario().given(shop.place(COLLECT), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'));
    order.given(A.ready()).when(A.collect()).refuses('not-funded');
    order.given(confirmed('A1-c1'));
    order
      .when(A.collect())
      .says(
        'send hand-over to store store-a',
        'event handed-over',
        'cancel-timer not-collected-A1-1',
        'event fulfilled',
      )
      .shows({ state: 'fulfilled' });
    expect(order.effects[1]).toMatchObject({ payload: { by: 'customer' } });
  });

  test('a franchise that sells at its till owes the commission', () => {
    const order = scenario().given(
      shop.place(TILL),
      plan({ 'store-a': { '1': 1, '2': 1 } }),
      reserved('A1-1'),
      A.ready(),
    );
    order.shows({ ledger: [] });
    order
      .when(
        A.sell([
          ['1', 1, 8324],
          ['2', 1, 4166],
        ]),
      )
      .says(
        'send hand-over to store store-a',
        'event sold',
        'cancel-timer reservation-expired-A1-1',
        'gateway A1-b1 1562',
        'event fulfilled',
      )
      .shows({
        state: 'fulfilled',
        totals: { authorised: 0, captured: 12490 },
        parties: { headquarters: 0, 'store-a': 12490 },
      });
    order.given(confirmed('A1-b1')).shows({ parties: { headquarters: 1562, 'store-a': 10928 } });
  });

  test('what a company store sells is headquarters’ money', () => {
    const order = scenario().given(
      shop.place(TILL),
      plan({ 'store-a': { '1': 1, '2': 1 } }),
      reserved('A1-1', COMPANY),
    );
    order
      .when(
        A.sell([
          ['1', 1, 8324],
          ['2', 1, 4166],
        ]),
      )
      .says(
        'send hand-over to store store-a',
        'event sold',
        'cancel-timer reservation-expired-A1-1',
        'event fulfilled',
      );
    order.shows({ parties: { headquarters: 12490 } });
  });

  test('what the customer does not want at the till goes back to the shelf', () => {
    const order = scenario().given(
      shop.place(TILL),
      plan({ 'store-a': { '1': 1, '2': 1 } }),
      reserved('A1-1', COMPANY),
    );
    order
      .when(A.sell([['1', 1, 8000]]))
      .says(
        'send hand-over to store store-a',
        'send release to store store-a',
        'event sold',
        'cancel-timer reservation-expired-A1-1',
        'event fulfilled',
      )
      .shows({ state: 'fulfilled', totals: { captured: 8000 }, lines: [{ handedOver: 1 }, { cancelled: 1 }] });
  });

  test('a till sale is refunded at the till that made it, anywhere else by hand', () => {
    const sold = () =>
      scenario().given(
        shop.place(TILL),
        plan({ 'store-a': { '1': 1, '2': 1 } }),
        reserved('A1-1'),
        A.sell([
          ['1', 1, 8324],
          ['2', 1, 4166],
        ]),
        confirmed('A1-b1'),
        declared('R1', { '1': 1 }),
      );
    sold()
      .when(claimed('R1', { '1': [1, 0] }, { store: 'store-a' }))
      .says('event refunded', 'gateway A1-p1 1041')
      .given(confirmed('A1-p1'))
      .shows({ totals: { captured: 12490, refunded: 8324 }, parties: { headquarters: 521, 'store-a': 3645 } });
    sold()
      .when(claimed('R1', { '1': [1, 0] }))
      .says('event refund-by-hand')
      .raises('refund-by-hand');
  });
});

describe('cancelling', () => {
  test('before it is ready, the money is voided and the stock released', () => {
    const order = assignedBase();
    order
      .when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }))
      .says(
        'event lines-cancelled',
        'send release to store store-a',
        'tell store-a withdrawn',
        'gateway A1001-v1 8324',
      );
  });

  test('after its capture, the money is refunded and the share comes back', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'));
    order
      .when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }))
      .says(
        'event lines-cancelled',
        'send release to store store-a',
        'tell store-a withdrawn',
        'gateway A1001-r1 8324',
      );
    order.when(confirmed('A1001-r1')).says('event refunded', 'gateway A1001-b1 7283');
    order.given(confirmed('A1001-b1'), B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), B.ship());
    order.shows({ state: 'fulfilled', parties: { headquarters: 490 + 521, 'store-a': 0, 'store-b': 3645 } });
  });

  test('everything cancelled after a capture gives the shipping fee back too', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), shop.cancel());
    order.shows({ state: 'cancelled' });
    order.given(confirmed('A1001-r1'), confirmed('A1001-r2'), confirmed('A1001-v1'), confirmed('A1001-b1'));
    order.shows({ totals: { captured: 8814, refunded: 8814, voided: 4166, attributed: 0 } });
  });

  test('units that wait go first, then open ones, then ready ones; the newest fulfilment first', () => {
    const order = scenario().given(
      shop.place(simple(4, 1000)),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '1': 1 }, 'store-c': { '1': 1 } }),
      reserved('A1-1'),
      reserved('A1-2'),
      reserved('A1-3'),
      C.ready(),
    );
    const one = shop.cancel({ lines: [{ line: '1', quantity: 1 }] });
    order.given(one).shows({ state: 'fulfilling' });
    order.given(one).shows({ fulfilments: [{ state: 'accepted' }, { state: 'cancelled' }, { state: 'ready' }] });
    order.given(one).shows({ fulfilments: [{ state: 'cancelled' }, { state: 'cancelled' }, { state: 'ready' }] });
    order.given(one).shows({ state: 'cancelled' });
  });

  test('while the capture is in flight nothing is sent until it is known, then exactly one of the two', () => {
    const cancelled = () =>
      assignedBase()
        .given(A.ready())
        .when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    const order = cancelled().says('event lines-cancelled', 'send release to store store-a', 'tell store-a withdrawn');
    order.when(unknown('A1001-c1')).says('event capture-unknown').raises('capture-unknown');
    order.when(confirmed('A1001-c1')).says('event captured', 'gateway A1001-r1 8324').raises();
    cancelled().when(failed('A1001-c1')).says('event capture-failed', 'gateway A1001-v1 8324');
  });

  test('units whose capture is in flight are not refunded out of another capture', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), B.ready());
    order
      .when(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }))
      .says('event lines-cancelled', 'send release to store store-b', 'tell store-b withdrawn');
    order.when(failed('A1001-c2')).says('event capture-failed', 'gateway A1001-v1 4166');
  });

  test('goodwill on units that are cancelled afterwards is not paid twice', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), ops.refund(1000, '1'));
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    order.shows({ ledger: [{}, {}, { entry: 'A1001-r1', amount: 1000 }, { entry: 'A1001-r2', amount: 7324 }] });
  });

  test('a capture that is told failed and then confirmed after all is refunded when its goods were cancelled', () => {
    const order = assignedBase().given(A.ready(), failed('A1001-c1', 100));
    order.when(confirmed('A1001-c1', 200)).shows({ totals: { captured: 8814 } });
    order
      .when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }))
      .says(
        ...[
          'event lines-cancelled',
          'send release to store store-a',
          'tell store-a withdrawn',
          'gateway A1001-r1 8324',
        ],
      );
  });
});
