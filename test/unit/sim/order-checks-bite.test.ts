/** What the simulator looks at in every state of an order that is published is seen: each check finds an order that breaks it. */
import { describe, expect, test } from 'vitest';
import type { StoredOrder } from '../../sim/order-invariants.ts';
import { checkOrder, checkStep } from '../../sim/order-invariants.ts';
import { checkFee } from '../../sim/shipping-fee.ts';
import { BASE } from '../order/scenario.ts';
import { changed, type Edit, ORDER, of } from './traded-order.ts';

const AT = '2026-11-22T09:00:00Z';

/** Sold by stores, and nothing of it came back. */
function kept(order: Parameters<Edit>[0]): void {
  order.ledger.length = 4;
  order.obligations = [];
}

const WRONG: [found: string, edit: Edit][] = [
  ['refunded or in flight 20000 > captured 12980', ({ ledger }) => (of(ledger, 4).amount = 20_000)],
  ['tender 0: captured 12980 + voided 0 > 12979', ({ tenders }) => (of(tenders, 0).authorised = 12_979)],
  ['tender 0: 2 captures of 1', ({ tenders }) => (of(tenders, 0).capability.captures = 1)],
  ['tender 0: 2 captures of 1000', ({ tenders }) => (of(tenders, 0).capability.partialReleasesRest = true)],
  ['tender 0: refunded or in flight 12981 > captured 12980', ({ ledger }) => (of(ledger, 4).amount = 12_981)],
  ['A1001-p1 is of 0', ({ ledger }) => (of(ledger, 1).amount = 0)],
  ['A1001-p1 is of 0.5', ({ ledger }) => (of(ledger, 1).amount = 0.5)],
  ['two entries with one key', ({ ledger }) => (of(ledger, 1).key = 'A1001-c1')],
  ['main to acct_1 of store-a is given back 1 too much', ({ ledger }) => (of(ledger, 5).amount = 7284)],
  ['main to acct_2 of store-a is given back 7283 too much', ({ ledger }) => (of(ledger, 5).payoutAccount = 'acct_2')],
  [
    'main gives stores 13645 of 12980',
    (order) => {
      kept(order);
      of(order.ledger, 1).amount = 10_000;
    },
  ],
  ['A1001-r1 of 8324 is not a multiple of 5', ({ tenders }) => (of(tenders, 0).capability.amountStep = { EUR: 5 })],
  ['line 1: 1 + 0 + 1 + 0 is not 1', ({ lines }) => (of(lines, 0).waiting = 1)],
  ['A1001-2 2: 2 ready', ({ fulfilments }) => (of(of(fulfilments, 1).lines, 0).ready = 2)],
  ['line 1: 0 declared, 2 back', ({ lines }) => (of(lines, 0).returned = 2)],
  ['line 1: 2 taken, 0 dropped of 1', ({ lines }) => (of(lines, 0).taken = 2)],
  ['line at 1: 1 declared, returns say 0', ({ lines }) => (of(lines, 1).declared = 1)],
  ['A1001-1: 1 declared of 0', ({ returns }) => (of(of(returns, 0).lines, 0).declared = 1)],
  ['total 1, must be 12980', (order) => (order.total = 1)],
  ['shipping 489, must be 490', (order) => (order.shipping = 489)],
  ['line 1: 8325 with tax 1387, must be 8324 with 1387', ({ items }) => (of(items, 0).gross = 8325)],
  ['line 1: 8324 with tax 1388, must be 8324 with 1387', ({ items }) => (of(items, 0).tax = 1388)],
  [
    'line 2: 4165 taken for 1 units, must be 4166',
    ({ fulfilments }) => (of(of(of(fulfilments, 1).lines, 0).pieces, 0).gross = 4165),
  ],
  ['4166 of goods without a capture', ({ fulfilments }) => delete of(of(of(fulfilments, 1).lines, 0).pieces, 0).entry],
  ['A1001-c2 of 4165 with 0 shipping stands for goods of 4166', ({ ledger }) => (of(ledger, 2).amount = 4165)],
  ['A1001-c2: 4166 paid at the till for goods of 8332', tillSale],
  ['prepayments of 0 stand for goods of 1', ({ ledger }) => (of(ledger, 2).prepaid = 1)],
  [
    'A1001-1 is said not to be ready',
    ({ attention }) => attention.push({ code: 'not-ready', about: 'A1001-1', reason: 'late', at: AT }),
  ],
];

