/** What the provider takes back after it said yes, and takes after all: told in any order, applied once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  A,
  assignedBase,
  B,
  confirmed,
  failed,
  failedLate,
  ops,
  plan,
  type Said,
  type Scenario,
  shop,
} from './scenario.ts';

const handedOver = (): Scenario =>
  assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship());

describe('pain 12: a capture that fails after the goods left', () => {
  test('takes the parties back, says that funds are lost, and leaves the goods where they are', () => {
    const order = handedOver();
    order.when(failedLate('A1001-c1')).says('event capture-failed', 'gateway A1001-b1 7283').raises('funds-lost');
    order.given(confirmed('A1001-b1')).shows({
      fulfilments: [{ state: 'handed-over' }, { state: 'accepted' }],
      totals: { captured: 0, attributed: 0 },
      parties: { headquarters: 0, 'store-a': 0 },
    });
    order.when(ops.retry('A1001-c1')).refuses('may-have-moved');
  });

  test('and is taken after all restores the parties once', () => {
    const order = handedOver().given(failedLate('A1001-c1'), confirmed('A1001-b1'));
    order.when(confirmed('A1001-c1', 9000)).says('event captured', 'gateway A1001-p2 7283').raises();
    order.when(confirmed('A1001-c1', 9000)).ignores();
    order.given(confirmed('A1001-p2'));
    order.shows({ parties: { headquarters: 1531, 'store-a': 7283 }, fulfilments: [{ state: 'handed-over' }, {}] });
  });

  test('and is taken before anything was pulled back leaves everything as it was', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), A.ship(), failedLate('A1001-c1'));
    order.when(confirmed('A1001-c1', 9000)).says('event captured').raises();
    order.given(confirmed('A1001-p1')).shows({ parties: { headquarters: 1531, 'store-a': 7283 } });
  });

  test('pain 13: a failure that is told after the recapture does not undo it', () => {
    const order = handedOver();
    order.when(confirmed('A1001-c1', 9000)).says();
    order.when(failedLate('A1001-c1', 7200)).ignores().raises();
    order.shows({ totals: { captured: 8814 } });
  });

  test.each([
    ['the yes', [confirmed('A1001-c1', 5000), failedLate('A1001-c1', 5000)]],
    ['the failure', [failedLate('A1001-c1', 5000), confirmed('A1001-c1', 5000)]],
  ])('told of the same instant as its yes has failed, where %s is told first', (_, news) => {
    const order = assignedBase().given(A.ready());
    for (const said of news) order.when(said);
    order.shows({ totals: { captured: 0 } }).raises('capture-failed');
    expect(order.view.ledger[0]).toMatchObject({ entry: 'A1001-c1', state: 'failed' });
  });

  test('keeps its part of the authorisation and its shipping fee: it may be taken after all', () => {
    const order = handedOver().given(failedLate('A1001-c1'), confirmed('A1001-b1'));
    order.when(B.ready()).says('event ready', 'gateway A1001-c2 4166');
    order.given(confirmed('A1001-c1', 9000), confirmed('A1001-c2'));
    order.shows({ totals: { captured: 12980, authorised: 12980, refunded: 0 } });
  });

  test('and so does one that a look-up said to have failed, before the provider told of it by itself', () => {
    const order = assignedBase().given(A.ready(), failed('A1001-c1'));
    order.given(failedLate('A1001-c1'));
    order.when(ops.retry('A1001-c1')).refuses('may-have-moved');
  });

  test('and what was never captured beside it is voided all the same', () => {
    const order = handedOver().given(failedLate('A1001-c1'), confirmed('A1001-b1'), B.decline());
    order.when(plan({}, { '2': 1 })).says('event unfulfillable', 'gateway A1001-v1 4166', 'event fulfilled');
  });
});

test('pain 15: a capture that comes back after the order was cancelled is given back, never kept', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), failedLate('A1001-c1'));
  order.given(confirmed('A1001-b1'));
  order.when(shop.cancel()).shows({ state: 'cancelled', totals: { refunded: 0 } });
  order.given(confirmed('A1001-v1'));
  order.when(confirmed('A1001-c1', 9000)).says('event captured', 'gateway A1001-r1 8324', 'gateway A1001-r2 490');
  order.given(confirmed('A1001-r1'), confirmed('A1001-r2'));
  order.shows({ totals: { captured: 8814, refunded: 8814, voided: 4166 }, parties: { headquarters: 0, 'store-a': 0 } });
});

describe('pain 15: an order that is cancelled while its capture is in flight', () => {
  const cancelled = (): Scenario => assignedBase().given(A.ready(), shop.cancel());

  test('sends nothing of that part until the capture is known, then exactly one of refund and void', () => {
    cancelled().ledger('A1001-c1 8814 requested', 'A1001-v1 4166 requested');
    const taken = cancelled().given(confirmed('A1001-c1'));
    expect(refundedAndVoided(taken)).toEqual([8814, 4166]);
    const refused = cancelled().given(failed('A1001-c1'));
    expect(refundedAndVoided(refused)).toEqual([0, 12980]);
  });
});

function refundedAndVoided(order: Scenario): [number, number] {
  const sum = (of: string) =>
    order.requests.filter(({ kind }) => kind === of).reduce((total, { amount }) => total + amount, 0);
  return [sum('refund'), sum('void')];
}

test('whatever order the news of a capture comes in, and however often, the latest word holds', () => {
  const news: Said[] = [confirmed('A1001-c1', 100), failedLate('A1001-c1', 200), confirmed('A1001-c1', 300)];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 8 }), (sequence) => {
      const order = assignedBase().given(A.ready());
      for (const index of sequence) {
        const said = news[index];
        if (said) order.when(said);
        settleStores(order);
      }
      const last = Math.max(...sequence);
      const isTaken = last !== 1;
      expect(order.view.totals).toMatchObject({ captured: isTaken ? 8814 : 0, attributed: isTaken ? 7283 : 0 });
      expect(order.view.attention.map(({ code }) => code)).toEqual(isTaken ? [] : ['capture-failed']);
    }),
    { numRuns: 60, seed: 20261122 },
  );
});

/** Stores' money goes through at once. */
function settleStores(order: Scenario): void {
  for (;;) {
    const open = order.view.ledger.find(({ party, state }) => party !== 'customer' && state === 'requested');
    if (!open) return;
    order.when(confirmed(open.entry, 400));
  }
}
