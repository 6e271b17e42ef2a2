import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caveat, reportPages } from '../../../supervisor/cli/report/ask-report.ts';
import { writeCsv, writeJson, writeParquet, writeTable } from '../../../supervisor/cli/report/attribution-document.ts';
import { checkLines } from '../../../supervisor/cli/report/check-lines.ts';
import { writePostingsCsv, writePostingsTable } from '../../../supervisor/cli/report/journal-document.ts';
import { writeTo } from '../../../supervisor/cli/report/output.ts';
import { sumsText } from '../../../supervisor/cli/report/sums-text.ts';
import { COLUMNS } from '../../../supervisor/report/columns.ts';
import { row } from '../report/rows.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SALE = row({
  row: 'A1-1-1',
  gross: 8324,
  tax: 1387,
  storeShare: 7283,
  commission: 1041,
  party: 'store-a',
  line: '1',
});
const ODD = row({
  row: 'B1-1-1',
  order: 'B1',
  gross: -5,
  currency: 'KWD',
  name: 'Lantern, 5" "blue"\nlarge',
  entry: 'B1-r1',
  returnReason: 'too small',
});
const PAGES = [[SALE], [ODD]] as never[][];

async function* pagesOf<Row>(pages: readonly Row[][]): AsyncGenerator<Row[]> {
  yield* pages;
}

async function written<Row>(
  write: (pages: AsyncIterable<Row[]>, out: (text: string) => Promise<void>) => Promise<unknown>,
  pages: readonly Row[][],
): Promise<string> {
  let text = '';
  await write(pagesOf(pages), async (more) => {
    text += more;
  });
  return text;
}

test('csv has all fields, in the order of the schema, and quotes what RFC 4180 says', async () => {
  const [head, sale, ...odd] = (await written(writeCsv, PAGES)).split('\r\n');
  expect(head).toMatch(/^row,order,at,movement,subject,channel,/);
  expect(sale).toMatch(/^A1-1-1,A1,2026-11-22T09:00:00\.000Z,sale,line,web,.*,8324,6937,1387,/);
  expect(odd.join('\r\n')).toMatch(/^B1-1-1,B1,.*,"Lantern, 5"" ""blue""\nlarge",.*,B1-r1,[^\r]*,too small\r\n$/s);
});

