import { beforeEach, describe, expect, test } from 'vitest';
import { reportEndpoint } from '../../../supervisor/report/questions.ts';
import type { ReportFile } from '../../../supervisor/report/report-file.ts';
import { useReportFolder } from './report-folder.ts';
import { row } from './rows.ts';

const folder = useReportFolder();

const ROWS = [
  row({
    row: 'A1-1-1',
    gross: 8324,
    tax: 1387,
    storeShare: 7283,
    commission: 1041,
    party: 'store-a',
    preparedBy: 'store-a',
  }),
  row({ row: 'A1-1-2', gross: 490, tax: 82, subject: 'shipping', quantity: 0 }),
  row({ row: 'A1-1-3', settled: 7283, quantity: 0, party: 'store-a', movement: 'settlement', subject: 'party' }),
  row({
    row: 'B1-1-1',
    order: 'B1',
    at: '2026-11-23T00:00:00.000Z',
    channel: 'app',
    gross: 500,
    currency: 'JPY',
    soldBy: 'store-c',
  }),
  row({
    row: 'A1-2-1',
    at: '2026-11-23T08:00:00.000Z',
    movement: 'refund',
    gross: -490,
    tax: -82,
    quantity: -1,
    takenBackBy: 'store-b',
  }),
];

type Answer = { rows: { row: string }[]; next?: string; [field: string]: unknown };
let file: ReportFile;
let ask: (name: string, request?: unknown) => Promise<Answer>;
let bytes = 100_000;

beforeEach(async () => {
  bytes = 100_000;
  file = await folder.open();
  await file.append(ROWS, 7);
  const read = file.read.bind(file);
  const progress = async () => ({ position: file.position, lag: 0 });
  ask = async (name, request) => {
    const { handle } = reportEndpoint({ read, progress, maxReplyBytes: bytes });
    return (await handle(name, request)) as Answer;
  };
});

const rowsOf = async (request: object) => (await ask('attribution', request)).rows.map(({ row: id }) => id);

describe('attribution', () => {
  test('has the rows as they were booked, and says how far it is', async () => {
    expect(await ask('attribution')).toEqual({ rows: ROWS, projection: { position: 7, lag: 0 } });
  });

  test.each<[string, object, string[]]>([
    ['a day', { from: '2026-11-22', to: '2026-11-23' }, ['A1-1-1', 'A1-1-2', 'A1-1-3']],
    ['a period that begins with the instant of a row', { from: '2026-11-23T00:00:00Z' }, ['B1-1-1', 'A1-2-1']],
    ['a store that prepared, or took back', { store: 'store-b' }, ['A1-2-1']],
    ['a store whose share it is', { store: 'store-a' }, ['A1-1-1', 'A1-1-3']],
    ['a store that sold', { store: 'store-c' }, ['B1-1-1']],
    ['a channel', { channel: 'app' }, ['B1-1-1']],
    ['an order', { order: 'A1', movement: 'refund' }, ['A1-2-1']],
    ['a row', { row: 'B1-1-1' }, ['B1-1-1']],
    ['what is nowhere', { currency: 'KWD' }, []],
  ])('narrows to %s', async (_, request, expected) => {
    expect(await rowsOf(request)).toEqual(expected);
  });

  test('comes in pages of any size, by number and by what a message carries', async () => {
    for (const [limit, most] of [
      [1, 100_000],
      [2, 100_000],
      [1000, 700],
      [1000, 1],
    ] as const) {
      bytes = most;
      const found: string[] = [];
      for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
        const { rows, next } = await ask('attribution', {
          order: 'A1',
          limit,
          ...(cursor !== undefined && { cursor }),
        });
        expect(rows.length).toBeLessThanOrEqual(limit);
        found.push(...rows.map(({ row: id }) => id));
        cursor = next;
      }
      expect(found).toEqual(['A1-1-1', 'A1-1-2', 'A1-1-3', 'A1-2-1']);
    }
  });
});

