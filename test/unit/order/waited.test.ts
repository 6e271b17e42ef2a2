/** A command was stored when no node was running: what it asks of the gateway is asked when it is handled. */
import { expect, test } from 'vitest';
import { begin, decide } from '../../../actors/gateway/attempt.ts';
import { A, assignedBase, confirmed, failed, ops, shop } from './scenario.ts';

const WEEKEND = 48 * 3600_000;
const POLICY = { maxFaults: 12, maxKeyAgeMs: 24 * 3600_000, backoff: { baseMs: 100, capMs: 10_000 } };

test.each([
  ['ready', assignedBase(), A.ready()],
  ['a refund', assignedBase().given(A.ready(), confirmed('A1001-c1')), ops.refund(100)],
  ['a cancellation', assignedBase(), shop.cancel()],
  ['a retry', assignedBase().given(A.ready(), failed('A1001-c1')), ops.retry('A1001-c1')],
])('%s: the key is as old as its reservation, and the provider is called', (_, order, said) => {
  const before = order.requests.length;
  order.given({ ...said, waitedMs: WEEKEND });
  const steps = order.requests
    .slice(before)
    .map((request) => decide(request, begin(false), order.now + 50, POLICY).step);
  expect(steps.length).toBeGreaterThan(0);
  expect(new Set(steps)).toEqual(new Set(['send']));
});

test('ready: an authorisation that ended meanwhile is not asked for anything', () => {
  const order = assignedBase().given({ ...A.ready(), waitedMs: 30 * 24 * 3600_000 });
  order.raises('authorisation-expired', 'payment-requested');
  expect(order.requests.filter(({ kind }) => kind === 'capture')).toEqual([]);
});

test('resolve: what a retry could have ended when it was said is left to what ends it by now', () => {
  const order = assignedBase().given(A.ready(), failed('A1001-c1'));
  order.when({ ...ops.resolve('capture-failed'), waitedMs: 30 * 24 * 3600_000 }).refuses('wrong-state');
  expect(order.last).toMatchObject({ refusal: { reason: 'capture-failed of A1001-c1: request-payment ends it' } });
});
