import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Result } from '../../../supervisor/reconcile/reconciliation-result.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { lanterns, openStore } from './orders.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const STORE = 'store-lyon';
const DAY_MS = 86_400_000;

let folder: string;
let up: TillwireProcess;
let url: string;
let lines: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
  up = new TillwireProcess('up', '--port', '0', '--data', join(folder, 'data'), '--log-level', 'warn');
  url = (await up.ready()).nats;
  const terminal = await ForeignTerminal.open(url, 'json');
  try {
    await openStore(terminal, STORE);
    await trade(terminal, 'O1');
    await trade(terminal, 'O2');
  } finally {
    await terminal.close();
  }
  const { stdout } = await tillwire(
    ...['gateway', 'main', '--settlement', '--fees', 'capture=0.014+25', '--nats', url],
  );
  lines = stdout.trimEnd().split('\n');
});

afterAll(async () => {
  await up?.end();
  await rm(folder, { recursive: true, force: true });
});

/** Two lanterns are sold, one comes back: a capture, a payout, a refund, a payout reversal. */
async function trade(terminal: ForeignTerminal, order: string): Promise<void> {
  await terminal.ask(`in.channel-web.order.${order}.place`, lanterns(STORE));
  await terminal.hear(`out.${STORE}.order.${order}.assigned`);
  for (const name of ['accept', 'ready']) await terminal.ask(`in.${STORE}.order.${order}.${name}`, {});
  await terminal.hear(`event.order.${order}.captured`);
  await terminal.ask(`in.${STORE}.order.${order}.collect`, {});
  await terminal.hear(`event.order.${order}.paid-out`);
  const desk = (name: string, payload: object) => terminal.ask(`in.${STORE}.return.R-${order}.${name}`, payload);
  const units = [{ line: '1', quantity: 1 }];
  await desk('request', { order, lines: units, by: 'store' });
  await desk('receive', { lines: units });
  await desk('inspect', { lines: [{ line: '1', accepted: 1, rejected: 0, restock: 1 }] });
  await terminal.hear(`event.order.${order}.payout-reversed`);
}

async function reconcile(
  of: readonly string[],
  ...options: string[]
): Promise<{ code: number | string; result: Result }> {
  const file = join(folder, 'settlement.csv');
  await writeFile(file, `${of.join('\n')}\n`);
  const { code, stdout, stderr } = await tillwire('reconcile', '--file', file, '--json', '--nats', url, ...options);
  if (stdout === '') throw new Error(stderr);
  return { code, result: JSON.parse(stdout) };
}

const day = (offset: number): string => new Date(Date.now() + offset * DAY_MS).toISOString();
/** Far from its ends, whatever time of the day it is. */
const AROUND = ['--from', day(-1), '--to', day(1)];

test('a settlement file of a period begins with its first moment and ends before its last', async () => {
  const [head = '', ...moved] = lines;
  const dateOf = (line: string) => line.split(',')[1] ?? '';
  const [from = '', to = ''] = [dateOf(moved[1] ?? ''), dateOf(moved.at(-1) ?? '')];
  const options = ['--settlement', '--fees', 'capture=0.014+25', '--from', from, '--to', to, '--nats', url];
  const { stdout } = await tillwire('gateway', 'main', ...options);
  const within = moved.filter((line) => dateOf(line) >= from && dateOf(line) < to);
  expect(within.length).toBeGreaterThan(0);
  expect(stdout.trimEnd().split('\n')).toEqual([head, ...within]);
});

test('the file of the simulated provider agrees with the ledger, and nothing has to be adjusted', async () => {
  const { code, result } = await reconcile(lines);
  expect([code, result.agrees]).toEqual([0, true]);
  const [captured, paidOut, refunded, reversed] = [2 * 17_980, 2 * 15_733, 2 * 8990, 2 * 7867];
  const moved = captured - paidOut - refunded + reversed;
  expect(result.classes).toEqual([{ class: 'matched', currency: 'EUR', count: 8, file: moved, ledger: moved }]);
  // 1.4 % of 179.80 is 2.52, and 0.25.
  expect(result.providerTotals).toContainEqual({
    type: 'capture',
    currency: 'EUR',
    count: 2,
    gross: captured,
    fee: 554,
  });
});

