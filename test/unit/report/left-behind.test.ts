import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { removeLeftBehind } from '../../../supervisor/report/left-behind.ts';
import { useReportFolder } from './report-folder.ts';
import { row } from './rows.ts';

const report = useReportFolder();
const HOUR_MS = 3600 * 1000;

const inFolder = (name: string): string => join(dirname(report.path), name);

/** As a node of that name left it behind. */
async function leave(name: string, position: number, stream?: string): Promise<string> {
  const file = await report.open(stream);
  await file.append([row({ row: `A1-${position}-1` })], position);
  await file.close();
  const path = inFolder(name);
  await copyFile(report.path, path);
  return path;
}

async function change(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

const STREAM = 'EVENTS of a test';

function tidy({ position = 7, live = [], later = HOUR_MS }: { position?: number; live?: string[]; later?: number }) {
  const inUse = { folder: dirname(report.path), node: 'node-1', stream: STREAM, position };
  return removeLeftBehind(inUse, { isLive: (node) => live.includes(node), now: () => Date.now() + later });
}

test('a file that a node left behind is deleted, and the one in use is not', async () => {
  const left = await leave('node-2.duckdb', 7);
  await mkdir(`${left}.tmp`);
  expect(await tidy({})).toEqual([left]);
  expect(await readdir(dirname(report.path))).toEqual(['node-1.duckdb']);
});

test('one of an older layout is deleted too', async () => {
  const left = await leave('node-2.duckdb', 7);
  await change(left, `UPDATE written SET layout = 'older'; ALTER TABLE booked DROP COLUMN "returnReason"`);
  expect(await tidy({})).toEqual([left]);
});

test.each<[string, () => Promise<unknown>, Parameters<typeof tidy>[0]]>([
  ['whose rows are not all in the one in use', () => leave('node-2.duckdb', 7), { position: 6 }],
  ['of a node that is there', () => leave('node-2.duckdb', 7), { live: ['node-2'] }],
  ['that was written less than an hour ago', () => leave('node-2.duckdb', 7), { later: HOUR_MS - 60_000 }],
  ['of another archive', () => leave('node-2.duckdb', 7, 'EVENTS of others'), {}],
  ['without the rows', async () => change(await leave('node-2.duckdb', 7), 'DROP TABLE booked'), {}],
  ['of another program', () => change(inFolder('node-2.duckdb'), 'CREATE TABLE written (a INTEGER)'), {}],
  ['that is no database', () => writeFile(inFolder('node-2.duckdb'), 'much'), {}],
  ['of another name', () => leave('node-2.duckdb.old', 7), {}],
])('a file %s stays', async (_, make, given) => {
  await (await report.open()).close();
  await make();
  expect(await tidy(given)).toEqual([]);
  expect(await readdir(dirname(report.path))).toHaveLength(2);
});

test.each(['READ_ONLY', 'READ_WRITE'])('a file that another process has open stays: %s', async (mode) => {
  const left = await leave('node-2.duckdb', 7);
  const past = new Date(Date.now() - 2 * HOUR_MS);
  await utimes(left, past, past);
  const program = `
    const { DuckDBInstance } = require('@duckdb/node-api');
    DuckDBInstance.create(${JSON.stringify(left)}, { access_mode: '${mode}' }).then(() => console.log('open'));
    process.stdin.resume().on('end', () => process.exit(0));`;
  const other = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(other, 'exit');
  try {
    await once(other.stdout, 'data');
    expect(await tidy({})).toEqual([]);
  } finally {
    other.stdin.end();
    await ended;
  }
  expect(await tidy({})).toEqual([left]);
});
