import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { type Posting, postings } from '../../../supervisor/report/postings.ts';
import { reportEndpoint } from '../../../supervisor/report/questions.ts';
import type { ReportFile } from '../../../supervisor/report/report-file.ts';
import { useReportFolder } from './report-folder.ts';
import { row } from './rows.ts';

const folder = useReportFolder();

/** All pages of it. */
async function journal(file: ReportFile, asked: object = {}): Promise<Posting[]> {
  const progress = async () => ({ position: 0, lag: 0 });
  const { handle } = reportEndpoint({ read: file.read.bind(file), progress, maxReplyBytes: 1_000_000 });
  const all: Posting[] = [];
  for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
    const answer = await handle('journal', { ...asked, ...(cursor !== undefined && { cursor }) });
    const { postings: found, next } = answer as { postings: Posting[]; next?: string };
    all.push(...found);
    cursor = next;
  }
  return all;
}

const balance = (all: readonly Posting[], party: string, account: string): number =>
  all.reduce(
    (sum, { debit, credit, ...of }) => (of.party === party && of.account === account ? sum + debit - credit : sum),
    0,
  );

/** Of each day, party and currency: debits less credits. */
function differences(all: readonly Posting[]): number[] {
  const sums = new Map<string, number>();
  for (const { day, party, currency, debit, credit } of all) {
    const key = `${day} ${party} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0) + debit - credit);
  }
  return [...sums.values()];
}

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
const sometimes = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const anySum = fc.record({
  day: fc.constantFrom('2026-11-22', '2026-11-23'),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  movement: fc.constantFrom('sale', 'refund', 'correction', 'transit', 'rounding', 'settlement'),
  subject: fc.constantFrom('line', 'shipping', 'fee', 'order', 'party'),
  party: sometimes('store-a', 'store-b'),
  taxRate: sometimes('0.2', '0.055'),
  account: sometimes('main'),
  till: sometimes('store-a'),
  net: amount,
  tax: amount,
  storeShare: amount,
  settled: amount,
  netted: amount,
  isExchanged: fc.boolean(),
  isByHand: fc.boolean(),
});

test('whatever is booked, each day balances in the books of each party, to the minor unit', () => {
  fc.assert(
    fc.property(fc.array(anySum, { minLength: 1, maxLength: 30 }), (sums) => {
      const rows = sums.map(({ party, storeShare, settled, netted, ...sum }) => {
        // What is shared or settled is so with somebody.
        const [share, paid, owed] = party === undefined ? [0, 0, 0] : [storeShare, settled, netted];
        const known = Object.fromEntries(Object.entries({ ...sum, party }).filter(([, value]) => value !== undefined));
        const amounts = { gross: sum.net + sum.tax, storeShare: share, settled: paid, netted: owed };
        return { ...known, ...amounts, isShared: share !== 0 } as Parameters<typeof postings>[0][number];
      });
      const all = postings(rows);
      expect(differences(all).filter((difference) => difference !== 0)).toEqual([]);
      expect(all.filter(({ debit, credit }) => debit < 0 || credit < 0)).toEqual([]);
      for (const store of ['store-a', 'store-b']) {
        const owed = ['payable', 'receivable'].map((of) => balance(all, 'headquarters', `store-${of}:${store}`));
        expect(owed.reduce((sum, one) => sum + one, balance(all, store, 'headquarters'))).toBe(0);
      }
    }),
  );
});

const A = { preparedBy: 'store-a', party: 'store-a' };
const GATEWAY = { account: 'main', entry: 'A1-c1' };
const TILL = { movement: 'till-sale', entry: 'A2-t1', order: 'A2' } as const;

const BOOKED: AttributionRow[] = [
  row({ row: '1', ...A, ...GATEWAY, taxRate: '0.2', gross: 8324, tax: 1387, storeShare: 7283 }),
  row({ row: '2', ...GATEWAY, subject: 'shipping', taxRate: '0.2', gross: 490, tax: 82 }),
  row({ row: '3', ...GATEWAY, preparedBy: 'store-hq', taxRate: '0.055', gross: 1055, tax: 55 }),
  row({ row: '4', ...A, account: 'main', entry: 'A1-p1', movement: 'settlement', subject: 'party', settled: 7283 }),
  row({ row: '5', ...A, ...TILL, taxRate: '0.2', gross: 1200, tax: 200, storeShare: 1050 }),
  row({ row: '6', ...A, ...TILL, movement: 'settlement', subject: 'party', settled: 1200 }),
  row({ row: '7', ...A, movement: 'handling-fee', subject: 'party', storeShare: 300 }),
];

test('a day is posted as its chart of accounts says', async () => {
  const file = await folder.open();
  await file.append(BOOKED, 1);
  const lines = (await journal(file)).map(
    ({ party, account, debit, credit }) => `${party} ${account} ${debit} ${credit}`,
  );
  expect(lines).toEqual([
    'headquarters commission 0 1191',
    'headquarters gateway-clearing:main 9869 7283',
    'headquarters handling-fees 300 0',
    'headquarters output-tax:0.055 0 55',
    'headquarters output-tax:0.2 0 82',
    'headquarters revenue:0.055 0 1000',
    'headquarters shipping-revenue:0.2 0 408',
    'headquarters store-payable:store-a 8483 8633',
    'headquarters till-cash:store-a 1200 1200',
    'store-a commission-expense 1191 0',
    'store-a handling-fees 0 300',
    'store-a headquarters 8633 8483',
    'store-a output-tax:0.2 0 1587',
    'store-a payouts:main 7283 0',
    'store-a revenue:0.2 0 7937',
    'store-a till-cash 1200 0',
  ]);
});

test('carriage is posted by its rate in the books of whose it is, and apart where its row says none', async () => {
  const file = await folder.open();
  const carriage = { ...A, ...GATEWAY, subject: 'shipping', gross: 490, tax: 82, storeShare: 490 } as const;
  const own = { ...GATEWAY, subject: 'shipping', gross: 244, tax: 13 } as const;
  await file.append([row({ row: '1', ...carriage, taxRate: '0.2' }), row({ row: '2', ...own })], 1);
  await file.append([row({ row: '3', ...own, taxRate: '0.055' })], 2);
  const lines = (await journal(file)).flatMap(({ party, account, debit, credit }) =>
    /tax|revenue/.test(account) ? [`${party} ${account} ${debit} ${credit}`] : [],
  );
  expect(lines).toEqual([
    'headquarters output-tax:0.055 0 13',
    'headquarters output-tax:shipping 0 13',
    'headquarters shipping-revenue 0 231',
    'headquarters shipping-revenue:0.055 0 231',
    'store-a output-tax:0.2 0 82',
    'store-a shipping-revenue:0.2 0 408',
  ]);
});

test('a debt that a later payout pays is a receivable in between, and an exchange moves no money', async () => {
  const file = await folder.open();
  const party = { ...A, movement: 'settlement', subject: 'party', quantity: 0 } as const;
  const exchanged = { entry: 'A3-x1', exchange: 'A4', preparedBy: 'store-hq' };
  await file.append(
    [
      row({ row: '1', ...party, entry: 'A1-o1', netted: -500 }),
      row({ row: '2', ...party, entry: 'A2-n1', netted: 300 }),
      row({ row: '3', ...exchanged, movement: 'refund', taxRate: '0.2', gross: -120, tax: -20 }),
      row({ row: '4', ...exchanged, order: 'A4', taxRate: '0.2', gross: 120, tax: 20 }),
    ],
    1,
  );
  const all = await journal(file);
  expect(all.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
    ['exchange-clearing', 120, 120],
    ['output-tax:0.2', 20, 20],
    ['revenue:0.2', 100, 100],
    ['store-payable:store-a', 300, 500],
    ['store-receivable:store-a', 500, 300],
  ]);
});

test('what headquarters paid back by a bank transfer is no cash of the store that has the goods', async () => {
  const file = await folder.open();
  const back = { movement: 'refund', entry: 'A1-r2', takenBackBy: 'store-b', preparedBy: 'store-hq' } as const;
  const given = { taxRate: '0.2', gross: -120, tax: -20 };
  await file.append(
    [
      row({ row: '1', ...back, ...given, gatewayReference: 'transfer-17' }),
      row({ row: '2', ...back, ...given, entry: 'A2-r1' }),
    ],
    1,
  );
  const all = await journal(file);
  expect(balance(all, 'headquarters', 'paid-by-hand')).toBe(-120);
  expect(balance(all, 'headquarters', 'till-cash:store-b')).toBe(-120);
});

test('a refund is posted on the other side of its sale, and a day that gives all back has earned nothing', async () => {
  const file = await folder.open();
  const givenBack = BOOKED.map((booked) => ({
    ...booked,
    row: `${booked.row}-back`,
    gross: -booked.gross,
    net: -booked.net,
    tax: -booked.tax,
    storeShare: -booked.storeShare,
    settled: -booked.settled,
  }));
  await file.append([...BOOKED, ...givenBack], 1);
  const all = await journal(file);
  expect(all.map(({ debit, credit }) => debit - credit).filter((difference) => difference !== 0)).toEqual([]);
  expect(all.find(({ account }) => account === 'commission')).toMatchObject({ debit: 1191, credit: 1191 });
});

test('pages of any size, over days without rows, come to the same postings', async () => {
  const file = await folder.open();
  const days = ['2025-12-31', '2026-01-01', '2026-01-09', '2026-11-22'];
  await file.append(
    days.flatMap((day) =>
      BOOKED.map((booked) => ({ ...booked, row: `${day}-${booked.row}`, at: `${day}T12:00:00.000Z` })),
    ),
    1,
  );
  const all = await journal(file);
  expect([...new Set(all.map(({ day }) => day))]).toEqual(days);
  expect(all).toHaveLength(4 * 16);
  for (const limit of [1, 5, 16, 17]) expect(await journal(file, { limit })).toEqual(all);
  // The period ends with the days that are read at a time.
  expect(await journal(file, { from: '2026-11-22', to: '2026-11-29' })).toEqual(all.slice(3 * 16));
  const within = { from: '2026-01-01T12:00:00Z', to: '2026-11-22T12:00:00Z' };
  for (const limit of [3, 1000]) expect(await journal(file, { ...within, limit })).toEqual(all.slice(16, 3 * 16));
});
