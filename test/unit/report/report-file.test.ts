import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { encode } from '../../../protocols/codec.ts';
import { Feed } from '../../../supervisor/feed/feed.ts';
import { SELECTED } from '../../../supervisor/report/columns.ts';
import type { ReportFile } from '../../../supervisor/report/report-file.ts';
import { useReportFolder } from './report-folder.ts';
import { row } from './rows.ts';

const folder = useReportFolder();

const all = (file: ReportFile) => file.read(`SELECT ordinal, ${SELECTED} FROM booked ORDER BY ordinal`, {});
const ids = async (file: ReportFile) => (await all(file)).map(({ row: id }) => id);

const FULL = row({
  row: 'A1-2-1',
  gross: 8324,
  tax: 1387,
  storeShare: 7283,
  line: '1',
  sku: '85123A',
  party: 'store-a',
});
const PLAIN = row({ row: 'A1-2-2', gross: -490, quantity: -1, name: "D'Artagnan “€”, \n\\u0000" });

test('a row is read as it was booked, with its number, and without the fields that it does not have', async () => {
  const file = await folder.open();
  await file.append([FULL, PLAIN], 7);
  expect(await all(file)).toEqual([
    { ordinal: 0, ...FULL },
    { ordinal: 1, ...PLAIN },
  ]);
  expect(file.position).toBe(7);
});

test('an amount of the largest size is exact, and a sum beyond what can be said exactly is refused', async () => {
  const file = await folder.open();
  const most = Number.MAX_SAFE_INTEGER;
  await file.append([row({ row: 'A1-1-1', gross: most }), row({ row: 'A1-1-2', gross: -most }), FULL], 1);
  expect(await file.read('SELECT gross FROM booked WHERE ordinal < 2 ORDER BY gross', {})).toEqual([
    { gross: -most },
    { gross: most },
  ]);
  expect(await file.read('SELECT sum(gross) AS gross FROM booked', {})).toEqual([{ gross: 8324 }]);
  const beyond = file.read('SELECT sum(gross) AS gross FROM booked WHERE gross > 0', {});
  await expect(beyond).rejects.toThrow('beyond what can be said exactly');
});

test('a file that is opened again goes on behind its position', async () => {
  const before = await folder.open();
  await before.append([FULL], 7);
  await before.close();
  const file = await folder.open();
  expect(file.position).toBe(7);
  await file.append([PLAIN], 9);
  expect((await all(file)).map(({ ordinal, row: id }) => [ordinal, id])).toEqual([
    [0, 'A1-2-1'],
    [1, 'A1-2-2'],
  ]);
});

test('rows that can not be added leave neither themselves nor their position', async () => {
  const file = await folder.open();
  await file.append([FULL], 7);
  const broken = { ...PLAIN, gross: 'much' } as unknown as typeof PLAIN;
  await expect(file.append([PLAIN, broken], 9)).rejects.toThrow();
  expect([file.position, await ids(file)]).toEqual([7, ['A1-2-1']]);
  await file.append([PLAIN], 9);
  expect([file.position, await ids(file)]).toEqual([9, ['A1-2-1', 'A1-2-2']]);
});

test('a stream that was made anew empties the file', async () => {
  const before = await folder.open();
  await before.append([FULL], 7);
  await before.close();
  const file = await folder.open('EVENTS made anew');
  expect([file.position, await ids(file)]).toEqual([0, []]);
});

test.each([
  ['half an emoji', 'Mug \ud83d', 'Mug \ufffd'],
  ['a whole one', 'Mug \ud83d\ude00', 'Mug \ud83d\ude00'],
  ['an escape as text', 'Mug \\ud83d', 'Mug \\ud83d'],
  ['a NUL', 'Mug \0 blue', 'Mug \0 blue'],
])('%s in a text does not stop the report', async (_, name, shown) => {
  const file = await folder.open();
  await file.append([{ ...PLAIN, name }], 7);
  expect(await all(file)).toEqual([{ ordinal: 0, ...PLAIN, name: shown }]);
});

test('a file that is older than a column is filled anew, with that column', async () => {
  const before = await folder.open();
  await before.append([FULL], 7);
  await before.close();
  const instance = await DuckDBInstance.create(folder.path);
  const connection = await instance.connect();
  await connection.run('ALTER TABLE booked DROP COLUMN "returnReason"');
  await connection.run(`UPDATE written SET layout = replace(layout, ', "returnReason" VARCHAR', '')`);
  connection.closeSync();
  instance.closeSync();
  const file = await folder.open();
  expect([file.position, await ids(file)]).toEqual([0, []]);
  await file.append([{ ...PLAIN, returnReason: 'defect' }], 7);
  expect(await all(file)).toEqual([{ ordinal: 0, ...PLAIN, returnReason: 'defect' }]);
});

/** Two messages of the archive with two rows each, and one with one. */
const MESSAGES = [3, 5, 8].map((sequence) => {
  const rows = [1, 2].slice(0, sequence === 8 ? 1 : 2).map((n) => row({ row: `A1-${sequence}-${n}`, gross: sequence }));
  return { sequence, bytes: encode({ order: 'A1', at: rows[0]?.at, revision: sequence, rows }, 'json') };
});

const neverFails = (error: Error): never => {
  throw error;
};

async function feedFrom(file: ReportFile): Promise<void> {
  const feed = new Feed(file, neverFails);
  for (const message of MESSAGES) if (message.sequence > file.position) await feed.take(message);
  await feed.flushed();
}

test('a file that was taken away is filled anew with the same content', async () => {
  const before = await folder.open();
  await feedFrom(before);
  const content = await all(before);
  await before.close();
  await rm(folder.path);
  const file = await folder.open();
  await feedFrom(file);
  expect(await all(file)).toEqual(content);
  expect(content).toHaveLength(5);
});

test('a process that dies between any two messages skips and repeats none', async () => {
  for (let last = 0; last < MESSAGES.length; last++) {
    const file = await folder.open();
    const feed = new Feed(file, neverFails);
    const next = MESSAGES.find(({ sequence }) => sequence > file.position);
    if (next) await feed.take(next);
    await feed.flushed();
    await file.close();
  }
  expect(await ids(await folder.open())).toEqual(['A1-3-1', 'A1-3-2', 'A1-5-1', 'A1-5-2', 'A1-8-1']);
});
