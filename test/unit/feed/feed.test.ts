import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { encode } from '../../../protocols/codec.ts';
import { UnreadableMessage } from '../../../supervisor/feed/booked-rows.ts';
import { DailyFiles } from '../../../supervisor/feed/daily-files.ts';
import { Feed } from '../../../supervisor/feed/feed.ts';
import { ReportFile } from '../../../supervisor/report/report-file.ts';
import { gate } from '../gateway/gate.ts';

const STREAM = 'EVENTS of a test';
const opened = async () => {
  await DailyFiles.idOf(folder, STREAM);
  return DailyFiles.open(folder, STREAM);
};
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-feed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function row(number: number, day = 22): AttributionRow {
  return {
    row: `A1-${number}-1`,
    order: 'A1',
    at: `2026-11-${day}T09:00:00.000Z`,
    movement: 'sale',
    subject: 'shipping',
    channel: 'web',
    mode: 'ship',
    currency: 'EUR',
    quantity: 0,
    gross: 490,
    net: 408,
    tax: 82,
    discountShare: 0,
    commission: 0,
    storeShare: 0,
    headquartersShare: 490,
    settled: 0,
  };
}

const message = (sequence: number, day?: number) => {
  const rows = [row(sequence, day)];
  return { sequence, bytes: encode({ order: 'A1', at: rows[0]?.at, revision: sequence, rows }, 'json') };
};

const neverFails = (error: Error): never => {
  throw error;
};

async function feedAll(...messages: ReturnType<typeof message>[]): Promise<void> {
  const feed = new Feed(await opened(), neverFails);
  for (const one of messages) await feed.take(one);
  await feed.flushed();
}

const path = (day: number) => join(folder, `attribution-2026-11-${day}.jsonl`);

async function rowsOf(day: number): Promise<string[]> {
  const lines = (await readFile(path(day), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as AttributionRow).row);
}

test('rows go to the file of the day that they were booked on, and a feed goes on behind the last one', async () => {
  await feedAll(message(3), message(7, 23));
  expect((await opened()).position).toBe(7);
  await feedAll(message(9, 23));
  expect([await rowsOf(22), await rowsOf(23)]).toEqual([['A1-3-1'], ['A1-7-1', 'A1-9-1']]);
});

test('what a crash left behind the position is cut off, to the byte, and written again', async () => {
  await feedAll(message(1), message(2));
  const line = `${JSON.stringify(row(3))}\n`;
  for (const torn of [1, Math.floor(line.length / 2), line.length]) {
    await appendFile(path(22), line.slice(0, torn));
    await writeFile(path(23), line.slice(0, torn));
    await writeFile(join(folder, 'position.json.next'), '{"stream":');
    await opened();
    expect(await rowsOf(22)).toEqual(['A1-1-1', 'A1-2-1']);
    expect(await readdir(folder)).not.toContain('attribution-2026-11-23.jsonl');
  }
  await feedAll(message(3));
  expect(await rowsOf(22)).toEqual(['A1-1-1', 'A1-2-1', 'A1-3-1']);
});

test('a file that was taken away starts anew; one that was shortened is damage', async () => {
  await feedAll(message(1));
  await unlink(path(22));
  await feedAll(message(2));
  expect(await rowsOf(22)).toEqual(['A1-2-1']);
  await writeFile(path(22), '{"row"');
  await expect(opened()).rejects.toThrow('it was changed');
});

test('a folder keeps its id, whoever begins it', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => DailyFiles.idOf(folder, STREAM)));
  await feedAll(message(1));
  expect(new Set([...ids, await DailyFiles.idOf(folder, STREAM)]).size).toBe(1);
});

test('a folder that was begun without an id has one that can be part of a subject', async () => {
  const odd = join(folder, 'a b.c');
  await mkdir(odd);
  await writeFile(join(odd, 'position.json'), JSON.stringify({ stream: STREAM, position: 0, lengths: {} }));
  const id = await DailyFiles.idOf(odd, STREAM);
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(await DailyFiles.idOf(`${odd}/`, STREAM)).toBe(id);
});

test('what something else writes into a file is noticed before the next row, also where that was taken away meanwhile', async () => {
  const files = await opened();
  await files.append([row(1)], 1);
  await unlink(path(22));
  await files.append([row(2)], 2);
  expect(await rowsOf(22)).toEqual(['A1-2-1']);
  await appendFile(path(22), '{}\n');
  await expect(files.append([row(3)], 3)).rejects.toThrow('something else writes to it');
  await opened();
  expect(await rowsOf(22)).toEqual(['A1-2-1']);
});

test('rows of another stream never go behind those of this one', async () => {
  await feedAll(message(1));
  await expect(DailyFiles.open(folder, 'EVENTS made anew')).rejects.toThrow('needs a new folder');
});

test('a message that holds no rows stops the feed before it: none is skipped', async () => {
  const files = await opened();
  const feed = new Feed(files, neverFails);
  await feed.take(message(1));
  await expect(feed.take({ sequence: 2, bytes: encode({ order: 'A1', rows: [{ row: 1 }] }, 'json') })).rejects.toThrow(
    'message 2 holds no rows: at is required',
  );
  await feed.flushed();
  expect(files.position).toBe(1);
});

test.each([
  ['no JSON', Buffer.from('{')],
  ['nothing', Buffer.alloc(0)],
  ['no text', Buffer.of(0xff)],
  ['no rows', Buffer.from('{}')],
])('a message that is %s is named, and known for one that can not be read', async (_, bytes) => {
  const error = await new Feed(await opened(), neverFails).take({ sequence: 5, bytes }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UnreadableMessage);
  expect(error.message).toMatch(/^message 5 holds no rows: /);
});

test('a disk that takes no more ends the feed, once, and is told to whoever waits', async () => {
  const failures: string[] = [];
  const files = { position: 0, append: () => Promise.reject(new Error('no space left')) };
  const feed = new Feed(files, ({ message: reason }) => failures.push(reason));
  await feed.take(message(1));
  await expect(feed.flushed()).rejects.toThrow('no space left');
  await expect(feed.take(message(2))).rejects.toThrow('no space left');
  expect(failures).toEqual(['no space left']);
});

test.each(['a feed', 'a report'])('%s in a folder that can not be made ends with an error', async (what) => {
  const nowhere = '/proc/tillwire/none';
  const limits = { memoryMb: 64, threads: 1 };
  const begin = () =>
    what === 'a feed' ? DailyFiles.idOf(nowhere, STREAM) : ReportFile.open(`${nowhere}/x`, STREAM, limits);
  await expect(begin()).rejects.toThrow(/ENOENT|EROFS|EACCES/);
});

test('who reads waits for the disk, once ten thousand rows wait', async () => {
  const disk = gate();
  const files = {
    position: 0,
    async append(_: readonly AttributionRow[], position: number): Promise<void> {
      await disk.passed;
      files.position = position;
    },
  };
  const feed = new Feed(files, neverFails);
  const rows = Array.from({ length: 100 }, (_, n) => row(n));
  const hundred = (sequence: number) => {
    return { sequence, bytes: encode({ order: 'A1', at: rows[0]?.at, revision: sequence, rows }, 'json') };
  };
  // The first is being written, the others wait.
  for (let sequence = 1; sequence <= 100; sequence++) await feed.take(hundred(sequence));
  let isTaken = false;
  const last = feed.take(hundred(101)).then(() => {
    isTaken = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isTaken).toBe(false);
  disk.open();
  await last;
});
