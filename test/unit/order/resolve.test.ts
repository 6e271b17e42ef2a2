/** What a person is told of ends: by the command or the news that mends it, or by his word that he has seen to it. */
import { describe, expect, test } from 'vitest';
import { back, reservedFor, sell } from './exchanged-orders.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  claimed,
  confirmed,
  declared,
  failed,
  failedLate,
  givenUp,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
  told,
  unknown,
} from './scenario.ts';

const { payment: _, shipping: __, ...UNPAID } = BASE;
const TILL = { ...UNPAID, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };

const assignedTo = (place: typeof BASE | typeof TILL): Scenario =>
  scenario().given(shop.place(place), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'));

const soldLate = (): Scenario =>
  assignedTo(TILL).given(timer('reservation-expired', { fulfilment: 'A1-1' }), A.sell([['1', 1, 8324]]));

/** Without an account, its money stays with headquarters. */
const withoutAccount = (): Scenario =>
  scenario().given(
    ...[shop.place(simple(2, 1000)), plan({ 'store-a': { '1': 2 } })],
    ...[reserved('A1-1', { ownership: 'franchise', commission: '0.15' }), A.ready('A1-1', { '1': 1 })],
    confirmed('A1-c1'),
  );

const strange = {
  transaction: 'pi_3Px',
  kind: 'refund' as const,
  outcome: 'confirmed' as const,
  amount: 77,
  currency: 'EUR',
  at: '2026-11-22T09:00:05Z',
};

const why = ({ last }: Scenario): string | undefined => (last?.kind === 'refused' ? last.refusal.reason : undefined);

describe('a person has seen to', () => {
  test.each<[code: string, about: string, order: () => Scenario]>([
    ['late-ticket', 'A1-1', soldLate],
    ['no-store-can-fulfil', '1', () => scenario().given(shop.place(simple(1, 1000)), plan({}, { '1': 1 }))],
    ['store-account-missing', 'store-a', withoutAccount],
    ['gateway-mismatch', 'pi_3Px', () => assignedBase().given(ops.notify(strange))],
    [
      'gateway-mismatch',
      'A1001-c1',
      () => assignedBase().given(A.ready(), ops.notify({ ...strange, key: 'A1001-c1' })),
    ],
    [
      'moved-twice',
      'A1001-r1',
      () =>
        assignedBase().given(
          ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship(), ops.refund(1000, '1')],
          ...[failed('A1001-r1'), ops.settleRefund('A1001-r1'), confirmed('A1001-r1', 9000)],
        ),
    ],
    [
      'funds-lost',
      'A1001-c1',
      () => assignedBase().given(A.ready(), confirmed('A1001-c1'), A.ship(), failedLate('A1001-c1')),
    ],
    ['capture-failed', 'A1001-c1', () => assignedBase().given(A.ready(), failed('A1001-c1'), ops.cancel())],
  ])('%s of %s, and no step raises it again', (code, about, given) => {
    const order = given();
    order.raises(code);
    const before = order.view;
    const { reason } = before.attention[0] ?? {};
    order.when(ops.resolve(code)).says('event attention-resolved').raises();
    expect(order.effects[0]).toMatchObject({ payload: { attention: code, about, reason, note: 'seen to' } });
    expect(order.view).toMatchObject({ totals: before.totals, ledger: before.ledger, parties: before.parties });
    order.when(ops.resolve(code)).refuses('unknown-attention');
    // Another step settles the books.
    order.given(told('store-owes', { store: 'store-z' })).raises();
  });

  test('what a ticket names and no return has paid', () => {
    const pair = reservedFor(5000)
      .given('A1', ...back(2))
      .given('A2', timer('reservation-expired', { fulfilment: 'A2-1' }), sell(['exchange', 5000], ['cash', 2000]));
    pair.fresh.raises('late-ticket', 'exchange-missing').given(ops.resolve('exchange-missing')).raises('late-ticket');
    pair.fresh.given(ops.resolve('late-ticket')).raises();
  });

  test('money of a store without an account, also where more of it comes', () => {
    const order = withoutAccount().given(ops.resolve('store-account-missing'));
    order
      .given(A.ready(), confirmed('A1-c2'))
      .raises()
      .shows({ parties: { headquarters: 2000 } });
  });

  test('what is raised anew, as it happens again', () => {
    const order = scenario().given(shop.place(simple(2, 1000)), plan({ 'store-a': { '1': 1 } }, { '1': 1 }));
    order.given(ops.resolve('no-store-can-fulfil'), reserved('A1-1'), A.decline(), plan({}, { '1': 1 }));
    order.raises('no-store-can-fulfil');
  });

  test('what the provider told of an entry that nobody knows: it fits none that comes later', () => {
    const order = assignedBase().given(ops.notify({ ...strange, kind: 'capture', amount: 8814 }));
    order.given({ ...ops.resolve('gateway-mismatch'), afterMs: 100 }, { ...A.ready(), afterMs: 100 });
    order.shows({ ledger: [{ entry: 'A1001-c1', state: 'requested' }] });
  });
});

