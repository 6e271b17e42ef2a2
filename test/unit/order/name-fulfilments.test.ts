import { expect, test } from 'vitest';
import { nameFulfilments } from '../../../actors/order/migrate/name-fulfilments.ts';
import { createOrder } from '../../../actors/order/order.ts';
import type { OrderRecord } from '../../../actors/order/record.ts';
import { A, assignedBase, claimed, confirmed, declared, POLICY } from './scenario.ts';

const order = createOrder(POLICY);

function returned(): OrderRecord {
  const { snapshot } = assignedBase().given(
    A.ready(),
    confirmed('A1001-c1'),
    A.ship(),
    declared('R1', { '1': 1 }),
    claimed('R1', { '1': [1, 0] }),
  );
  if (!snapshot) throw new Error('no order');
  return order.read(snapshot).record;
}

test('a record of release 1 names the fulfilments of what was given back', () => {
  const today = returned();
  const then = {
    ...today,
    obligations: today.obligations.map((obligation) => ({
      ...obligation,
      pieces: obligation.pieces.map(({ fulfilment: _, ...piece }) => ({
        ...piece,
        store: 'store-a',
        commission: '0.15',
      })),
    })),
  } as unknown as OrderRecord;
  expect(nameFulfilments(then)).toEqual(today);
  expect(nameFulfilments(today)).toBe(today);
});
