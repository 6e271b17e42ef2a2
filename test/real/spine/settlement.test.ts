/** A franchise whose account is short when its share is pulled back: what it owes is netted from what it gets next. */
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { OrderView, StoreView } from '../../../protocols/views.ts';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { eventually } from '../../fixture/eventually.ts';
import { tillwire } from '../cli/tillwire-process.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useConfiguredSystem } from './system.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-settlement-'));
const system = useConfiguredSystem({ report: { folder } }, 'node-1', 'node-2');
const [A, B] = ['store-a', 'store-b'];
const [LANTERN, TEAPOT] = ['85123A', '71053'];
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  await openStore(client, A, franchise(A, true), { [LANTERN]: 10 });
  await openStore(client, B, franchise(B, true), { [TEAPOT]: 10 });
});
afterAll(async () => {
  await client?.close();
  await rm(folder, { recursive: true, force: true });
});

async function applied(origin: string, entity: string, id: string, name: string, payload: object): Promise<void> {
  const commandId = client.newId();
  await client.send(`in.${origin}.${entity}.${id}.${name}`, payload, commandId);
  expect((await client.outcome(commandId)).payload).toMatchObject({ outcome: 'applied' });
}

const isQuiet = ({ totals: { open } }: OrderView): boolean => open.capture + open.refund + open.payout === 0;
const ordered = (id: string, holds: (view: OrderView) => boolean) =>
  client.until<OrderView>(`query.order.${id}`, (view) => isQuiet(view) && holds(view));
const inStore = (owes: Record<string, number>) =>
  client.until<StoreView>(`query.store.${A}`, (view) => JSON.stringify(view.owes) === JSON.stringify(owes));
const ofStore = ({ ledger }: OrderView) =>
  ledger.filter(({ party }) => party === A).map(({ kind, amount, state }) => `${kind} ${amount} ${state}`);

/** The lantern ready, captured and its share settled. */
async function readyLantern(order: string): Promise<OrderView> {
  await applied('channel-web', 'order', order, 'place', baseOrder(order, [LANTERN, TEAPOT]));
  await client.hear(`out.${A}.order.${order}.assigned`);
  await applied(A, 'order', order, 'ready', {});
  return ordered(order, ({ ledger }) => ledger.some(({ kind }) => kind === 'payout' || kind === 'netting'));
}

test('what the account does not have is owed, and the customer has his money all the same', async () => {
  await readyLantern('A1');
  await applied('ops-hq', 'gateway', 'main', 'script', {
    kind: 'payout-reversal',
    behave: 'decline',
    code: 'insufficient-balance',
    available: 283,
  });
  await applied('channel-web', 'order', 'A1', 'cancel', { lines: [{ line: '1', quantity: 1 }] });
  const after = await ordered('A1', ({ ledger }) => ledger.some(({ kind }) => kind === 'receivable'));
  expect(ofStore(after)).toEqual([
    'payout 7283 confirmed',
    'payout-reversal 7283 failed',
    expect.stringMatching(/^payout-reversal 283 /),
    'receivable 7000 confirmed',
  ]);
  expect(after.totals.refunded).toBe(8324);
  await inStore({ EUR: 7000 });
});

test('the next payout pays it, the one after that is paid out as far as nothing is owed any more', async () => {
  const second = await readyLantern('A2');
  expect(ofStore(second)).toEqual(['netting 7000 confirmed', 'payout 283 confirmed']);
  await inStore({});
  const third = await readyLantern('A3');
  expect(ofStore(third)).toEqual(['payout 7283 confirmed']);
});

