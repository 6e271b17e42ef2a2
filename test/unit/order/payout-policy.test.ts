import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { periodEnd } from '../../../actors/order/payout/payout-period.ts';
import type { PayoutPolicy } from '../../../actors/order/policies.ts';
import type { PayoutMoment } from '../../../protocols/sourcing.ts';
import {
  A,
  B,
  BASE,
  by,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
  told,
} from './scenario.ts';

const DAILY: PayoutPolicy = { when: 'by-period', period: 'day', endsAfterMs: 0 };

const base = (payoutWhen: PayoutMoment, payout: Partial<PayoutPolicy> = {}): Scenario =>
  scenario('A1001', { payout: { ...DAILY, when: 'at-capture', ...payout } }).given(
    shop.place(BASE),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
    reserved('A1001-1', { ...FRANCHISE, payoutWhen }),
    reserved('A1001-2'),
  );

describe('at the hand-over', () => {
  test('a store gets its share when the goods leave, and others when they are captured', () => {
    const order = base('at-hand-over').given(A.ready());
    order.when(confirmed('A1001-c1')).says('event captured');
    order.given(A.ship());
    expect(order.effects).toContainEqual(
      expect.objectContaining({
        effect: 'gateway',
        request: expect.objectContaining({ key: 'A1001-p1', amount: 7283 }),
      }),
    );
    order.given(B.ready()).when(confirmed('A1001-c2')).says('event captured', 'gateway A1001-p2 3645');
  });

  test('what is cancelled before is never paid', () => {
    const order = base('at-hand-over').given(A.ready(), confirmed('A1001-c1'), shop.cancel(), confirmed('A1001-r1'));
    expect(order.requests.filter(({ kind }) => kind.startsWith('payout'))).toEqual([]);
  });

  test('the configuration decides where the store says nothing, and is frozen when it reserves', () => {
    const order = scenario('A1', { payout: { ...DAILY, when: 'at-hand-over' } }).given(
      shop.place(simple(1, 1000)),
      plan({ 'store-a': { '1': 1 } }),
      reserved('A1-1'),
      A.ready(),
    );
    order.when(confirmed('A1-c1')).says('event captured');
    const own = base('at-capture', { when: 'at-hand-over' }).given(A.ready());
    own.when(confirmed('A1001-c1')).says('event captured', 'gateway A1001-p1 7283');
  });
});

describe('by period', () => {
  const due = timer('payout-due', { store: 'store-a' });
  const cleared = (key: string, netted = 0) => told('payout-cleared', { key, store: 'store-a', netted });

  test('the share waits for the end of the period, and what the store owes is taken off it', () => {
    const order = base('by-period').given(A.ready());
    order.when(confirmed('A1001-c1')).says('event captured', 'timer payout-store-a');
    order.given(A.ship());
    order.when(due).says('send clear-payout to store store-a');
    order.when(cleared('A1001-n1', 283)).says('event payout-netted', 'gateway A1001-p1 7000');
    order.when(due).ignores();
  });

  test('until the period ends, the order shows what is to be paid, to whom and when', () => {
    const order = base('by-period').given(A.ready());
    expect(order.view).not.toHaveProperty('payouts');
    order.given(confirmed('A1001-c1'), A.ship());
    order.shows({
      parties: { headquarters: 8814 },
      payouts: [{ store: 'store-a', amount: 7283, due: '2026-11-23T00:00:00.000Z' }],
    });
    order.given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] })).shows({ payouts: [] });
    const paid = base('by-period').given(A.ready(), confirmed('A1001-c1'), due);
    expect(paid.view).not.toHaveProperty('payouts');
  });

  test('a refund before the end nets, and nothing is paid where nothing is left', () => {
    const clerk = by('store-a');
    const order = scenario('A1', { payout: DAILY }).given(
      shop.place(simple(2, 1000)),
      plan({ 'store-a': { '1': 2 } }),
      reserved('A1-1'),
      clerk.ready(),
      confirmed('A1-c1'),
      clerk.ship(),
      declared('R1', { '1': 2 }),
      claimed('R1', { '1': [1, 0] }),
      confirmed('A1-r1'),
    );
    order.when(due).says('send clear-payout to store store-a');
    order.when(cleared('A1-n1')).says('gateway A1-p1 875');
    const gone = base('by-period').given(A.ready(), confirmed('A1001-c1'), shop.cancel(), confirmed('A1001-r1'));
    gone.when(due).says();
    expect(gone.requests.some(({ kind }) => kind === 'payout')).toBe(false);
  });

  test('what failed is asked for again at once, and what waits for the next period waits', () => {
    const order = base('by-period').given(A.ready(), confirmed('A1001-c1'), due, cleared('A1001-n1'));
    order.given(failed('A1001-p1'), B.decline(), plan({ 'store-a': { '2': 1 } }));
    order.given(reserved('A1001-3', { ...FRANCHISE, payoutWhen: 'by-period' }), A.ready('A1001-3'));
    order.given(confirmed('A1001-c2'));
    order.when(ops.retry('A1001-p1')).says('event asked-again', 'gateway A1001-p2 7283').raises();
    order.shows({ payouts: [{ store: 'store-a', amount: 3645 }] });
  });

  test('what becomes due in the next period waits for its end', () => {
    const order = base('by-period').given(A.ready(), confirmed('A1001-c1'), due, cleared('A1001-n1'));
    order.given(confirmed('A1001-p1'), B.decline(), plan({ 'store-a': { '2': 1 } }));
    order.given(reserved('A1001-3', { ...FRANCHISE, payoutWhen: 'by-period' }), A.ready('A1001-3'));
    order.when(confirmed('A1001-c2')).says('event captured', 'timer payout-store-a');
  });
});

describe('the end of a period', () => {
  test.each([
    ['2026-11-25T10:00:00Z', 'day', 0, '2026-11-26T00:00:00.000Z'],
    ['2026-11-25T10:00:00Z', 'day', 12 * 3600_000, '2026-11-25T12:00:00.000Z'],
    ['2026-11-25T12:00:00Z', 'day', 12 * 3600_000, '2026-11-26T12:00:00.000Z'],
    ['2026-11-25T10:00:00Z', 'week', 0, '2026-11-30T00:00:00.000Z'],
    ['2026-11-30T00:00:00Z', 'week', 0, '2026-12-07T00:00:00.000Z'],
    ['2026-11-25T10:00:00Z', 'week', 6 * 24 * 3600_000, '2026-11-29T00:00:00.000Z'],
  ] as const)('of %s, a %s that ends %i ms in, is %s', (now, period, endsAfterMs, end) => {
    expect(new Date(periodEnd(Date.parse(now), { when: 'by-period', period, endsAfterMs })).toISOString()).toBe(end);
  });

  test('is after now, and no further than a period', () => {
    const time = fc.integer({ min: 0, max: Date.parse('2100-01-01') });
    fc.assert(
      fc.property(time, fc.constantFrom('day', 'week'), fc.nat(6 * 24 * 3600_000), (now, period, endsAfterMs) => {
        const lasts = (period === 'day' ? 1 : 7) * 24 * 3600_000;
        const left = periodEnd(now, { when: 'by-period', period, endsAfterMs: endsAfterMs % lasts }) - now;
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(lasts);
      }),
    );
  });
});