describe('what something else ends is not taken off the list', () => {
  test.each<[code: string, end: string, order: () => Scenario]>([
    ['capture-unknown', 'still being asked', () => assignedBase().given(A.ready(), unknown('A1001-c1'))],
    ['capture-unknown', 'confirm or fail', () => assignedBase().given(A.ready(), givenUp('A1001-c1'))],
    [
      'capture-failed',
      'fail, and then retry',
      () => assignedBase().given(A.ready(), confirmed('A1001-c1'), failedLate('A1001-c1')),
    ],
    ['capture-failed', 'retry', () => assignedBase().given(A.ready(), failed('A1001-c1'))],
    ['payout-failed', 'retry', () => assignedBase().given(A.ready(), confirmed('A1001-c1'), failed('A1001-p1'))],
    [
      'payout-failed',
      'fail, and then retry',
      () => assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), failedLate('A1001-p1')),
    ],
    [
      'capture-failed',
      'request-payment',
      () =>
        assignedBase()
          .given(A.ready(), failed('A1001-c1'))
          .withTender(0, {}, { captureBefore: '2026-11-22T09:00:00Z' }),
    ],
    [
      'refund-failed',
      'settle-refund',
      () => assignedBase().given(A.ready(), confirmed('A1001-c1'), ops.refund(100), failedLate('A1001-r1')),
    ],
    [
      'refund-by-hand',
      'settle-refund',
      () =>
        assignedTo(TILL).given(
          ...[A.sell([['1', 1, 8324]]), declared('R1', { '1': 1 })],
          claimed('R1', { '1': [1, 0] }, { store: 'store-a', byMail: true }),
        ),
    ],
    [
      'ledger-differs',
      'agree',
      () =>
        assignedBase().given(
          told('ledger-differs', {
            account: 'main',
            order: 'A1001',
            entry: 'A1001-c9',
            currency: 'EUR',
            ledger: 0,
            gateway: 5,
          }),
        ),
    ],
    [
      'store-account-short',
      'payouts',
      () =>
        assignedBase().given(
          ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
          ...[declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] })],
          ...[confirmed('A1001-r1'), failed('A1001-b1')],
        ),
    ],
  ])('%s: %s', (code, end, given) => {
    const order = given();
    const raised = order.view.attention;
    order.when(ops.resolve(code)).refuses('wrong-state');
    expect(why(order)).toMatch(new RegExp(`^${code} of \\S+: .*${end}`));
    expect(order.view.attention).toEqual(raised);
  });

  test('as long as the capture that it gives back is not lost, and anew when it is found', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship());
    order.withTender(0, { refundWithin: 0 }).given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    order.raises('refund-window-closed').when(ops.resolve('refund-window-closed')).refuses('wrong-state');
    expect(why(order)).toContain('settle-refund ends it');
    order.given(failedLate('A1001-c1'), ops.resolve('refund-window-closed')).raises('funds-lost');
    order.given(confirmed('A1001-c1', 9000)).raises('refund-window-closed');
  });

  test('a payout of which nothing is due now, until it is given up: what is due later is paid', () => {
    const order = scenario('A1').given(
      ...[shop.place(simple(2, 1000)), plan({ 'store-a': { '1': 1 } }), reserved('A1-1')],
      ...[plan({ 'store-a': { '1': 1 } }), reserved('A1-2'), A.ready('A1-1'), confirmed('A1-c1'), failed('A1-p1')],
      ...[A.ship('A1-1'), declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }), confirmed('A1-r1')],
    );
    order.when(ops.resolve('payout-failed')).refuses('wrong-state');
    order.when(ops.retry('A1-p1')).says().raises();
    order.given(A.ready('A1-2')).when(confirmed('A1-c2')).says('event captured', 'gateway A1-p2 875');
  });

  test('a payout, while its store is asked what it owes', () => {
    const order = assignedBase().given(
      ...[A.ready(), confirmed('A1001-c1'), failed('A1001-p1'), told('store-owes', { store: 'store-a' })],
      ...[B.decline(), plan({ 'store-a': { '2': 1 } }), reserved('A1001-3'), A.ready('A1001-3')],
      confirmed('A1001-c2'),
    );
    order.when(ops.resolve('payout-failed')).refuses('wrong-state');
    order.when(ops.retry('A1001-p1')).says('event asked-again', 'gateway A1001-p2 7283').raises();
    order.when(told('payout-cleared', { key: 'A1001-n1', store: 'store-a', netted: 0 })).says('gateway A1001-p3 3645');
  });

  test('where its capture lapsed, as long as its goods are wanted', () => {
    const order = assignedBase().given(A.ready());
    const lapsed = failed('A1001-c1');
    order.given({ ...lapsed, payload: { ...Object(lapsed.payload), code: 'authorisation-expired' } });
    order.when(ops.resolve('authorisation-expired')).refuses('wrong-state');
    expect(why(order)).toContain('when the goods are paid for');
    order.given(ops.cancel(), ops.resolve('authorisation-expired')).raises();
  });
});

describe('what is named', () => {
  const two = () =>
    assignedBase().given(
      ...[A.ready(), B.ready(), confirmed('A1001-c1'), confirmed('A1001-c2')],
      ...[A.ship(), B.ship(), failedLate('A1001-c1'), failedLate('A1001-c2')],
    );

  test('has to be raised', () => {
    two().when(ops.resolve('late-ticket')).refuses('unknown-attention');
    const order = two().when(ops.resolve('funds-lost', 'A1001-c3')).refuses('unknown-attention');
    expect(why(order)).toBe('order A1001 raises no funds-lost of A1001-c3');
  });

  test('has to be one', () => {
    const order = two().when(ops.resolve('funds-lost')).refuses('ambiguous-attention');
    expect(why(order)).toBe('about: funds-lost is raised of A1001-c1, A1001-c2');
    order.given(ops.resolve('funds-lost', 'A1001-c2')).raises('funds-lost');
    order.shows({ attention: [{ about: 'A1001-c1' }] });
  });
});
