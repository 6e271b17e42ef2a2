import { expect, test } from 'vitest';
import { nameDeclared } from '../../../actors/order/migrate/name-declared.ts';
import { createOrder } from '../../../actors/order/order.ts';
import type { OrderRecord } from '../../../actors/order/record.ts';
import { A, B, claimed, confirmed, declared, POLICY, plan, reserved, scenario, shop, simple } from './scenario.ts';

const order = createOrder(POLICY);

function withOpenReturns(): OrderRecord {
  const { snapshot } = scenario().given(
    shop.place(simple(5, 1000)),
    plan({ 'store-a': { '1': 2 }, 'store-b': { '1': 3 } }),
    reserved('A1-1'),
    reserved('A1-2'),
    A.ready(),
    B.ready(),
    confirmed('A1-c1'),
    confirmed('A1-c2'),
    B.ship(),
    A.ship(),
    declared('R1', { '1': 2 }),
    declared('R2', { '1': 2 }),
    claimed('R1', { '1': [1, 0] }),
  );
  if (!snapshot) throw new Error('no order');
  return order.read(snapshot).record;
}

test('a record of release 1 says which fulfilments the units of open returns left with', () => {
  const today = withOpenReturns();
  const then = {
    ...today,
    returns: today.returns.map((open) => ({
      ...open,
      lines: [{ line: 0, declared: open.lines.reduce((sum, units) => sum + units.declared, 0) }],
    })),
  } as unknown as OrderRecord;
  // Store b's left first: one of them came back, one is declared by each return, and then one of store a's.
  expect(nameDeclared(then).returns.map(({ lines }) => lines)).toEqual([
    [{ line: 0, fulfilment: 1, declared: 1 }],
    [
      { line: 0, fulfilment: 1, declared: 1 },
      { line: 0, fulfilment: 0, declared: 1 },
    ],
  ]);
  expect(nameDeclared(then)).toEqual(today);
  expect(nameDeclared(today)).toBe(today);
});
