/** Shipping and handling fees under other rules. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderPolicy } from '../../../actors/order/record.ts';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import { Replay } from '../../../supervisor/report/replay.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  scenario,
  shop,
  told,
} from '../order/scenario.ts';
import { row } from './rows.ts';
import { story, traded } from './traded-orders.ts';

const book = (first: object[], second: object[] = first): RuleBook =>
  ({
    versions: [
      { version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules: first },
      { version: 'v2', validFrom: '2026-11-21T00:00:00Z', rules: second },
    ],
  }) as RuleBook;

const EUR = { currency: 'EUR' };
const BOOKS: RuleBook[] = [
  { versions: [] },
  book([{ rule: 'all', percent: '0.15', shipping: 'store', handlingFee: 30, ...EUR }]),
  book(
    [
      { rule: 'lamps', category: 'lamps', percent: '0.3333', handlingFee: 12, ...EUR },
      { rule: 'b', store: 'store-b', percent: '0.1', shipping: 'store' },
      { rule: 'c', store: ['store-c', 'store-d'], percent: '0.5', handlingFee: 17, ...EUR },
    ],
    [{ rule: 'shipped', mode: 'ship-from-store', fixed: 37, minimum: 90, shipping: 'store', ...EUR }],
  ),
  book([{ rule: 'a', store: ['store-a', 'store-d'], percent: '0.2', shipping: 'store', handlingFee: 1, ...EUR }], []),
];

type Shares = Record<string, number>;

function sharesIn(rows: readonly AttributionRow[]): Shares {
  const shares: Shares = {};
  const add = (party: string, amount: number) => {
    if (amount !== 0) shares[party] = (shares[party] ?? 0) + amount;
  };
  for (const { party, storeShare, headquartersShare } of rows) {
    add('headquarters', headquartersShare);
    if (party !== undefined) add(party, storeShare);
  }
  return withoutNothing(shares);
}

const withoutNothing = (shares: Shares): Shares =>
  Object.fromEntries(Object.entries(shares).filter(([, amount]) => amount !== 0));

function replayed(rows: readonly AttributionRow[], rules: RuleBook, isCounted: (row: AttributionRow) => boolean) {
  const replay = new Replay(rules);
  for (const row of rows) replay.add(row, isCounted(row));
  const parties = replay.result();
  const shares = (amount: 'was' | 'would' | 'difference') =>
    withoutNothing(Object.fromEntries(parties.map((of) => [of.party, of[amount]])));
  const { unknown, untold } = replay;
  return { unknown, untold, was: shares('was'), would: shares('would'), difference: shares('difference') };
}

/** A replay that leaves everybody what he has. */
function expectSame(
  { was, would, difference, ...left }: ReturnType<typeof replayed>,
  expected: { unknown?: number; untold?: number } = {},
): void {
  expect(difference).toEqual({});
  expect(would).toEqual(was);
  expect(left).toMatchObject(expected);
}

test('every share, shipping fee and handling fee is what trading under the other rules would have given, in any period', () => {
  fc.assert(
    fc.property(story, fc.constantFrom(...BOOKS), fc.constantFrom(...BOOKS), fc.nat(40), (of, used, other, seconds) => {
      const under = (rules: RuleBook) => traded('D1', of, rules).rows;
      const until = Date.parse('2026-11-22T09:00:00Z') + seconds * 1000;
      const isCounted = ({ at }: AttributionRow) => Date.parse(at) <= until;
      const rows = under(used);
      expectSame(replayed(rows, used, isCounted), { unknown: 0 });
      const { was, would } = replayed(rows, other, isCounted);
      expect(was).toEqual(sharesIn(rows.filter(isCounted)));
      expect(would).toEqual(sharesIn(under(other).filter(isCounted)));
    }),
    { numRuns: 25, seed: 20_261_126 },
  );
});

/** BASE: A brings the fee of 490; C takes back what A and B prepared. */
function baseTraded(rules: RuleBook, more: Partial<OrderPolicy> = {}): readonly AttributionRow[] {
  const order = scenario('A1001', { ruleBook: () => rules, ...more }).given(
    shop.place(BASE),
    ...bothAccept('A1001'),
    A.ready(),
    confirmed('A1001-c1'),
    B.ready(),
    confirmed('A1001-c2'),
    A.ship(),
    B.ship(),
    declared('R1', { '1': 1, '2': 1 }),
    claimed('R1', { '1': [1, 0], '2': [1, 0] }, { store: 'store-c' }),
    told('store-terms', { store: 'store-c', terms: FRANCHISE }),
  );
  return order.rows;
}

