/** What the simulator looks at when nothing moves any more is seen: each check of money and rows finds what breaks it. */
import { describe, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { JournalRow } from '../../../supervisor/gateway/simulator-journal.ts';
import { exactOrder, exactShare, firstUnits } from '../../sim/exact-amounts.ts';
import { checkMoney } from '../../sim/money-at-rest.ts';
import { RowInvariants } from '../../sim/row-invariants.ts';
import { shippingBounds } from '../../sim/shipping-fee.ts';
import { BASE } from '../order/scenario.ts';
import { changed, type Edit, journal, MOVED, NOW, ORDER, of, ROWS } from './traded-order.ts';

const moved = (key: string, changes: Partial<JournalRow>): JournalRow[] =>
  MOVED.map((row) => (row.key === key ? { ...row, ...changes } : row));
const without = (key: string): JournalRow[] => MOVED.filter((row) => row.key !== key);
const only = (key: string): JournalRow[] => MOVED.filter((row) => row.key === key);

const LATE = '2026-11-30T00:00:00.000Z';
const RULE = { version: 'v1', rule: 'all' };

describe('of money', () => {
  test('that is right, nothing is found', () => {
    expect(checkMoney([ORDER], journal(), NOW)).toEqual([]);
  });

  test.each<[found: string, moved: JournalRow[]]>([
    ['A1001-c1 moved twice', [...MOVED, ...only('A1001-c1')]],
    ['X-c1 moved, and no order knows of it', [...MOVED, ...moved('A1001-c1', { key: 'X-c1' }).slice(0, 1)]],
    ['A1001: A1001-c1 of 8814 is confirmed, 8813 moved', moved('A1001-c1', { amount: 8813 })],
    ['A1001: A1001-c1 of 8814 is confirmed, nothing moved', without('A1001-c1')],
    [`A1001: A1001-c2 was captured at ${LATE}, after 2026-11-29T09:00:00Z`, moved('A1001-c2', { at: LATE })],
    ['A1001: A1001-c1 moved USD', moved('A1001-c1', { currency: 'USD' })],
    ['A1001: stores paid 3638 more than they got', without('A1001-p1')],
    ['A1001: stores hold -3638, the ledger says 3645', without('A1001-p1')],
    ['A1001: 0 was kept, the ledger says otherwise', []],
    ['A1001: 13000 captured of 12980 on tender 0', moved('A1001-c1', { amount: 8834 })],
  ])('the provider: %s', (found, rows) => {
    expect(checkMoney([ORDER], journal(rows), NOW)).toContain(found);
  });

  test.each<[of: string, as: Partial<JournalRow>]>([
    ['of 8813', { amount: 8813 }],
    ['as a refund', { kind: 'refund' }],
    ['for a store', { party: 'store-a' }],
  ])('one key asked for again, %s', (_, changes) => {
    const calls = [...MOVED, ...only('A1001-c1').map((call) => ({ ...call, ...changes }))];
    const found = checkMoney([ORDER], journal(MOVED, calls), NOW);
    expect(found).toMatchObject([expect.stringMatching(/^A1001-c1 came as capture of 8814 and as /)]);
  });

  test.each<[found: string, edit: Edit]>([
    ['A1001: A1001-p2 is still unknown', ({ ledger }) => (of(ledger, 3).state = 'unknown')],
    ['A1001: A1001-p2 is failed, 3645 moved', ({ ledger }) => (of(ledger, 3).state = 'failed')],
    ['A1001: store-b holds 0, must be 3645', ({ ledger }) => (of(ledger, 3).state = 'unknown')],
    ['A1001: store-a holds 1, must be 0', ({ ledger }) => (of(ledger, 1).amount = 7284)],
    ['A1001: shipping of 0 taken of 490, though something was shipped', ({ ledger }) => (of(ledger, 0).shipping = 0)],
    [
      'A1001: fulfilled with 12980 captured and 0 voided of 13000',
      ({ tenders }) => (of(tenders, 0).authorised = 13_000),
    ],
    ['A1001: cancelled with 8324 of 12980 refunded', (order) => (order.state = 'cancelled')],
    ['A1001-r1 gave 8324 to A9, which has undefined', ({ ledger }) => (of(ledger, 4).exchange = 'A9')],
    [
      '12980 was taken from A9-r1, which nobody gave',
      ({ tenders }) => (of(tenders, 0).exchanged = { order: 'A9', entry: 'A9-r1' }),
    ],
    ['A1001: store-a is paid for what it takes back of its own', handled('store-a', 1)],
    ['A1001: line at 0: 2 of 1 units were handled for others', handled('store-b', 2)],
  ])('the order: %s', (found, edit) => {
    expect(checkMoney([changed(edit)], journal(), NOW)).toContain(found);
  });
});

function handled(store: string, quantity: number): Edit {
  return (order) => {
    order.handlings = [{ store, return: 'R1', line: 0, fulfilment: 0, quantity }];
  };
}

describe('of a shipping fee that a store has', () => {
  const bounds = (edit: Edit = () => undefined) =>
    shippingBounds(
      changed((order) => {
        of(order.fulfilments, 0).shipping = RULE;
        edit(order);
      }),
      'store-a',
    );

  test('all of it is the store’s, as long as nothing is given back', () => {
    expect(bounds()).toEqual({ low: 490n, high: 490n });
    expect(shippingBounds(ORDER, 'store-a')).toEqual({ low: 0n, high: 0n });
  });

  test('what goes back is not, from when it is owed on for certain', () => {
    expect(bounds(({ obligations }) => (of(obligations, 0).shipping = 100))).toEqual({ low: 390n, high: 390n });
    const underWay: Edit = ({ obligations, ledger }) => {
      of(obligations, 0).shipping = 100;
      of(ledger, 4).state = 'requested';
    };
    expect(bounds(underWay)).toEqual({ low: 390n, high: 490n });
  });
});

/** As if the report had said these. */
function heard(rows: readonly AttributionRow[]) {
  const invariants = new RowInvariants();
  const payload = { rows };
  const found = invariants.heard({ origin: undefined, entity: 'attribution', id: 'A1001', name: 'booked', payload });
  return { invariants, found };
}

/** The rows with the first of this movement and subject changed. */
function rowsWith(movement: string, subject: string, changes: Partial<AttributionRow>): AttributionRow[] {
  const position = ROWS.findIndex((row) => row.movement === movement && row.subject === subject);
  return ROWS.map((row, index) => (index === position ? { ...row, ...changes } : row));
}

describe('of rows', () => {
  test('that are right, nothing is found', () => {
    const { invariants, found } = heard(ROWS);
    const rest = invariants.atRest([ORDER], journal());
    expect([...found, ...invariants.check(ORDER), ...rest, ...invariants.replayed({ versions: [] })]).toEqual([]);
  });

  test('one is said twice', () => {
    expect(heard([...ROWS, ...ROWS.slice(0, 1)]).found).toEqual(['row A1001-6-1 was said twice']);
  });

  test.each<[found: string, rows: AttributionRow[]]>([
    ['rows sum to 4166, captured − refunded is 4656', ROWS.slice(1)],
    ['row A1001-6-2: 6938 + 1387 is not 8324', rowsWith('sale', 'line', { net: 6938 })],
    ['row A1001-6-2: shares 7283 and 1042 of 8324', rowsWith('sale', 'line', { headquartersShare: 1042 })],
    ['row A1001-6-1: tax 85 of carriage 490 at 0.2, not 81.66666666666667', rowsWith('sale', 'shipping', { tax: 85 })],
    ['row A1001-6-2: tax 1400 of 8324 at 0.2, not 1387.3333333333333', rowsWith('sale', 'line', { tax: 1400 })],
  ])('%s', (found, rows) => {
    expect(heard(rows).invariants.check(ORDER)).toContain(found);
  });

  test.each<[found: string, rows: AttributionRow[]]>([
    ['A1001: rows of A1001-p2 sum to 0, 3645 moved', ROWS.filter(({ entry }) => entry !== 'A1001-p2')],
    ['A1001: rows of A1001-c1 sum to 8815, 8814 moved', rowsWith('sale', 'line', { gross: 8325 })],
    ['A1001: rows give store-a 1, it is entitled to 0 to 0', rowsWith('sale', 'line', { storeShare: 7284 })],
    ['A1001: 490 is in transit', rowsWith('sale', 'shipping', { movement: 'transit' })],
    ['A1001: 490 is rounding', rowsWith('sale', 'shipping', { movement: 'rounding' })],
  ])('at rest: %s', (found, rows) => {
    expect(heard(rows).invariants.atRest([ORDER], journal())).toContain(found);
  });

  test('what would be another share under the rules in force', () => {
    const rows = rowsWith('sale', 'line', { storeShare: 7284, headquartersShare: 1040 });
    expect(heard(rows).invariants.replayed({ versions: [] })).not.toEqual([]);
  });
});

test('rows that do not say what they were reckoned from can not be reckoned anew', () => {
  const rows = ROWS.map(({ placedAt: _, storeRate: __, ...row }) => row);
  expect(heard(rows).invariants.replayed({ versions: [] })).toContainEqual(
    expect.stringMatching(/^A1001: \d+ rows can't be reckoned anew$/),
  );
});

describe('amounts that are reckoned again', () => {
  test('are those of the worked example', () => {
    expect(exactOrder(BASE)).toEqual({
      lines: [
        { line: '1', quantity: 1, gross: 8324n, tax: 1387n },
        { line: '2', quantity: 1, gross: 4166n, tax: 694n },
      ],
      shipping: 490n,
      total: 12_980n,
    });
    expect(exactShare({ gross: 8324n, net: 6937n, units: 1n }, { percent: '0.15' })).toBe(7283n);
  });

  test('give odd minor units to the first units, and a commission its bounds', () => {
    expect([1, 2, 3].map((count) => firstUnits(100n, 3, count))).toEqual([34n, 67n, 100n]);
    const held = { gross: 1200n, net: 1000n, units: 2n };
    const shares = [
      { fixed: 100 },
      { percent: '0.15', minimum: 200 },
      { percent: '0.15', maximum: 100 },
      { fixed: 900 },
    ];
    expect(shares.map((rule) => exactShare(held, rule))).toEqual([1000n, 1000n, 1100n, 0n]);
  });
});
