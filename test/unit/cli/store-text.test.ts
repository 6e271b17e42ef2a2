import { expect, test } from 'vitest';
import type { StoreView } from '../../../protocols/views.ts';
import { stockText, storeText } from '../../../supervisor/cli/views/store-text.ts';

const VIEW: StoreView = {
  store: 'store-a',
  revision: 7,
  state: 'open',
  name: 'Lyon',
  ownership: 'franchise',
  commission: '0.15',
  owes: {},
  debts: [],
  unlisted: {},
  fulfilments: [],
  stock: [],
};

test('a store that owes nothing says nothing of it', () => {
  expect(storeText(VIEW)).toBe(
    'store store-a: open\nLyon, franchise, commission 0.15, revision 7\n0 skus, 0 of them with nothing available\n',
  );
});

test('what a store owes is told by debt, with what is not listed', () => {
  const debts = [
    { order: 'A1', entry: 'A1-o1', currency: 'EUR', left: 1050 },
    { order: 'B12', entry: 'B12-o1', currency: 'JPY', left: 40 },
  ];
  const text = storeText({ ...VIEW, owes: { EUR: 1550, JPY: 40 }, debts, unlisted: { EUR: 500 } });
  expect(text.split('\n').slice(4)).toEqual([
    'owes headquarters',
    '  15.50 EUR, 40 JPY',
    '  order  entry    left  currency',
    '  A1     A1-o1   10.50  EUR',
    '  B12    B12-o1     40  JPY',
    '  5.00 EUR beyond these',
    '',
  ]);
});

test('a closed store is told so beside its stock', () => {
  const stores = [
    { store: 'store-a', onHand: 5, reserved: 2, available: 0, closed: true as const },
    { store: 'store-b', onHand: 1, reserved: 0, available: 1 },
  ];
  const text = stockText({ sku: 'hat', onHand: 6, reserved: 2, available: 1, stores });
  expect(text.split('\n').slice(-4)).toEqual([
    '  store             on hand  reserved  available',
    '  store-a (closed)        5         2          0',
    '  store-b                 1         0          1',
    '',
  ]);
});