test.each([
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['-cmd|x!A1', "'-cmd|x!A1"],
  ['+1', "'+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', `"'\r'=1"`],
  ['＝1', "'＝1"],
  ['\0=1', "'\0=1"],
  ['blue;=1+1;large', "blue;'=1+1;large"],
  ['blue\n-large', `"blue\n'-large"`],
  ['two\r\nlines', '"two\r\nlines"'],
  ['5-10 @ 2+3 = a-b', '5-10 @ 2+3 = a-b'],
])('csv shows a name %j as text in a spreadsheet', async (name, cell) => {
  const text = await written(writeCsv, [[row({ row: 'A1-1-1', name })]] as never[][]);
  expect(text).toContain(`,${cell},`);
});

test('csv guards text that others wrote, and leaves ids, numbers and words of ours exact', async () => {
  const texts = COLUMNS.filter(({ type }) => type === 'VARCHAR').map(({ name }) => name);
  const odd = { ...row({ row: '', gross: -5 }), ...Object.fromEntries(texts.map((name) => [name, '-5'])) };
  const [found] = parse(await written(writeCsv, [[odd]] as never[][]), { columns: true }) as Record<string, string>[];
  expect(found?.gross).toBe('-5');
  const shownAs = (cell: string) => texts.filter((name) => found?.[name] === cell).join(' ');
  expect(shownAs("'-5")).toBe('name category deliveredBy gatewayReference transaction returnReason');
  expect(shownAs('-5')).toBe(
    'row order movement subject channel soldBy mode currency line sku taxRate party preparedBy ownership takenBackBy ' +
      'takerOwnership fulfilment return entry account exchange method ruleVersion rule broughtBy storeRate basis reason',
  );
});

test.each([[PAGES], [[[]]]])('json is one array', async (pages) => {
  expect(JSON.parse(await written(writeJson, pages))).toEqual(pages.flat());
});

test('a table has amounts as people write them, in the digits of their currency', async () => {
  const text = await written(writeTable, PAGES);
  expect(text).toMatch(/2026-11-22T09:00:00 +A1 +1 +sale +1 +83\.24 +13\.87 +10\.41 +store-a +72\.83 +10\.41 +EUR\n/);
  expect(text).toMatch(/B1 +line +sale +1 +-0\.005 +-0\.005 +KWD +B1-r1\n/);
});

test('parquet has integers and instants, every row once', async () => {
  const path = join(folder, "it's.parquet");
  await writeParquet(pagesOf(PAGES), path);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const sql = `SELECT "row", gross, epoch_ms("at") AS at, party FROM '${path.replaceAll("'", "''")}' ORDER BY "row"`;
  const found = (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  instance.closeSync();
  const at = BigInt(Date.parse(SALE.at));
  expect(found).toEqual([
    ['A1-1-1', 8324n, at, 'store-a'],
    ['B1-1-1', -5n, at, null],
  ]);
  expect(await readdir(folder)).toEqual(["it's.parquet"]);
});

test('a file appears when it is whole, and not at all when writing it fails', async () => {
  const path = join(folder, 'rows.csv');
  const failing = writeTo(path, async ({ write }) => {
    await write('half');
    throw new Error('the system is gone');
  });
  await expect(failing).rejects.toThrow('the system is gone');
  expect(await readdir(folder)).toEqual([]);
  await writeTo(path, ({ write }) => writeCsv(pagesOf(PAGES), write));
  expect(await readFile(path, 'utf8')).toBe(await written(writeCsv, PAGES));
});

test('a file that does not fit on its disk fails, though the last piece was taken in part', async () => {
  const source = new URL('../../../supervisor/cli/report/output.ts', import.meta.url).href;
  const path = join(folder, 'rows.csv');
  const program = `
    import { writeTo } from ${JSON.stringify(source)};
    await writeTo(${JSON.stringify(path)}, ({ write }) => write('x'.repeat(150_000))).catch(({ code }) => console.log(code));`;
  // A write across the limit is taken up to it; only the next one fails.
  const run = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const limited = ['-c', `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`, process.execPath, ...run];
  expect(spawnSync('sh', limited, { encoding: 'utf8' })).toMatchObject({ stdout: 'EFBIG\n', stderr: '' });
  expect(await readdir(folder)).toEqual([]);
});

test('a file that is replaced keeps who may read it, and a link what it leads to', async () => {
  const [path, link] = [join(folder, 'rows.csv'), join(folder, 'latest.csv')];
  await writeFile(path, 'before', { mode: 0o600 });
  await symlink(path, link);
  await writeTo(link, ({ write }) => write('after'));
  expect(await readFile(path, 'utf8')).toBe('after');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readdir(folder)).toEqual(['latest.csv', 'rows.csv']);
});

test('a pipe is written as it is', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reading = readFile(pipe, 'utf8');
  await writeTo(pipe, ({ write }) => write('rows'));
  expect(await reading).toBe('rows');
  expect((await lstat(pipe)).isFIFO()).toBe(true);
});

test('a signal that ends the command leaves no file', async () => {
  const source = new URL('../../../supervisor/cli/report/output.ts', import.meta.url).href;
  const program = `
    import { writeTo } from ${JSON.stringify(source)};
    setInterval(() => undefined, 1000);
    await writeTo(${JSON.stringify(join(folder, 'rows.csv'))}, async ({ write }) => {
      await write('half');
      console.log('half');
      await new Promise(() => undefined);
    });`;
  const run = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, run, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  expect(await readdir(folder)).toEqual([]);
});

test('two that write one file at once leave it whole, as one of them made it', async () => {
  const path = join(folder, 'rows.csv');
  const texts = ['a'.repeat(1000), 'b'.repeat(3000)];
  let arrived = 0;
  let meet = (): void => {};
  const both = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const write = (text: string) =>
    writeTo(path, async (output) => {
      await output.write(text.slice(0, 500));
      if (++arrived === texts.length) meet();
      await both;
      await output.write(text.slice(500));
    });
  await Promise.all(texts.map(write));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['rows.csv']);
});

test('pages are asked for until an answer names no next one', async () => {
  const asked: unknown[] = [];
  const query = async <Reply>(_subject: string, request?: object): Promise<Reply> => {
    asked.push(request);
    return { rows: [asked.length], projection: {}, ...(asked.length < 3 && { next: `c${asked.length}` }) } as Reply;
  };
  const found: unknown[] = [];
  const pages = reportPages<{ rows: number[] }>({ query } as never, 'attribution', { order: 'A1' });
  for await (const { rows } of pages) found.push(...rows);
  expect(found).toEqual([1, 2, 3]);
  expect(asked).toEqual([{ order: 'A1' }, { order: 'A1', cursor: 'c1' }, { order: 'A1', cursor: 'c2' }]);
});