describe('summary', () => {
  const sums = { quantity: 1, net: 0, tax: 0, discountShare: 0, commission: 0, storeShare: 0, settled: 0, netted: 0 };

  test('sums by currency and movement, never over currencies', async () => {
    const { totals, movements } = await ask('summary', { from: '2026-11-23' });
    expect(totals).toEqual([
      { currency: 'EUR', rows: 1, ...sums, quantity: -1, gross: -490, net: -408, tax: -82, headquartersShare: -490 },
      { currency: 'JPY', rows: 1, ...sums, gross: 500, net: 500, headquartersShare: 500 },
    ]);
    expect(movements).toMatchObject([
      { currency: 'EUR', movement: 'refund', gross: -490 },
      { currency: 'JPY', movement: 'sale', gross: 500 },
    ]);
  });

  test('groups by what is asked for, in pages', async () => {
    const request = { groupBy: ['day', 'store'], currency: 'EUR' };
    const { groups } = await ask('summary', request);
    expect(groups).toMatchObject([
      { currency: 'EUR', day: '2026-11-22', store: 'store-a', rows: 2, gross: 8324, storeShare: 7283, settled: 7283 },
      { currency: 'EUR', day: '2026-11-22', rows: 1, gross: 490 },
      { currency: 'EUR', day: '2026-11-23', rows: 1, gross: -490 },
    ]);
    const first = await ask('summary', { ...request, limit: 2 });
    const second = await ask('summary', { ...request, limit: 2, cursor: first.next });
    expect([...(first.groups as []), ...(second.groups as [])]).toEqual(groups);
    expect(second.next).toBeUndefined();
  });

  test('tells apart what was taken at once and what was paid by hand', async () => {
    const of = { order: 'C1', subject: 'order', quantity: 0 } as const;
    const refund = { ...of, movement: 'refund' } as const;
    const rows = [
      row({ ...of, row: 'C1-1-1', gross: 6000, account: 'main', entry: 'C1-c1', transaction: 'tr_1' }),
      row({ ...refund, row: 'C1-2-1', gross: -1000, account: 'main', entry: 'C1-r1', gatewayReference: 're_1' }),
      row({ ...refund, row: 'C1-3-1', gross: -500, entry: 'C1-r2', gatewayReference: 'transfer-17' }),
      row({ ...refund, row: 'C1-4-1', gross: -200, entry: 'C1-r3' }),
      row({ ...refund, row: 'C1-5-1', gross: -100, entry: 'C1-r4', gatewayReference: 'D1', exchange: 'D1' }),
    ];
    await file.append(rows, 9);
    const { groups } = (await ask('summary', { order: 'C1', groupBy: ['account', 'way'] })) as unknown as {
      groups: { account?: string; way?: string; gross: number }[];
    };
    expect(groups.map(({ account, way, gross }) => [account, way, gross])).toEqual([
      ['main', 'at-once', 6000],
      ['main', undefined, -1000],
      [undefined, 'by-hand', -500],
      [undefined, undefined, -300],
    ]);
  });

  describe('of a unit that another store took back', () => {
    const of = { order: 'D1', party: 'store-c', preparedBy: 'store-c', line: '1' } as const;
    const back = { ...of, takenBackBy: 'store-d' } as const;
    const sold = { gross: 1200, tax: 200, storeShare: 1050, commission: 150 };
    const given = { gross: -1200, tax: -200, storeShare: -1050, commission: -150, quantity: -1 };
    const fee = { ...back, party: 'store-d', storeShare: 250, movement: 'handling-fee', subject: 'party' } as const;
    const own = { order: 'D2', party: 'store-d', preparedBy: 'store-d', ...sold };

    beforeEach(() =>
      file.append(
        [
          row({ row: 'D1-1-1', ...of, ...sold }),
          row({ row: 'D1-2-1', ...of, movement: 'delivery' }),
          row({ row: 'D1-3-1', ...fee }),
          row({ row: 'D1-3-2', ...back, ...given, movement: 'refund' }),
          row({ row: 'D2-1-1', ...own }),
          row({ row: 'D2-2-1', order: 'D2', movement: 'cancellation', party: 'store-d' }),
        ],
        9,
      ),
    );

    test('nothing is left, and each movement has the units that it happened to', async () => {
      const { totals, movements, groups } = await ask('summary', { order: 'D1', groupBy: ['preparedBy'] });
      expect([totals, groups]).toMatchObject([[{ quantity: 0 }], [{ quantity: 0 }]]);
      const units = (movements as { movement: string; quantity: number }[]).map((of) => [of.movement, of.quantity]);
      expect(units).toEqual([
        ['delivery', 1],
        ['handling-fee', 1],
        ['refund', -1],
        ['sale', 1],
      ]);
    });

    test('the taker has its own share only, beside what others have of the rows', async () => {
      const { totals } = await ask('summary', { store: 'store-d' });
      const shares = { storeShare: 1300, othersShare: -1050, headquartersShare: -250, commission: 150 };
      expect(totals).toMatchObject([{ quantity: 0, gross: 0, settled: 0, netted: 0, ...shares }]);
    });
  });

  test('of nothing has no totals', async () => {
    expect(await ask('summary', { order: 'X1' })).toMatchObject({ totals: [], movements: [] });
  });
});