test('over all orders the store has what is due to it, and the gateway moved just that', async () => {
  const views = await Promise.all(['A1', 'A2', 'A3'].map((id) => ordered(id, () => true)));
  expect(views.reduce((sum, { parties }) => sum + (parties[A] ?? 0), 0)).toBe(2 * 7283);
  for (const { parties, totals } of views) {
    const held = Object.values(parties).reduce((sum, amount) => sum + amount, 0);
    expect(held).toBe(totals.captured - totals.refunded);
  }
  const { moved } = (await client.query<Journal>('query.gateway.main.journal')) ?? { moved: [] };
  const sum = (kind: string) =>
    moved.reduce((total, row) => (row.kind === kind && row.party === A ? total + row.amount : total), 0);
  expect(sum('payout') - sum('payout-reversal')).toBe(2 * 7283);
});

interface Entry {
  share: number;
  paid: number;
  pulledBack: number;
  netted: number;
  balance: number;
}

test('its statement tells every cent of it', async () => {
  const statement = async (...more: string[]) =>
    tillwire('store', A, '--statement', '--nats', system.server.url, ...more);
  await eventually(
    async () => {
      const third = { order: 'A3', party: A };
      const found = await client.query<{ rows: AttributionRow[] }>('query.report.attribution', third);
      return found?.rows.some(({ settled }) => settled > 0);
    },
    { what: 'the report has the third payout', withinMs: 30_000 },
  );
  const { entries } = JSON.parse((await statement('--json')).stdout) as { entries: Entry[] };
  expect(entries.filter(({ paid }) => paid > 0)).toHaveLength(3);
  const sum = (of: 'share' | 'paid' | 'pulledBack' | 'netted') =>
    entries.reduce((total, entry) => total + entry[of], 0);
  expect([sum('share'), sum('paid'), sum('pulledBack'), sum('netted')]).toEqual([2 * 7283, 2 * 7283 + 283, 283, 0]);
  expect(entries.at(-1)?.balance).toBe(0);
  expect((await statement()).stdout).toContain('closing 0.00 EUR owed to the store');
  expect(await statement('--from', '2026-11-23', '--to', '2026-11-22')).toMatchObject({ code: 2 });
  const unknown = await tillwire('store', 'store-x', '--statement', '--nats', system.server.url);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no store store-x') });
});

test('a replay under its own rate changes nothing; the store gets the commission, or the shipping fee, where rules say so', async () => {
  const difference = async (percent: string, shipping = 'headquarters'): Promise<Record<string, number>> => {
    const file = join(folder, `rules-${percent}-${shipping}.json`);
    const rules = [{ rule: 'all', percent, shipping }];
    await writeFile(file, JSON.stringify({ versions: [{ version: 'v9', validFrom: '2026-01-01T00:00:00Z', rules }] }));
    const { stdout } = await tillwire('rules', 'replay', '--rules', file, '--json', '--nats', system.server.url);
    const { parties, ...old } = JSON.parse(stdout) as { parties: { party: string; difference: number }[] };
    expect(old).toMatchObject({ unknown: 0, untold: 0 });
    return Object.fromEntries(parties.map(({ party, difference: more }) => [party, more]));
  };
  expect(await difference('0.15')).toEqual({ headquarters: 0, [A]: 0 });
  expect(await difference('0')).toEqual({ headquarters: -2 * 1041, [A]: 2 * 1041 });
  // The goods that brought the fee of A1 were cancelled.
  expect(await difference('0.15', 'store')).toEqual({ headquarters: -2 * 490, [A]: 2 * 490 });
});

test('a replay of a period counts what was booked in its first moment', async () => {
  const file = join(folder, 'rules-period.json');
  const rules = [{ rule: 'all', percent: '0.15' }];
  await writeFile(file, JSON.stringify({ versions: [{ version: 'v9', validFrom: '2026-01-01T00:00:00Z', rules }] }));
  const booked = await client.query<{ rows: AttributionRow[] }>('query.report.attribution', {});
  const from = booked?.rows.at(-1)?.at ?? '';
  const options = ['--rules', file, '--from', from, '--json', '--nats', system.server.url];
  const { stdout } = await tillwire('rules', 'replay', ...options);
  expect(JSON.parse(stdout)).toMatchObject({ rows: booked?.rows.filter(({ at }) => at >= from).length });
});
