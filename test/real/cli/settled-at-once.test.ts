/** A payment that moved when the customer paid (iDEAL): nobody asks the provider to capture it, and its file has it all the same. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { Result } from '../../../supervisor/reconcile/reconciliation-result.ts';
import { eventually } from '../../fixture/eventually.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { lanterns, openStore } from './orders.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const STORE = 'store-lyon';
const PAID = 17_980;
const UNIT = 8990;

let folder: string;
let up: TillwireProcess;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ gateway: { accounts: { main: { provider: 'mollie' } } } }));
  up = new TillwireProcess(...['up', '--port', '0', '--data', join(folder, 'data'), '--config', config]);
  url = (await up.ready()).nats;
  const terminal = await ForeignTerminal.open(url, 'json');
  try {
    await openStore(terminal, STORE);
    await tradeWhatIsThere(terminal);
  } finally {
    await terminal.close();
  }
});

afterAll(async () => {
  await up?.end();
  await rm(folder, { recursive: true, force: true });
});

/** Two lanterns are paid, one is found: it is collected, the other one is refunded. */
async function tradeWhatIsThere(terminal: ForeignTerminal): Promise<void> {
  const { payment: _, ...order } = lanterns(STORE);
  const money = { authorised: PAID, authorisedAt: order.placedAt, captured: PAID };
  const payment = { account: 'main', method: 'ideal', transaction: 'tr_1', ...money };
  await terminal.ask('in.channel-web.order.O1.place', { ...order, payment });
  await terminal.hear(`out.${STORE}.order.O1.assigned`);
  const clerk = (name: string, payload: object) => terminal.ask(`in.${STORE}.order.O1.${name}`, payload);
  await clerk('accept', {});
  await clerk('short-pick', { lines: [{ line: '1', quantity: 1 }] });
  await clerk('ready', {});
  await clerk('collect', {});
  await terminal.hear('event.order.O1.refunded');
  await terminal.hear('event.order.O1.paid-out');
}

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString();

async function rowsOf(order: string): Promise<AttributionRow[]> {
  const options = ['--from', day(-1), '--to', day(1), '--order', order, '--format', 'json', '--nats', url];
  const { stdout, stderr } = await tillwire('report', 'attribution', ...options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('the report has what was paid, kept and given back, and what the store got of it', async () => {
  const rows = await eventually(
    async () => {
      const found = await rowsOf('O1');
      return found.some(({ settled }) => settled > 0) && found;
    },
    { what: 'the report has the payout', withinMs: 20_000 },
  );
  const gross = (wanted: (row: AttributionRow) => boolean) =>
    rows.reduce((sum, row) => (wanted(row) ? sum + row.gross : sum), 0);
  expect(gross(({ entry }) => entry === 'O1-c1')).toBe(PAID);
  expect(gross(({ entry }) => entry === 'O1-r1')).toBe(-UNIT);
  expect(gross(({ movement, line }) => movement === 'sale' && line === '1')).toBe(UNIT);
  // 15 % of 74.92 net is 11.24.
  expect(rows.reduce((sum, { settled }) => sum + settled, 0)).toBe(UNIT - 1124);
});

test('the provider’s file agrees with the payment, which it names by its transaction; the simulator’s can have nothing of it', async () => {
  const { stdout } = await tillwire('gateway', 'main', '--settlement', '--nats', url);
  const lines = stdout.trimEnd().split('\n');
  const date = new Date().toISOString();
  const payment = (amount: string) => `pay-1,${date},capture,main,tr_1,tr_1,EUR,${amount},0.00,${amount}`;
  expect(lines[0]).toBe('record,date,type,account,merchant_reference,provider_reference,currency,gross,fee,net');
  expect(lines).toHaveLength(3);

  expect(await reconcile(lines)).toMatchObject({
    code: 1,
    result: { differences: [{ class: 'missing-there', key: 'tr_1', ledger: { amount: PAID, order: 'O1' } }] },
  });
  expect(await reconcile(lines, '--asked-only')).toMatchObject({ code: 0, result: { agrees: true } });
  const whole = await reconcile([...lines, payment('179.80')]);
  expect(whole).toMatchObject({ code: 0, result: { agrees: true, rows: { counted: 3 } } });
  const wrong = await reconcile([...lines, payment('179.70')]);
  expect(wrong).toMatchObject({
    code: 1,
    result: { differences: [{ class: 'amount-differs', key: 'tr_1', file: { amount: PAID - 10 } }] },
  });
});

async function reconcile(
  lines: readonly string[],
  ...options: string[]
): Promise<{ code: number | string; result: Result }> {
  const file = join(folder, 'settlement.csv');
  await writeFile(file, `${lines.join('\n')}\n`);
  // With ends a day away: what is booked in the last hour of a day may be in the next one's file.
  const period = ['--from', day(-1), '--to', day(1)];
  const { code, stdout, stderr } = await tillwire(
    'reconcile',
    ...['--file', file, ...period, '--json', '--nats', url],
    ...options,
  );
  if (stdout === '') throw new Error(stderr);
  return { code, result: JSON.parse(stdout) };
}
