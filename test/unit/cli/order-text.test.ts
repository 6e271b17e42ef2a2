import { expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import { orderText } from '../../../supervisor/cli/views/order-text.ts';

const at = '2026-11-22T10:00:00Z';
const order: OrderView = {
  order: 'A1',
  revision: 12,
  state: 'fulfilling',
  channel: 'web',
  currency: 'EUR',
  placedAt: at,
  fulfilment: 'ship',
  totals: {
    ordered: 12_980,
    authorised: 12_980,
    captured: 8814,
    refunded: 0,
    voided: 0,
    attributed: 7283,
    open: { capture: 4166, refund: 0, payout: 0 },
  },
  fulfilments: [
    {
      fulfilment: 'A1-1',
      store: 'store-lyon',
      state: 'ready',
      lines: [{ line: '1', quantity: 2 }],
      captured: 8814,
      funded: true,
    },
  ],
  lines: [
    {
      line: '1',
      sku: '85123A',
      quantity: 2,
      ready: 2,
      handedOver: 0,
      cancelled: 0,
      returned: 0,
      net: 6937,
      tax: 1387,
      gross: 8324,
    },
  ],
  ledger: [
    { entry: 'A1-c1', kind: 'capture', amount: 8814, state: 'confirmed', fulfilment: 'A1-1', party: 'customer', at },
  ],
  parties: { headquarters: 1531, 'store-lyon': 7283 },
  sourcing: ['store-lyon has all lines'],
  capturing: [],
  attention: [{ code: 'capture-unknown', reason: 'no answer', about: 'A1-c2', at }],
};

test('an order is shown with what needs attention first, and its amounts in a column', () => {
  expect(orderText(order, false)).toBe(
    [
      'order A1: fulfilling',
      'ship, by web, placed 2026-11-22T10:00:00Z, revision 12',
      '',
      'NEEDS ATTENTION',
      '  capture-unknown  A1-c2  no answer  2026-11-22T10:00:00Z',
      '',
      'money',
      '  ordered       129.80 EUR',
      '  authorised    129.80 EUR',
      '  captured       88.14 EUR',
      '  refunded        0.00 EUR',
      '  voided          0.00 EUR',
      '  attributed     72.83 EUR',
      '  open capture   41.66 EUR',
      '',
      'fulfilments',
      '  fulfilment  store       state  lines  units   captured  sent with',
      '  A1-1        store-lyon  ready      1      2  88.14 EUR',
      '',
      'lines',
      '  line  sku     quantity  ready  handed over  cancelled  returned        tax      gross',
      '  1     85123A         2      2            0          0         0  13.87 EUR  83.24 EUR',
      '',
      'ledger',
      '  entry  kind        amount  state      party     fulfilment  reference  at',
      '  A1-c1  capture  88.14 EUR  confirmed  customer  A1-1                   2026-11-22T10:00:00Z',
      '',
      'who holds it',
      '  headquarters  15.31 EUR',
      '  store-lyon    72.83 EUR',
      '',
    ].join('\n'),
  );
});

test('asked to explain, it says why these stores', () => {
  expect(orderText(order, true)).toContain('\nwhy these stores\n  store-lyon has all lines\n');
  expect(orderText(order, false)).not.toContain('why these stores');
});

test('where nothing needs attention there is no such heading', () => {
  expect(orderText({ ...order, attention: [] }, false)).not.toContain('ATTENTION');
});

test('what a store is paid when its period ends is said with its time, and why it waits', () => {
  const payouts = [{ store: 'store-lyon', amount: 7283, due: '2026-11-23T00:00:00.000Z' }];
  expect(orderText({ ...order, payouts }, false)).toContain(
    [
      '\nto be paid out',
      '  store          amount  when the period ends',
      '  store-lyon  72.83 EUR  2026-11-23T00:00:00.000Z\n',
    ].join('\n'),
  );
  expect(orderText({ ...order, payouts, capturing: ['A1-1: 88.14 EUR captured; as it is ready'] }, true)).toContain(
    [
      '\nwhy this money',
      '  A1-1: 88.14 EUR captured; as it is ready',
      '  store-lyon is paid by period: 72.83 EUR when it ends, at 2026-11-23T00:00:00.000Z\n',
    ].join('\n'),
  );
  expect(orderText(order, false)).not.toContain('to be paid out');
});
