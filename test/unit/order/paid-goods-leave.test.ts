/** Goods that are paid for can leave; as long as they can't, a person is told so, and what he is told can be done, or ends by itself. */
import { describe, expect, test } from 'vitest';
import {
  A,
  confirmed,
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
  told,
} from './scenario.ts';

const DAY = 86_400_000;
const EARLY = { act: 'capture-early', warnBeforeMs: DAY, actBeforeMs: DAY / 2, maxReauthorisations: 1 } as const;

const why = ({ last }: Scenario): string | undefined => (last?.kind === 'refused' ? last.refusal.reason : undefined);

/** The time to act comes before its authorisation ends. */
const ending = { ...timer('expire-authorisation', { tender: 0 }), afterMs: 6.6 * DAY };

const card = (transaction: string, authorised: number) => ({ ...paymentOf(simple(1, 1)), transaction, authorised });

describe('a capture was declined, and before its authorisation ends', () => {
  const declined = (policy: Parameters<typeof scenario>[1], credential?: string) => {
    const payment = { ...card('pi_a', 4000), ...(credential === undefined ? {} : { credential }) };
    return scenario('A1', policy).given(
      ...[shop.place(simple(1, 4000, { payment })), plan({ 'store-a': { '1': 1 } }), reserved('A1-1')],
      ...[A.ready(), failed('A1-c1'), ending],
    );
  };

  test('all of it is captured: that pays for the goods', () => {
    const order = declined({ expiry: EARLY });
    order.ledger('A1-c1 4000 failed', 'A1-c2 4000 requested');
    order.when(confirmed('A1-c2', 7 * 86_400)).raises();
    order
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 4000, refunded: 0 } })
      .raises();
  });

  test('but not once that is lost: the store gives its share back, and the goods wait until it comes back', () => {
    const order = declined({ expiry: EARLY }).given(confirmed('A1-c2', 7 * 86_400), confirmed('A1-p1', 7 * 86_400));
    order.given(failedLate('A1-c2', 8 * 86_400), confirmed('A1-b1', 8 * 86_400));
    order.shows({ totals: { captured: 0, attributed: 0 } });
    order.when(A.ship()).refuses('not-funded');
    order.given(confirmed('A1-c2', 9 * 86_400), A.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 4000, refunded: 0 } });
  });

  test('and not where that was declined as well: it is a person who decides', () => {
    const order = declined({ expiry: EARLY }).given(failed('A1-c2'));
    order.raises('capture-failed', 'capture-failed', 'payment-requested');
    order.given(ops.retry('A1-c1'), confirmed('A1-c3', 7 * 86_400));
    order.given(A.ship()).shows({ totals: { captured: 4000, refunded: 0 } });
  });

  test('it is made anew: retry asks that one', () => {
    const order = declined({}, 'stored').given(confirmed('A1-a1', 7 * 86_400));
    order.when(ops.retry('A1-c1')).says('event asked-again', 'gateway A1-c2 4000');
    expect(order.requests.at(-1)).toMatchObject({ transaction: 'ref-A1-a1' });
    order.given(confirmed('A1-c2', 8 * 86_400), A.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 4000, refunded: 0, voided: 0 } }).raises();
  });

  test('and a part of its goods is cancelled: retry asks the new one for the rest', () => {
    const payment = { ...card('pi_a', 4000), credential: 'stored' };
    const order = scenario().given(
      ...[shop.place(simple(4, 1000, { payment })), plan({ 'store-a': { '1': 4 } }), reserved('A1-1'), A.ready()],
      ...[
        failed('A1-c1'),
        ending,
        confirmed('A1-a1', 7 * 86_400),
        shop.cancel({ lines: [{ line: '1', quantity: 1 }] }),
      ],
    );
    order.given(ops.retry('A1-c1'), confirmed('A1-c2', 8 * 86_400), A.ship());
    order.shows({ state: 'fulfilled', totals: { captured: 3000, refunded: 0 } });
  });
});

describe('resolve leaves no goods that wait for money without a word', () => {
  test('of two cards, one of which declined a part of goods that are wanted in part', () => {
    const { payment: _, ...order } = simple(4, 1000);
    const waiting = scenario().given(
      ...[shop.place({ ...order, payments: [card('pi_a', 2000), card('pi_b', 2000)] })],
      ...[plan({ 'store-a': { '1': 4 } }), reserved('A1-1'), A.ready(), failed('A1-c2'), confirmed('A1-c1')],
      shop.cancel({ lines: [{ line: '1', quantity: 1 }] }),
    );
    waiting.when(ops.resolve('capture-failed')).refuses('wrong-state').raises('capture-failed');
  });

  test('where the capture may be taken after all, before they have left: fail, and then retry', () => {
    const order = scenario().given(
      ...[shop.place(simple(1, 4000)), plan({ 'store-a': { '1': 1 } }), reserved('A1-1'), A.ready()],
      ...[confirmed('A1-c1'), failedLate('A1-c1')],
    );
    order.when(ops.resolve('capture-failed')).refuses('wrong-state');
    expect(why(order)).toBe('capture-failed of A1-c1: fail, and then retry, ends it');
    order.given(ops.fail('A1-c1'), ops.retry('A1-c1'), confirmed('A1-c2'), A.ship()).raises();
  });
});

describe('what is said of goods without money ends with the last of them', () => {
  test('when they are cancelled, and others of their parcel leave', () => {
    const order = scenario().given(
      ...[shop.place(simple(2, 1000)), plan({ 'store-a': { '1': 2 } }), reserved('A1-1')],
      ...[A.ready('A1-1', { '1': 1 }), confirmed('A1-c1'), { ...A.ready(), afterMs: 8 * DAY }],
    );
    order.raises('authorisation-expired', 'payment-requested').when(A.ship()).refuses('not-funded');
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] })).raises();
    order
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 1000, refunded: 0 } })
      .raises();
  });

  test('when nothing but a part of the shipping fee is missing, which nobody is asked for', () => {
    const { payment: _, ...rest } = simple(2, 1000, { shipping: { amount: 1000, taxRate: '0.2' } });
    const place = { ...rest, exchange: { order: 'A0', return: 'R0', amount: 1300 }, payment: card('pi_a', 1700) };
    const order = scenario('A1', { shipping: 'pro-rata' }).given(
      ...[shop.place(place), plan({ 'store-a': { '1': 2 } }), reserved('A1-1'), A.ready('A1-1', { '1': 1 })],
      told('exchange-over', { return: 'R0', amount: 0, reason: 'nothing was accepted' }),
    );
    order.raises('payment-requested', 'exchange-short').given(confirmed('A1-c1'));
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] })).raises();
    order
      .given(confirmed('A1-c2'), A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 1700 } })
      .raises();
  });
});
