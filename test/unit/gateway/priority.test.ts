import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextKind, noDepths } from '../../../actors/gateway/priority.ts';
import { GATEWAY_KINDS } from '../../../protocols/gateway.ts';
import { RequestQueues } from '../../../supervisor/gateway/request-queues.ts';

test('captures and reauthorisations go before refunds, voids, payouts and their reversals', () => {
  const order = [...GATEWAY_KINDS];
  expect(order).toEqual(['capture', 'reauthorisation', 'refund', 'void', 'payout', 'payout-reversal']);
  for (const [rank, kind] of order.entries()) {
    const depths = noDepths();
    for (const lower of order.slice(rank)) depths[lower] = 3;
    expect(nextKind(depths)).toBe(kind);
  }
});

test('nothing waiting is nothing next', () => {
  expect(nextKind(noDepths())).toBeUndefined();
});

test('queues give by kind, and first in first out within a kind', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...GATEWAY_KINDS), { maxLength: 50 }), (kinds) => {
      const queues = new RequestQueues<{ kind: (typeof kinds)[number]; index: number }>();
      const items = kinds.map((kind, index) => ({ kind, index }));
      for (const item of items) queues.push(item.kind, item);
      const rank = (kind: (typeof kinds)[number]) => GATEWAY_KINDS.indexOf(kind);
      const expected = items.toSorted((a, b) => rank(a.kind) - rank(b.kind) || a.index - b.index);
      expect(drainAll(queues)).toEqual(expected);
    }),
  );
});

function drainAll<Item extends { kind: (typeof GATEWAY_KINDS)[number] }>(queues: RequestQueues<Item>): Item[] {
  const taken: Item[] = [];
  for (let item = queues.peek(); item; item = queues.peek()) {
    queues.remove(item.kind, item);
    taken.push(item);
  }
  return taken;
}