describe('a statement', () => {
  const sale = { movement: 'sale', rows: 1, gross: 8324, commission: 1041, storeShare: 7283, settled: 0 };
  const paid = { movement: 'settlement', rows: 1, storeShare: 0, settled: 7283 };

  test('opens with what was owed before, and closes with what is owed after', async () => {
    await file.append([row({ row: 'A1-3-1', at: '2026-11-24T08:00:00.000Z', party: 'store-a', storeShare: -2000 })], 9);
    const of = async (request: object) => (await ask('statement', { store: 'store-a', ...request })).statements;
    expect(await of({})).toMatchObject([
      {
        currency: 'EUR',
        opening: 0,
        movements: [{ movement: 'sale', rows: 2, storeShare: 5283 }, paid],
        storeShare: 5283,
        settled: 7283,
        closing: -2000,
      },
    ]);
    expect(await of({ to: '2026-11-24' })).toMatchObject([{ opening: 0, movements: [sale, paid], closing: 0 }]);
    expect(await of({ from: '2026-11-24' })).toMatchObject([
      { opening: 0, movements: [{ movement: 'sale', storeShare: -2000 }], closing: -2000 },
    ]);
    expect(await of({ from: '2026-11-25' })).toMatchObject([{ opening: -2000, movements: [], closing: -2000 }]);
  });

  test('of a store without rows is empty', async () => {
    expect(await ask('statement', { store: 'store-x' })).toMatchObject({ store: 'store-x', statements: [] });
  });
});

describe('pages of sums, while trade goes on', () => {
  const sale = (order: string, store: string) =>
    row({ row: `${order}-1-1`, order, gross: 1200, tax: 200, storeShare: 1050, party: store, preparedBy: store });

  beforeEach(() => file.append([sale('B2', 'store-b'), sale('B3', 'store-c')], 8));

  /** All pages; what is sold after the first would come before what it told. */
  async function told(name: string, field: string, request: object): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
      const answer = await ask(name, { to: '2026-11-23', ...request, ...(cursor !== undefined && { cursor }) });
      found.push(...(answer[field] as []));
      cursor = answer.next;
      if (page === 0) await file.append([sale('B4', 'store-0')], 9);
    }
    return found;
  }

  test('the journal is balanced, and is of what was there when it began', async () => {
    const before = await ask('journal', { to: '2026-11-23' });
    const postings = await told('journal', 'postings', { limit: 4 });
    expect(postings).toEqual(before.postings);
    const off = postings.reduce((sum, { debit, credit }) => sum + Number(debit) - Number(credit), 0);
    expect(off).toBe(0);
  });

  test('groups are of what was there when they began', async () => {
    const { groups } = await ask('summary', { to: '2026-11-23', groupBy: ['store'] });
    expect(await told('summary', 'groups', { groupBy: ['store'], limit: 1 })).toEqual(groups);
  });

  test('go on after a cursor that does not say what was there', async () => {
    const { groups } = await ask('summary', { groupBy: ['store'] });
    expect((await ask('summary', { groupBy: ['store'], cursor: '1' })).groups).toEqual((groups as []).slice(1));
  });

  test('are refused where the report is filled anew and has not come so far', async () => {
    const asked = ask('summary', { groupBy: ['store'], cursor: '1-zz' });
    await expect(asked).rejects.toThrow('cursor names rows that are not here');
  });
});

describe('a question', () => {
  test.each<[string, unknown, string]>([
    ['attribution', { from: 'yesterday' }, 'from: yesterday is neither a day'],
    ['attribution', { to: '2026-02-30' }, 'to: 2026-02-30 is neither a day'],
    ['attribution', { from: '2026-11-22T09:00:00+01:00' }, 'from: 2026-11-22T09:00:00+01:00 is neither'],
    ['summary', { from: '2026-11-23', to: '2026-11-23' }, 'to: 2026-11-23 is not after from'],
    ['attribution', { from: 5 }, 'from must be string'],
    ['attribution', { store: '' }, 'store must not have fewer than 1 characters'],
    ['attribution', { limit: 1001 }, 'limit must be <= 1000'],
    ['summary', { cursor: '1-' }, 'cursor is not one that an answer named'],
    ['attribution', { cursor: 'A;' }, 'cursor is not one that an answer named'],
    ['statement', { from: '2026-11-23' }, 'store is required'],
    ['journal', { cursor: 'zzzzzzzzz' }, 'cursor is not one that an answer named'],
    ['summary', { groupBy: ['week'] }, 'groupBy.0 must be one of "'],
    ['summary', [], 'the request must be object'],
  ])('%s %j is refused with its reason', async (name, request, reason) => {
    await expect(ask(name, request)).rejects.toThrow(reason);
  });

  test.each(['unknown', 'toString'])('%s is none', async (name) => {
    expect(await ask(name, {})).toBeUndefined();
  });
});
