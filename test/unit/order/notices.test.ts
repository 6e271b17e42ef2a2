/** What a provider tells by itself: doubled, out of order, before the order asked or is there, or of something else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAbsent } from '../../../actors/chart.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  by,
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
  unknown,
} from './scenario.ts';

type Notice = OrderCommands['notify'];

const START = Date.parse('2026-11-22T09:00:00Z');
const second = (of: number): string => new Date(START + of * 1000).toISOString();

const CAPTURED: Notice = {
  key: 'A1001-c1',
  kind: 'capture',
  outcome: 'confirmed',
  gatewayReference: 'ch_1',
  amount: 8814,
  currency: 'EUR',
  at: second(5),
};
const { key: _, ...NAMELESS } = CAPTURED;
const ON_TRANSACTION: Notice = { ...NAMELESS, transaction: 'pi_3Px' };

const provider = by('gateway-main');
const tells = (changes: Partial<Notice> = {}): Said => provider.notify({ ...CAPTURED, ...changes });
const unclaimed: Said = { name: 'notices-unclaimed', payload: {}, sender: { kind: 'timer' } };

describe('a notice', () => {
  test('says when in any offset, and is told of in UTC', () => {
    const order = assignedBase().given(A.ready());
    order.when(tells({ amount: 5000, at: '2026-11-22T10:00:05+01:00' }));
    const payload = { at: '2026-11-22T09:00:05.000Z' };
    expect(order.effects[0]).toMatchObject({ name: 'gateway-mismatch', payload });
  });

  test('confirms what was asked for, and what the gateway says of it afterwards is nothing new', () => {
    const order = assignedBase().given(A.ready());
    order.when(tells()).says('event captured', 'gateway A1001-p1 7283');
    order.when(confirmed('A1001-c1', 4)).ignores();
    order.shows({ ledger: [{ entry: 'A1001-c1', state: 'confirmed', gatewayReference: 'ch_1' }, {}] });
  });

  test('pain 1: by webhook and by answer, in any order, a capture is one capture', () => {
    const news = [tells(), tells(), unknown('A1001-c1', 3), confirmed('A1001-c1', 4), tells({ at: second(6) })];
    fc.assert(
      fc.property(fc.shuffledSubarray(news, { minLength: news.length }), (shuffled) => {
        const order = assignedBase().given(A.ready());
        for (const said of shuffled) order.when(said);
        expect(order.requests.map(({ key }) => key)).toEqual(['A1001-c1', 'A1001-p1']);
        expect(order.view.totals.captured).toBe(8814);
      }),
      { numRuns: 60, seed: 20261122 },
    );
  });

  test('pain 13: dated before an earlier one does not undo it', () => {
    const order = assignedBase().given(A.ready(), tells({ outcome: 'failed', at: second(7) }));
    order
      .when(tells({ at: second(5) }))
      .says()
      .ledger('A1001-c1 8814 failed');
    order
      .when(tells({ at: second(9) }))
      .says('event captured', 'gateway A1001-p1 7283')
      .raises();
  });

  test('of what failed late takes the parties back, as the gateway would', () => {
    const order = assignedBase().given(A.ready(), tells(), confirmed('A1001-p1'), A.ship());
    order.when(tells({ outcome: 'failed', at: second(9), code: 'chargeback' }));
    order.says('event capture-failed', 'gateway A1001-b1 7283').raises('funds-lost');
  });

  test('without a key is of the only entry on that transaction that it can be of', () => {
    const order = assignedBase().given(A.ready());
    order.when(provider.notify(ON_TRANSACTION)).says('event captured', 'gateway A1001-p1 7283');
    order.when(provider.notify({ ...ON_TRANSACTION, outcome: 'failed', at: second(9) }));
    order.says('event capture-failed').ledger('A1001-c1 8814 failed', 'A1001-p1 7283 requested');
  });

  test('that several entries could be of waits until one is left', () => {
    const line = { line: '1', sku: 'S', quantity: 2, unitPrice: 5000, taxRate: '0.2' };
    const { discount: __, shipping: ___, ...rest } = BASE;
    const place = { ...rest, lines: [line], payment: { ...paymentOf(BASE), authorised: 10000 } };
    const order = scenario().given(shop.place(place), plan({ 'store-a': { '1': 2 } }), reserved('A1-1'));
    order.given(A.ready('A1-1', { '1': 1 }), A.ready('A1-1'));
    order.when(provider.notify({ ...ON_TRANSACTION, amount: 5000 })).raises('gateway-mismatch');
    order.when(failed('A1-c1')).says('event capture-failed', 'event captured', 'gateway A1-p1 4375');
    order.ledger('A1-c1 5000 failed', 'A1-c2 5000 confirmed', 'A1-p1 4375 requested').raises('capture-failed');
  });
});

test('a notice of what failed before is not one of what asks again later', () => {
  const later = (said: Said): Said => ({ ...said, afterMs: 10_000 });
  const order = assignedBase().given(A.ready(), failed('A1001-c1', 1), ops.retry('A1001-c1'), failed('A1001-c2', 2));
  const { gatewayReference: _, ...declined } = ON_TRANSACTION;
  order
    .when(provider.notify({ ...declined, outcome: 'failed', at: second(2) }))
    .raises('capture-failed', 'gateway-mismatch');
  order
    .when(later(ops.retry('A1001-c2')))
    .ledger('A1001-c1 8814 failed', 'A1001-c2 8814 failed', 'A1001-c3 8814 requested');
});

describe('a notice that differs', () => {
  test.each([
    ['amount', 'amount 88.15 EUR, the order asked for 88.14 EUR', { amount: 8815 }],
    ['currency', 'currency USD, the order asked for EUR', { currency: 'USD' }],
    ['kind', 'kind refund, the order asked for capture', { kind: 'refund' }],
  ] as const)('in its %s changes no money, and a person is told', (_, what, changes) => {
    const order = assignedBase().given(A.ready());
    order.when(tells(changes)).says('event gateway-mismatch').raises('gateway-mismatch');
    expect(order.view.attention[0]?.reason).toContain(`the provider says ${what}`);
    order.ledger('A1001-c1 8814 requested');
    // What the gateway answers does not explain it.
    order.when(confirmed('A1001-c1')).raises('gateway-mismatch');
    // What the provider says of the same operation does.
    order.when(tells({ at: second(9) })).raises();
  });

  test('speaks for its own account only', () => {
    const order = assignedBase().given(A.ready());
    order.when(by('gateway-other').notify(CAPTURED)).says('event gateway-mismatch').raises('gateway-mismatch');
    order.ledger('A1001-c1 8814 requested');
  });
});

describe('a notice before its time', () => {
  test('of money that the order has not asked for is kept, said, and heard when it is asked for', () => {
    const order = assignedBase().when(tells()).says('event gateway-mismatch').raises('gateway-mismatch');
    expect(order.view.attention[0]?.reason).toContain('the provider says capture of 88.14 EUR confirmed, and nothing');
    order.when(tells()).says();
    order.when(A.ready()).raises();
    order.says('event ready', 'gateway A1001-c1 8814', 'event captured', 'gateway A1001-p1 7283');
    order.ledger('A1001-c1 8814 confirmed', 'A1001-p1 7283 requested');
  });

  test('pain 14: before the order exists is heard when it does, and the order is not stuck', () => {
    const settled = { ...BASE, payment: { ...paymentOf(BASE), captured: 12980 } };
    const order = scenario('A1001').when(tells({ amount: 12980, outcome: 'failed', code: 'reversed' }));
    order.says('timer notices-unclaimed');
    order.when(tells({ amount: 12980, outcome: 'failed', code: 'reversed' })).says();
    order.when(shop.place(settled));
    order.says('event placed', 'source 1×1 2×1', 'cancel-timer notices-unclaimed', 'event capture-failed');
    order.ledger('A1001-c1 12980 failed').raises('capture-failed');
    order.when(unclaimed).ignores();
  });

  test('of an order that is refused at first is still kept for the one that comes', () => {
    const order = scenario('A1001').given(tells());
    order.when(shop.place({ ...BASE, currency: 'XXX' })).refuses('unknown-currency');
    order.given(shop.place(BASE)).raises('gateway-mismatch');
  });

  test('of an order that never comes ends as unclaimed, and is forgotten', () => {
    const order = scenario('A1001').given(tells());
    order.when(unclaimed).says('event notice-unclaimed').when(unclaimed).ignores();
    expect(order.snapshot && isAbsent(order.snapshot)).toBe(true);
    order.when(shop.place(BASE)).raises();
  });
});

test('whenever the notices of two captures come, and however often, the money is the same', () => {
  const steps: Said[] = [A.ready(), B.ready()];
  const other: Partial<Notice> = { key: 'A1001-c2', amount: 4166, gatewayReference: 'ch_2' };
  const notices = [tells(), tells(), tells(other), tells({ ...other, outcome: 'failed', at: second(2) })];
  fc.assert(
    fc.property(fc.shuffledSubarray([...notices, 0, 1], { minLength: 6 }), (sequence) => {
      const order = assignedBase();
      let next = 0;
      for (const said of sequence) {
        const step = typeof said === 'number' ? steps[next++] : said;
        if (step) order.when(step);
      }
      allPaid(order);
      expect(order.view.totals).toMatchObject({ captured: 12980, attributed: 10928 });
      expect(order.view.attention).toEqual([]);
    }),
    { numRuns: 60, seed: 20261122 },
  );
});

function allPaid(order: Scenario): void {
  for (;;) {
    const open = order.view.ledger.find(({ kind, state }) => kind === 'payout' && state === 'requested');
    if (!open) return;
    order.when(confirmed(open.entry));
  }
}