test('a period around it agrees, and one before it has nothing to compare', async () => {
  const around = await reconcile(lines, ...AROUND, '--account', 'main');
  expect(around).toMatchObject({ code: 0, result: { agrees: true, rows: { counted: 8, leftOut: 0 } } });
  const before = await reconcile(lines, '--from', day(-2), '--to', day(-1));
  expect(before).toMatchObject({ code: 0, result: { classes: [], rows: { counted: 0, leftOut: 8 } } });
});

test('a file that was tampered with differs where it was, and only there', async () => {
  const line = (key: string): string => lines.find((found) => found.includes(`,${key},`)) ?? '';
  const raised = line('O1-c1').replace('179.80,2.77,177.03', '179.81,2.77,177.04');
  const unknown = line('O1-p1')
    .replace('O1-p1', 'O9-p1')
    .replace(/^[^,]+/, 'main-99');
  const broken = line('O1-b1')
    .replace('2.77', '2.7')
    .replace(/,[^,]+$/, ',1');
  const tampered = [
    lines[0] ?? '',
    raised,
    line('O1-p1'),
    unknown,
    broken,
    ...lines.filter((of) => of.includes(',O2-')),
  ];
  const { code, result } = await reconcile([...tampered, line('O2-c1')], ...AROUND);
  expect(code).toBe(1);
  expect(result.broken).toEqual([{ line: 5, column: 'net', rule: 'must have 2 decimals, as EUR has' }]);
  expect(result.differences.map(({ class: of, key, file, ledger }) => [of, key, file?.amount, ledger?.amount])).toEqual(
    [
      ['amount-differs', 'O1-c1', 17_981, 17_980],
      ['missing-here', 'O9-p1', -15_733, undefined],
      ['missing-there', 'O1-r1', undefined, -8990],
      ['row-broken', 'O1-b1', undefined, 7867],
      ['duplicate', 'O2-c1', 17_980, undefined],
    ],
  );
  expect(result.classes.find(({ class: of }) => of === 'matched')).toMatchObject({ count: 5 });
});

test('a chargeback is told with the payment that it disputes, whenever that was made', async () => {
  const [captured = '', date = ''] = [lines.find((of) => of.includes(',O1-c1,')), day(3)];
  const [, , , , , reference] = captured.split(',');
  const row = (record: string, type: string, name: string, amounts: string) =>
    `${record},${date},${type},main,,${name},EUR,${amounts}`;
  const { code, result } = await reconcile([
    lines[0] ?? '',
    row('cb-1', 'chargeback', reference ?? '', '-179.80,15.00,-194.80'),
    row('cb-2', 'chargeback-reversed', reference ?? '', '179.80,0.00,179.80'),
    row('cb-3', 'chargeback', 'ch_nobody', '-1.00,0.00,-1.00'),
  ]);
  expect(code).toBe(1);
  const disputed = { order: 'O1', entry: 'O1-c1' };
  expect(result.differences).toMatchObject([
    {
      class: 'chargeback',
      key: 'O1-c1',
      file: { amount: -17_980 },
      disputed: { ...disputed, record: 'cb-1', fee: 1500 },
    },
    { class: 'chargeback-reversed', key: 'O1-c1', file: { amount: 17_980 }, disputed: { ...disputed, fee: 0 } },
    { class: 'missing-here', key: 'cb-3', file: { amount: -100 } },
  ]);
});

test('people read what differs, and what the command line lacks', async () => {
  const file = join(folder, 'short.csv');
  await writeFile(file, `${lines.slice(0, -1).join('\n')}\n`);
  const { code, stdout } = await tillwire('reconcile', '--file', file, '--nats', url, ...AROUND);
  expect(code).toBe(1);
  expect(stdout).toContain('DIFFERS from the ledger\n7 rows compared, 0 broken\nperiod: from ');
  expect(stdout).toMatch(/missing-there {2}main {5}O2-b1 +78.67 EUR {2}O2/);
  expect(await tillwire('reconcile', '--nats', url)).toMatchObject({ code: 2 });
  expect(await tillwire('reconcile', '--file', file, '--from', 'today')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      '--from today is neither a day (2026-11-22) nor an instant in UTC (2026-11-22T09:00:00Z)',
    ),
  });
});