test('a report that is not whole says so', () => {
  expect(caveat({ position: 7, lag: 0 })).toBeUndefined();
  expect(caveat({ position: 7, lag: 2 })).toBe('the report is 2 messages behind: what was booked last is not in it');
  expect(caveat({ position: 7, lag: 2, stopped: 'message 8 holds no rows' })).toBe(
    'the report has stopped: message 8 holds no rows; 2 messages with rows are not in it',
  );
});

test('the sums say what moved where', () => {
  const sums = { currency: 'EUR', rows: 3, quantity: 2, gross: 7834, settled: 7283 };
  const text = sumsText({
    totals: [sums],
    movements: [{ ...sums, movement: 'sale' }],
    groups: [
      { ...sums, account: 'main', gross: 7034 },
      { ...sums, account: 'main', way: 'at-once', gross: 6000 },
      { ...sums, way: 'by-hand', gross: -6000 },
      { ...sums, gross: 800 },
    ],
  });
  expect(text).toMatch(/EUR +sale +3 +2 +78\.34 .* 72\.83\n {2}EUR +all +3 +2 +78\.34/);
  expect(text).toContain(
    'captured − refunded: main 70.34 EUR + main at once 60.00 EUR + paid by hand -60.00 EUR + tills and exchanges 8.00 EUR = 78.34 EUR',
  );
});

test('the sums of a store say what others have of its rows, where they have something', () => {
  const total = { currency: 'EUR', rows: 1, quantity: -1, gross: -1200, storeShare: 250, othersShare: -1050 };
  const text = (othersShare: number) => sumsText({ totals: [{ ...total, othersShare }], movements: [], groups: [] });
  expect(text(-1050)).toMatch(/storeShare +othersShare .*\n.* 2\.50 +-10\.50/);
  expect(text(0)).not.toContain('othersShare');
});

test('the check says whether the gateway and the rows agree, and what each says where they do not', async () => {
  const moved = (kind: string, amount: number) => ({ kind, currency: 'EUR', count: 1, amount });
  const totals = [moved('capture', 13_000), moved('refund', 1000), moved('payout', 5000)];
  const checked = (gross: number, settled: number, more: object[] = []) => {
    const query = async (subject: string) =>
      subject === 'query.gateway.main.journal'
        ? { totals }
        : { groups: [{ currency: 'EUR', gross, settled }, ...more] };
    return checkLines({ query } as never, ['main']);
  };
  expect(await checked(12_000, 5000)).toEqual([
    '  main: captured − refunded 120.00 EUR, paid to stores 50.00 EUR: the rows say the same',
  ]);
  const atOnce = { currency: 'EUR', way: 'at-once', gross: 6000, settled: 0 };
  expect(await checked(12_000, 5000, [atOnce])).toEqual([
    '  main: captured − refunded 120.00 EUR, paid to stores 50.00 EUR: the rows say the same',
    '  main: 60.00 EUR taken when customers paid: nobody asked for it, so the journal has none of it',
  ]);
  expect((await checked(12_000, 5001)).join()).toContain('; THE ROWS SAY paid to stores 50.01 EUR (');
  expect((await checked(0, 5000)).join()).toContain('; THE ROWS SAY captured − refunded 0.00 EUR (');
  expect(await checkLines({ query: async () => undefined } as never, ['main'])).toEqual([
    '  main: it shows no journal to compare with',
  ]);
});

test('postings are in minor units and in decimals', async () => {
  const posting = {
    day: '2026-11-22',
    party: 'headquarters',
    account: 'transit',
    currency: 'KWD',
    debit: 1005,
    credit: 0,
  };
  expect(await written(writePostingsCsv, [[posting]])).toBe(
    'day,party,account,currency,debit,credit,debitMinor,creditMinor\r\n' +
      '2026-11-22,headquarters,transit,KWD,1.005,0.000,1005,0\r\n',
  );
  expect(await written(writePostingsTable, [[posting]])).toMatch(/headquarters +transit +1\.005 +KWD/);
  expect(await written(writePostingsTable, [[]])).toBe('no postings in this period\n');
});
