import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { writeStatement } from '../../../supervisor/cli/report/statement-document.ts';
import { reportEndpoint } from '../../../supervisor/report/questions.ts';
import { useReportFolder } from '../report/report-folder.ts';
import { row } from '../report/rows.ts';

const folder = useReportFolder();
/** Another stream begins another report. */
let streams = 0;
const A = { party: 'store-a' };

/** The document of a report with these rows. */
async function written(rows: AttributionRow[], period: object, json: boolean, bytes = 2000): Promise<string> {
  const file = await folder.open(`EVENTS ${++streams}`);
  await file.append(rows, 7);
  const progress = async () => ({ position: file.position, lag: 0 });
  const { handle } = reportEndpoint({ read: file.read.bind(file), progress, maxReplyBytes: bytes });
  let text = '';
  const query = async (subject: string, request: unknown) => handle(subject.split('.')[2] ?? '', request);
  await writeStatement({ query: query as never }, { store: 'store-a', ...period }, json, async (more) => {
    text += more;
  });
  return text;
}

const TRADED = [
  row({
    row: 'A1-1-1',
    at: '2026-11-21T09:00:00.000Z',
    ...A,
    line: '1',
    gross: 8324,
    commission: 1041,
    storeShare: 7283,
  }),
  row({
    row: 'A1-2-1',
    at: '2026-11-21T09:05:00.000Z',
    ...A,
    entry: 'A1-p1',
    movement: 'settlement',
    subject: 'party',
    settled: 7283,
  }),
  row({
    row: 'A1-3-1',
    at: '2026-11-22T09:00:00.000Z',
    ...A,
    line: '1',
    movement: 'refund',
    gross: -8324,
    commission: -1041,
    storeShare: -7283,
  }),
  row({
    row: 'A1-4-1',
    at: '2026-11-22T09:01:00.000Z',
    ...A,
    entry: 'A1-o1',
    movement: 'settlement',
    subject: 'party',
    netted: -7000,
  }),
  row({
    row: 'A1-5-1',
    at: '2026-11-22T09:02:00.000Z',
    ...A,
    entry: 'A1-b2',
    movement: 'settlement',
    subject: 'party',
    settled: -283,
  }),
  row({ row: 'B1-1-1', at: '2026-11-22T09:03:00.000Z', party: 'store-b', gross: 100, storeShare: 90 }),
];

test('a statement opens with what was owed, tells every entry with its balance, and closes with their sum', async () => {
  const { of, entries, statements } = JSON.parse(await written(TRADED, { from: '2026-11-22' }, true));
  expect(of).toEqual({ store: 'store-a', from: '2026-11-22' });
  expect(entries.map(({ row: id, balance }: { row: string; balance: number }) => [id, balance])).toEqual([
    ['A1-3-1', -7283],
    ['A1-4-1', -7283],
    ['A1-5-1', -7000],
  ]);
  expect(statements).toMatchObject([{ currency: 'EUR', opening: 0, closing: -7000, owes: 7000 }]);
});

test('for people it says who owes whom', async () => {
  const text = await written(TRADED, { from: '2026-11-21', to: '2026-11-23' }, false);
  expect(text).toContain('store-a from 2026-11-21 to 2026-11-23\nopening 0.00 EUR owed to the store\n');
  expect(text).toContain('closing 70.00 EUR owed by the store, 70.00 EUR of it to be netted from next payouts\n');
  expect(text).toMatch(/A1 +refund +1 +-83.24 +-10.41 +-72.83 +0.00 +0.00 +0.00 +-72.83 +EUR/);
});

test('a sale of which the store has nothing is told, what happened to units without money is not', async () => {
  const rows = [
    row({ row: 'A1-1-1', ...A, line: '1', gross: 100, commission: 100 }),
    row({ row: 'A1-2-1', ...A, line: '1', movement: 'delivery' }),
  ];
  expect(await written(rows, {}, false)).toMatch(/A1 +sale +1 +1.00 +1.00 +0.00/);
  expect(JSON.parse(await written(rows, {}, true)).entries).toHaveLength(1);
});

test('of a store without entries it says so', async () => {
  expect(await written([], {}, false)).toContain('nothing was earned or settled');
});

test('whatever the period, it closes at Σ shares − Σ settled, to the minor unit', async () => {
  const amounts = fc.array(
    fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      storeShare: fc.integer(),
      settled: fc.integer(),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    }),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(amounts, fc.integer({ min: 2, max: 28 }), async (all, day) => {
      const dayOf = (of: number) => `2026-11-${String(of).padStart(2, '0')}`;
      const rows = all.map(({ day: on, ...money }, index) =>
        row({ row: `A1-${index}-1`, at: `${dayOf(on)}T00:00:00.000Z`, ...A, ...money }),
      );
      const before = JSON.parse(await written(rows, { to: dayOf(day) }, true)).statements;
      for (const { currency, closing } of before) {
        const own = all.filter((of) => of.currency === currency && of.day < day);
        expect(closing).toBe(own.reduce((sum, { storeShare, settled }) => sum + storeShare - settled, 0));
      }
    }),
    { numRuns: 5, seed: 20_261_125 },
  );
});
