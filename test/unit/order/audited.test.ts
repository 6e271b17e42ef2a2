import { expect, test } from 'vitest';
import type { LedgerDifference } from '../../../protocols/internal.ts';
import { A, assignedBase, confirmed, told } from './scenario.ts';

const DIFFERENCE: LedgerDifference = {
  account: 'main',
  order: 'A1001',
  entry: 'A1001-c1',
  currency: 'EUR',
  ledger: 8814,
  gateway: 0,
};

test('what the gateway moved otherwise than the ledger says needs a person, and is told once', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'));
  const before = order.view;
  order.when(told('ledger-differs', DIFFERENCE)).says('event ledger-differs').raises('ledger-differs');
  expect(order.view.attention[0]).toMatchObject({
    about: 'A1001-c1',
    reason: 'account main moved 0.00 EUR, the ledger booked 88.14 EUR',
  });
  order.when(told('ledger-differs', DIFFERENCE)).ignores();
  order.when(told('ledger-differs', { ...DIFFERENCE, gateway: 100 })).says('event ledger-differs');
  order.raises('ledger-differs');
  // Nothing is adjusted.
  expect([order.view.ledger, order.view.totals]).toEqual([before.ledger, before.totals]);
});

test('it is lowered when they agree again, and only it', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), told('ledger-differs', DIFFERENCE));
  order.when(told('ledger-agrees', { ...DIFFERENCE, entry: 'A1001-c9' })).ignores();
  order
    .when(told('ledger-agrees', { ...DIFFERENCE, gateway: 8814 }))
    .says('event ledger-agrees')
    .raises();
  order.when(told('ledger-agrees', DIFFERENCE)).ignores();
});

test('money of an entry that the order never asked for needs a person too', () => {
  const order = assignedBase();
  order.when(told('ledger-differs', { ...DIFFERENCE, entry: 'A1001-c9', ledger: 0, gateway: 500 }));
  order.raises('ledger-differs');
});
