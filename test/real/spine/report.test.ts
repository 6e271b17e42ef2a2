import { mkdtempSync } from 'node:fs';
import { copyFile, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow, Booked } from '../../../protocols/attribution.ts';
import { BOOKED_SUBJECT } from '../../../protocols/attribution.ts';
import { decode, encode } from '../../../protocols/codec.ts';
import { EVENTS } from '../../../protocols/subjects.ts';
import { Archive } from '../../../supervisor/nats/archive.ts';
import { placed } from '../../../supervisor/node/placement.ts';
import type { Posting } from '../../../supervisor/report/postings.ts';
import { eventually } from '../../fixture/eventually.ts';
import { tillwire } from '../cli/tillwire-process.ts';
import { useConfiguredSystem } from './system.ts';
import { nthOrder } from './trade.ts';
import { useTraders } from './traders.ts';

const ORDERS = 40;
const AT_A_TIME = 8;
const NODES = ['node-1', 'node-2'];
const KILLS = 2;
const WITHIN_MS = 60_000;
/** Nodes are started again and again, each with a database. */
const PATIENCE = { timeout: 240_000 };

const folder = mkdtempSync(join(tmpdir(), 'tillwire-report-'));
const system = useConfiguredSystem({ report: { folder } }, ...NODES);
const traders = useTraders(system);
let archive: Archive;
let orders = 0;

beforeAll(async () => {
  archive = new Archive(traders.connection, EVENTS);
});

afterAll(async () => {
  archive?.close();
  await rm(folder, { recursive: true, force: true });
});

const nextOrder = () => (orders === ORDERS ? undefined : nthOrder('P', ++orders));

interface Answer {
  rows: AttributionRow[];
  next?: string;
  totals: { currency: string; rows: number; gross: number; settled: number }[];
  projection: { position: number; lag: number; stopped?: string };
}

async function ask(question: string, request: object = {}): Promise<Answer> {
  const answer = await traders.terminal.query<Answer>(`query.report.${question}`, request);
  if (!answer) throw new Error(`the report knows no ${question}`);
  return answer;
}

/** By the node that it is placed on: it moves there once all are live, and while it moves nobody answers. */
const whole = async (): Promise<Answer> =>
  eventually(
    async () => {
      const answer = (await isSettled()) && (await ask('summary'));
      return answer && answer.projection.lag === 0 && answer;
    },
    { what: 'the report has all rows', withinMs: WITHIN_MS },
  );

async function isSettled(): Promise<boolean> {
  const answer = await fetch(`${system.server.monitorUrl}/connz`);
  const { connections } = (await answer.json()) as { connections: { name?: string }[] };
  const holders = connections.flatMap(({ name }) => (name?.endsWith('-report') ? [name] : []));
  return holders.join() === `${placed('report', NODES)}-report`;
}

async function reported(limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
    const { rows, next } = await ask('attribution', { limit, ...(cursor !== undefined && { cursor }) });
    ids.push(...rows.map(({ row }) => row));
    cursor = next;
  }
  return ids;
}

async function booked(): Promise<string[]> {
  const messages = await archive.all(BOOKED_SUBJECT);
  return messages.flatMap(({ bytes }) => (decode(bytes, 'json') as Booked).rows.map(({ row }) => row));
}

const running = () => system.nodes.filter((node) => node.running);

test('a report whose node is killed again and again is taken over, and has every row once', PATIENCE, async () => {
  const trading = traders.trade.run(nextOrder, AT_A_TIME);
  for (let kill = 0; kill < KILLS; kill++) {
    const { projection } = await whole();
    const grew = async () => (await ask('summary')).projection.position > projection.position;
    await eventually(async () => traders.trade.finished.length === ORDERS || (await grew()), {
      what: 'the report grows',
      withinMs: WITHIN_MS,
    });
    const live = running();
    const holder = live.find(
      ({ id }) =>
        id ===
        placed(
          'report',
          live.map(({ id }) => id),
        ),
    );
    holder?.signal('SIGKILL');
    await holder?.exit();
    await system.startNode(holder?.id ?? '');
  }
  await trading;
  const { totals } = await whole();
  const rows = await booked();
  expect(await reported(100)).toEqual(rows);
  expect(totals.map(({ rows: count }) => count)).toEqual([rows.length]);
  console.info(`${ORDERS} orders, ${rows.length} rows, ${KILLS} × kill -9`);
});

test('the report sums to what the gateway moved', async () => {
  const { totals } = await whole();
  const journal = await traders.terminal.query<{ moved: { kind: string; amount: number }[] }>(
    'query.gateway.main.journal',
  );
  const moved = (kind: string) =>
    (journal?.moved ?? []).reduce((sum, row) => (row.kind === kind ? sum + row.amount : sum), 0);
  expect(totals).toMatchObject([
    {
      currency: 'EUR',
      gross: moved('capture') - moved('refund'),
      settled: moved('payout') - moved('payout-reversal'),
    },
  ]);
});

