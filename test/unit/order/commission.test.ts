import { expect, test } from 'vitest';
import type { RuleBook } from '../../../protocols/commission.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const BOOK: RuleBook = {
  versions: [
    {
      version: 'v1',
      validFrom: '2026-01-01T00:00:00Z',
      rules: [
        { rule: 'sold-by-another', mode: 'endless-aisle', percent: '0.3' },
        { rule: 'lamps', category: 'lamps', percent: '0.5', currency: 'EUR', maximum: 1000 },
        { rule: 'fixed', store: 'store-b', fixed: 300, currency: 'EUR' },
        { rule: 'generous', channel: 'app', percent: '0.1', shipping: 'store' },
      ],
    },
    { version: 'v2', validFrom: '2026-11-23T00:00:00Z', rules: [{ rule: 'all', percent: '1' }] },
  ],
};
const under = (book: RuleBook): Scenario => scenario('A1001', { ruleBook: () => book });

function base(more: Partial<typeof BASE> = {}): Scenario {
  return under(BOOK).given(shop.place({ ...BASE, ...more }), ...bothAccept('A1001'));
}

test('a rule that matches takes the place of the store’s own commission, line by line', () => {
  base()
    .given(A.ready(), confirmed('A1001-c1'), B.ready(), confirmed('A1001-c2'))
    // Nothing matches line 1: 15 % of its own. Line 2: 300 a unit.
    .ledger('A1001-c1 8814 confirmed', 'A1001-p1 7283 requested', 'A1001-c2 4166 confirmed', 'A1001-p2 3866 requested');
});

test('the maximum bounds the commission of a line', () => {
  const [lantern, tin] = BASE.lines;
  if (!lantern || !tin) throw new Error('two lines');
  base({ lines: [{ ...lantern, category: 'lamps' }, tin] })
    .given(A.ready(), confirmed('A1001-c1'))
    .ledger('A1001-c1 8814 confirmed', 'A1001-p1 7324 requested');
});

test('endless aisle is another mode: another store sold what this one prepares', () => {
  base({ soldBy: 'store-b' })
    .given(A.ready(), confirmed('A1001-c1'))
    .ledger('A1001-c1 8814 confirmed', `A1001-p1 ${8324 - 2081} requested`);
});

test('shipping and its tax go to the store where its rule says so, and come back with the refund of it', () => {
  const shared = base({ channel: 'app' }).given(A.ready(), confirmed('A1001-c1'));
  shared.ledger('A1001-c1 8814 confirmed', `A1001-p1 ${8324 - 694 + 490} requested`);
  shared
    .given(
      confirmed('A1001-p1'),
      A.ship(),
      declared('R1', { '1': 1 }),
      claimed('R1', { '1': [1, 0] }, { refundShipping: true }),
      confirmed('A1001-r1'),
    )
    .ledger('A1001-c1 8814 confirmed', 'A1001-p1 8120 confirmed', 'A1001-r1 8814 confirmed', 'A1001-b1 8120 requested');
});

test('a shipping fee that was prepaid stays with the store that was ready first', () => {
  const rules = [{ rule: 'all', percent: '0.1', shipping: 'store' as const }];
  under({ versions: [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules }] })
    .given(
      shop.place({ ...BASE, payment: { ...paymentOf(BASE), method: 'ideal', captured: 12980 } }),
      ...bothAccept('A1001'),
      B.ready(),
      confirmed('A1001-p1'),
      A.ready(),
      confirmed('A1001-p2'),
    )
    .ledger('A1001-c1 12980 confirmed', `A1001-p1 ${4166 - 347 + 490} confirmed`, `A1001-p2 ${8324 - 694} confirmed`);
});

test('the shipping fee is booked anew when its goods are cancelled and another store earns it', () => {
  const rules = [{ rule: 'all', percent: '0.1', shipping: 'store' as const }];
  const { payoutAccount: _, ...unpaid } = FRANCHISE;
  const order = under({ versions: [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules }] }).given(
    shop.place(BASE),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
    reserved('A1001-1', unpaid),
    reserved('A1001-2', unpaid),
    A.ready(),
    confirmed('A1001-c1'),
    B.ready(),
    confirmed('A1001-c2'),
    shop.cancel({ lines: [{ line: '1', quantity: 1 }] }),
    confirmed('A1001-r1'),
  );
  const shipping = order.rows.filter(({ subject }) => subject === 'shipping');
  expect(shipping.map(({ party, storeShare }) => `${party} ${storeShare}`)).toEqual([
    'store-a 490',
    'store-a -490',
    'store-b 490',
  ]);
});

test('the version is that of placement, also where a store reserves under a later one', () => {
  const versions = BOOK.versions.slice(0, 1);
  let known = { versions };
  const order = scenario('A1001', { ruleBook: () => known }).given(
    shop.place(BASE),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
  );
  known = BOOK;
  order
    .given(reserved('A1001-1'), reserved('A1001-2'), B.ready(), confirmed('A1001-c1'))
    .ledger('A1001-c1 4656 confirmed', 'A1001-p1 3866 requested');
});

test('an order is under the version that was valid when the customer placed it', () => {
  under(BOOK)
    .given(
      shop.place({ ...simple(2, 1000), placedAt: '2025-06-01T00:00:00Z' }),
      plan({ 'store-b': { '1': 2 } }),
      reserved('A1001-1'),
      B.ready(),
      confirmed('A1001-c1'),
    )
    // Before the first version: the store's own 15 %.
    .ledger('A1001-c1 2000 confirmed', 'A1001-p1 1750 requested');
});

test('parts under a fixed rule add up to the whole, whatever comes first', () => {
  const order = under(BOOK).given(
    shop.place(simple(3, 1000)),
    plan({ 'store-b': { '1': 3 } }),
    reserved('A1001-1', FRANCHISE),
    B.ready(undefined, { '1': 1 }),
    confirmed('A1001-c1'),
    confirmed('A1001-p1'),
    B.ready(),
    confirmed('A1001-c2'),
    confirmed('A1001-p2'),
  );
  expect(order.view.parties).toEqual({ headquarters: 900, 'store-b': 2100 });
});

test('without rules nothing changes', () => {
  assignedBase().given(A.ready(), confirmed('A1001-c1')).ledger('A1001-c1 8814 confirmed', 'A1001-p1 7283 requested');
});
