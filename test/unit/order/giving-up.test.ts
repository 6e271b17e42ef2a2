/** Lines that no store can fulfil: what a person is told of them, and what many of them cost. */
import { create } from 'mutative';
import { expect, test } from 'vitest';
import { isRaised } from '../../../actors/order/attention/attention.ts';
import { createOrder } from '../../../actors/order/order.ts';
import { giveUp } from '../../../actors/order/placing/losing-a-store.ts';
import type { OrderRecord } from '../../../actors/order/record.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import { BASE, POLICY, paymentOf, plan, type Said, scenario, shop } from './scenario.ts';

const MANY = 300;
const lines = Array.from({ length: MANY }, (_, n) => ({
  line: String(n + 1),
  sku: `sku${n}`,
  quantity: 1,
  unitPrice: 100,
  taxRate: '0.2',
}));

test('giving up many lines looks at each attention once, not once a line', () => {
  const { discount: _, shipping: __, ...rest } = BASE;
  const place = shop.place({ ...rest, lines, payment: { ...paymentOf(BASE), authorised: MANY * 100 } });
  const { read } = createOrder(POLICY);
  const { snapshot } = scenario().given(place);
  if (!snapshot) throw new Error('nothing was placed');
  const { record } = read(snapshot);
  let looks = 0;
  const attention = lines.map(({ line }) => ({
    code: 'no-store-can-fulfil' as const,
    reason: 'as before',
    at: '2026-11-22T09:00:00Z',
    get about() {
      looks += 1;
      return line;
    },
  }));
  const known: OrderRecord = { ...record, attention: attention.slice(0, MANY / 2) };
  const units = new Map(lines.map((_line, position) => [position, 1]));
  const next = create(known, (draft) => giveUp(draft, known, units, 0));
  expect(looks).toBeLessThan(5 * MANY);
  expect(next.attention).toHaveLength(MANY);
  expect(lines.every(({ line }) => isRaised(next, 'no-store-can-fulfil', line))).toBe(true);
});

test('of a line that is pinned to a store that nobody opened, the store is named', () => {
  const pinned = {
    ...BASE,
    lines: BASE.lines.map((line, n) => (n === 0 ? { ...line, store: 'store-nowhere' } : line)),
  };
  const said = plan({}, { '1': 1, '2': 1 });
  const { plan: answer } = said.payload as ToOrder['sourced'];
  const unknown: Said = { ...said, payload: { plan: { ...answer, unknown: ['store-nowhere'] } } };
  const order = scenario().given(shop.place(pinned)).when(unknown);
  expect(order.view.attention).toMatchObject([
    { about: '1', reason: 'store-nowhere is not known: no store can fulfil 85123A: cancelled' },
    { about: '2', reason: 'no store can fulfil 71053: cancelled' },
  ]);
  expect(order.effects).toContainEqual({
    effect: 'event',
    name: 'unfulfillable',
    payload: {
      lines: [
        { line: '1', quantity: 1 },
        { line: '2', quantity: 1 },
      ],
      unknownStores: ['store-nowhere'],
    },
  });
});
