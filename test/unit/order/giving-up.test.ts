/** Lines that no store can fulfil: what a person is told of them, and what many of them cost. */
import { create } from 'mutative';
import { expect, test } from 'vitest';
import { isRaised } from '../../../actors/order/attention.ts';
import { giveUp } from '../../../actors/order/losing-a-store.ts';
import { createOrder } from '../../../actors/order/order.ts';
import type { OrderRecord } from '../../../actors/order/record.ts';
import { BASE, POLICY, paymentOf, scenario, shop } from './scenario.ts';

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
    code: 'no-store-can-fulfil',
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