const PLAIN = book([{ rule: 'all', percent: '0.15' }]);
const all = () => true;

test('another bearer of shipping moves the fee to the store whose goods brought it, and nothing else', () => {
  const toStores = book([{ rule: 'all', percent: '0.15', shipping: 'store' }]);
  const rows = baseTraded(PLAIN);
  expect(replayed(rows, toStores, all).difference).toEqual({ headquarters: -490, 'store-a': 490 });
  expect(replayed(baseTraded(toStores), PLAIN, all).difference).toEqual({ headquarters: 490, 'store-a': -490 });
  // Half-up of 490 × 8324 / 12490; the rest came with B.
  const parts = baseTraded(PLAIN, { shipping: 'pro-rata' });
  expect(replayed(parts, toStores, all).difference).toEqual({ headquarters: -490, 'store-a': 327, 'store-b': 163 });
  const toB = book([{ rule: 'b', store: 'store-b', percent: '0.15', shipping: 'store' }]);
  expect(replayed(parts, toB, all).difference).toEqual({ headquarters: -163, 'store-b': 163 });
});

test('another handling fee is paid for each unit that a franchise took back for others, also where there was none', () => {
  const fees = (handlingFee: number) => book([{ rule: 'all', percent: '0.15', handlingFee, ...EUR }]);
  const rows = baseTraded(PLAIN);
  expect(replayed(rows, fees(250), all)).toMatchObject({
    unknown: 0,
    untold: 0,
    difference: { headquarters: -500, 'store-c': 500 },
  });
  expect(replayed(baseTraded(fees(250)), fees(100), all).difference).toEqual({ headquarters: 300, 'store-c': -300 });
  expect(replayed(baseTraded(fees(250)), PLAIN, all).difference).toEqual({ headquarters: 500, 'store-c': -500 });
  const isRefund = ({ movement }: AttributionRow) => movement !== 'handling-fee';
  expectSame(replayed(rows, fees(250), isRefund));
});

describe('rows from before they said who brought a fee, or took goods back', () => {
  const NEW = book([{ rule: 'all', percent: '0', shipping: 'store', handlingFee: 250, ...EUR }]);
  const isOld = { placedAt: undefined, broughtBy: undefined, basis: undefined } as unknown as AttributionRow;
  const older = (row: AttributionRow): AttributionRow => ({ ...row, ...isOld });

  test('are left as recorded and counted, with all that follows of the same fee', () => {
    const rows = baseTraded(book([{ rule: 'all', percent: '0.15', shipping: 'store', handlingFee: 100, ...EUR }]), {
      shipping: 'pro-rata',
    });
    const [first] = rows.filter(({ subject }) => subject === 'shipping');
    const isFee = ({ subject }: AttributionRow) => subject === 'shipping' || subject === 'party';
    const mixed = rows.filter(isFee).map((of) => (of === first || of.subject === 'party' ? older(of) : of));
    expectSame(replayed(mixed, PLAIN, all), { unknown: 4 });
    expectSame(
      replayed(mixed, PLAIN, ({ subject }) => subject === 'party'),
      { unknown: 2 },
    );
  });

  test('of a line leave the rest of it as recorded too', () => {
    const sale = { party: 'store-a', preparedBy: 'store-a', line: '1', gross: 1000, storeShare: 850 };
    const back = { ...sale, movement: 'refund', quantity: -1, gross: -1000, storeShare: -850 } as const;
    const known = { storeRate: '0.15', placedAt: '2026-11-22T09:00:00.000Z' };
    const rows = [row({ row: '1', ...sale }), row({ row: '2', ...back, ...known })];
    expectSame(replayed(rows, NEW, all), { unknown: 2 });
  });

  test('say nothing of units without a fee: refunds tell how many', () => {
    const refund = { movement: 'refund', quantity: -2, return: 'R1', line: '1' } as const;
    const back = { ...refund, preparedBy: 'store-a', takenBackBy: 'store-c' };
    expectSame(replayed([row({ row: '1', ...back })], NEW, all), { untold: 2 });
    expectSame(
      replayed([row({ row: '1', ...back })], NEW, () => false),
      { untold: 0 },
    );
    expectSame(replayed([row({ row: '1', ...back, takerOwnership: 'company' })], NEW, all), { untold: 0 });
    expectSame(replayed([row({ row: '1', ...back, takenBackBy: 'store-a' })], NEW, all), { untold: 0 });
  });
});