test('the report on the command line has every row once, in each format', PATIENCE, async () => {
  const rows = await booked();
  const period = ['--from', '2020-01-01', '--to', '2100-01-01', '--nats', system.server.url];
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await tillwire('report', 'attribution', ...period, ...args);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
  const json = JSON.parse(await run('--json')) as AttributionRow[];
  expect(json.map(({ row }) => row)).toEqual(rows);
  expect((await run('--format', 'csv')).split('\r\n').slice(1, -1)).toHaveLength(rows.length);
  const parquet = join(folder, 'rows.parquet');
  await run('--format', 'parquet', '--out', parquet);
  expect(await rowsOf(parquet)).toEqual(rows);
  // The first journey is one that ships.
  const table = await run('--order', 'P1');
  expect(table).toMatch(/captured − refunded: main [1-9][\d.]* EUR = [1-9]/);
  expect(table).toMatch(/ {2}main: captured − refunded [1-9].*: the rows say the same\n$/);
  expect(await run('--channel', 'nowhere')).toMatch(/^no rows of channel nowhere from 2020-01-01T00:00:00.000Z to /);
  const unknown = await tillwire('report', 'attribution', ...period, '--order', 'P0');
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('there is no order P0')]);
});

async function rowsOf(parquet: string): Promise<unknown[]> {
  const database = await DuckDBInstance.create();
  const reader = await database.connect();
  const found = await reader.runAndReadAll(`SELECT "row" FROM '${parquet}'`);
  reader.closeSync();
  database.closeSync();
  return found.getRows().flat();
}

test('accounting gets postings that balance, and that clear the gateway to what it holds', async () => {
  const { postings } = (await ask('journal')) as unknown as { postings: Posting[] };
  const sum = (of: (posting: Posting) => boolean) =>
    postings.filter(of).reduce((total, { debit, credit }) => total + debit - credit, 0);
  for (const party of new Set(postings.map((posting) => posting.party))) {
    expect([party, sum((posting) => posting.party === party)]).toEqual([party, 0]);
  }
  const { totals } = await whole();
  const held = totals.reduce((total, { gross, settled }) => total + gross - settled, 0);
  expect(sum(({ account }) => account === 'gateway-clearing:main')).toBe(held);
});

async function stopNodes(): Promise<void> {
  await Promise.all(
    running().map(async (node) => {
      node.signal('SIGTERM');
      expect(await node.exit()).toBe(0);
    }),
  );
}

test('the files of the report that were lost are filled anew, with the same rows', PATIENCE, async () => {
  const rows = await reported(1000);
  await stopNodes();
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['node-1.duckdb']));
  await rm(folder, { recursive: true });
  await Promise.all(NODES.map((id) => system.startNode(id)));
  await whole();
  expect(await reported(1000)).toEqual(rows);
});

test('a file of a node that is gone is deleted by the node that has the report', PATIENCE, async () => {
  await whole();
  await stopNodes();
  const left = join(folder, 'gone.duckdb');
  await copyFile(join(folder, `${placed('report', NODES)}.duckdb`), left);
  const longAgo = new Date(0);
  await utimes(left, longAgo, longAgo);
  await Promise.all(NODES.map((id) => system.startNode(id)));
  const isGone = async () => !(await readdir(folder)).includes('gone.duckdb');
  await eventually(isGone, { what: 'the file is deleted', withinMs: 2 * WITHIN_MS });
  expect(await readdir(folder)).toContain(`${placed('report', NODES)}.duckdb`);
});

test('what can not be asked is answered with a service error that names the field', async () => {
  const asked = (subject: string, request: object) =>
    traders.connection.nats.request(subject, encode(request, 'json'), { timeout: WITHIN_MS });
  const answers = await Promise.all([
    asked('query.report.summary', { from: '2026-13-01' }),
    asked('query.report.attribution', { limit: 0 }),
    asked('query.report.weather', {}),
  ]);
  const errors = answers.map(({ headers }) => [
    headers?.get('Nats-Service-Error-Code'),
    headers?.get('Nats-Service-Error'),
  ]);
  expect(errors).toEqual([
    ['400', 'from: 2026-13-01 is neither a day (2026-11-22) nor an instant in UTC (2026-11-22T09:00:00Z)'],
    ['400', 'limit must be >= 1'],
    ['404', 'nothing is known of query.report.weather'],
  ]);
});

test('a message that holds no rows stops the report before it, and is named in every answer', async () => {
  await whole();
  const before = await reported(1000);
  const forged = encode({ order: 'X1', rows: [{ row: 'X1-1-1', gross: 'much' }] }, 'json');
  traders.connection.nats.publish('$KV.tillwire.live.forged.event.attribution.X1.booked', forged);
  const stopped = async () => (await ask('summary')).projection.stopped;
  expect(await eventually(stopped, { what: 'the report stops', withinMs: WITHIN_MS })).toMatch(
    /^message \d+ holds no rows: /,
  );
  const { projection } = await ask('summary');
  expect(projection.lag).toBe(1);
  expect(await reported(1000)).toEqual(before);
  expect(running()).toHaveLength(NODES.length);
});
