import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow, Booked } from '../../../protocols/attribution.ts';
import { decode } from '../../../protocols/codec.ts';
import { EVENTS } from '../../../protocols/subjects.ts';
import { Archive } from '../../../supervisor/nats/archive.ts';
import { eventually } from '../../fixture/eventually.ts';
import { TillwireProcess } from '../cli/tillwire-process.ts';
import { useSystem } from './system.ts';
import { nthOrder } from './trade.ts';
import { useTraders } from './traders.ts';

const ORDERS = 120;
const AT_A_TIME = 8;
const KILLS = 5;

const system = useSystem('node-1');
const traders = useTraders(system);
let archive: Archive;
let folder = '';
let orders = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-feed-'));
  archive = new Archive(traders.connection, EVENTS);
});

afterAll(async () => {
  archive?.close();
  await rm(folder, { recursive: true, force: true });
});

const nextOrder = () => (orders === ORDERS ? undefined : nthOrder('F', ++orders));

const startFeed = (...more: string[]) =>
  new TillwireProcess('feed', '--nats', system.server.url, '--out', folder, ...more);

async function written(): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
}

test('a feed that is killed again and again writes every row once, in the order of the archive', async () => {
  const trading = traders.trade.run(nextOrder, AT_A_TIME);
  for (let kill = 0; kill < KILLS; kill++) {
    const feed = startFeed();
    const before = (await written()).length;
    const hasMore = async () => (await written()).length > before || traders.trade.finished.length === ORDERS;
    await eventually(hasMore, { what: 'the feed writes', withinMs: 30_000 });
    feed.signal('SIGKILL');
    await feed.exit();
  }
  await trading;
  const booked = (await archive.all('event.attribution.*.booked')).flatMap(
    ({ bytes }) => (decode(bytes, 'json') as Booked).rows,
  );
  const running = startFeed();
  await eventually(async () => (await written()).length === booked.length, { what: 'it has caught up' });
  const second = startFeed('--once');
  expect([await second.exit(), second.stderr]).toEqual([1, expect.stringContaining('another feed writes to')]);
  running.signal('SIGTERM');
  expect(await running.exit()).toBe(0);
  const last = startFeed('--once');
  expect([await last.exit(), last.stderr]).toEqual([0, expect.stringContaining('is whole up to message')]);
  expect((await written()).map((line) => (JSON.parse(line) as AttributionRow).row)).toEqual(
    booked.map(({ row }) => row),
  );
  expect(new Set(booked.map(({ row }) => row)).size).toBe(booked.length);
  console.info(`${ORDERS} orders, ${booked.length} rows, ${KILLS} × kill -9`);
});

test('the rows in the files sum to what the gateway moved', async () => {
  const rows = (await written()).map((line) => JSON.parse(line) as AttributionRow);
  const journal = await traders.terminal.query<{ moved: { kind: string; amount: number }[] }>(
    'query.gateway.main.journal',
  );
  const moved = (kind: string) =>
    (journal?.moved ?? []).reduce((sum, row) => (row.kind === kind ? sum + row.amount : sum), 0);
  expect(rows.reduce((sum, { gross }) => sum + gross, 0)).toBe(moved('capture') - moved('refund'));
  expect(rows.reduce((sum, { settled }) => sum + settled, 0)).toBe(moved('payout') - moved('payout-reversal'));
});