/** Twice the goods of its ticket. */
function tillSale({ ledger, fulfilments }: Parameters<Edit>[0]): void {
  of(ledger, 2).kind = 'till-sale';
  of(of(of(fulfilments, 1).lines, 0).pieces, 0).gross = 8332;
}

describe('of an order', () => {
  test('that is right, nothing is found', () => {
    expect([...checkOrder(ORDER, BASE), ...checkFee(ORDER), ...checkStep(ORDER, ORDER)]).toEqual([]);
  });

  test.each(WRONG)('%s', (found, edit) => {
    expect(checkOrder(changed(edit), BASE)).toContain(found);
  });
});

const PRO_RATA = (parts: { fulfilment: number; amount: number }[]): Edit => {
  return (order) => {
    order.shippingPolicy = 'pro-rata';
    of(order.ledger, 0).shippingOf = parts;
  };
};

describe('of the shipping fee', () => {
  test.each<[string, Edit]>([
    ['A1001-c1: parts of 5 of 490', ({ ledger }) => (of(ledger, 0).shippingOf = [{ fulfilment: 0, amount: 5 }])],
    ['A1001-c1: parts of 489 of 490', PRO_RATA([{ fulfilment: 0, amount: 489 }])],
    ['A1001-c1: bad parts', PRO_RATA([{ fulfilment: 9, amount: 490 }])],
    ['shipping of 491 taken, the fee is 490', ({ ledger }) => (of(ledger, 2).shipping = 1)],
  ])('%s', (found, edit) => {
    expect(checkFee(changed(edit))).toContain(found);
  });

  test('parts that sum to it are right', () => {
    expect(checkFee(changed(PRO_RATA([{ fulfilment: 0, amount: 490 }])))).toEqual([]);
  });
});

const state = (position: number, name: StoredOrder['fulfilments'][number]['state']): Edit => {
  return ({ fulfilments }) => (of(fulfilments, position).state = name);
};
const same: Edit = () => undefined;

describe('between two states of an order', () => {
  test.each<[found: string, before: Edit, after: Edit]>([
    ['the order went from fulfilled to fulfilling', same, (order) => (order.state = 'fulfilling')],
    ['the revision went from 16 to 15', same, (order) => (order.revision = 15)],
    ['A1001-c1 of 8814 changed', same, ({ ledger }) => (of(ledger, 0).amount = 8813)],
    ['A1001-c1 of 8814 changed', same, ({ ledger }) => (of(ledger, 0).key = 'A1001-c9')],
    ['line at 0 went back', same, ({ lines }) => (of(lines, 0).handedOver = 0)],
    ['line at 0 went back', same, ({ lines }) => (of(lines, 0).returned = 0)],
    ['line at 0 went back', ({ lines }) => (of(lines, 0).cancelled = 1), same],
    ['A1001-1 went from ready to accepted', state(0, 'ready'), state(0, 'accepted')],
    ['A1001-1 was handed over and is cancelled', same, state(0, 'cancelled')],
    [
      'A1001-2 was handed over before it was paid',
      state(1, 'ready'),
      ({ ledger }) => (of(ledger, 2).state = 'unknown'),
    ],
    [
      'A1001-2 was handed over before it was paid',
      state(1, 'ready'),
      ({ fulfilments }) => (of(of(fulfilments, 1).lines, 0).pieces = []),
    ],
  ])('%s', (found, before, after) => {
    expect(checkStep(changed(before), changed(after))).toContain(found);
  });
});
