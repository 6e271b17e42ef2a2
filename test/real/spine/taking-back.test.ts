/** Goods that come back to a store that neither sold nor prepared them, and may be on another node: what it gets, and who pays. */
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { openTerminal } from '../../../supervisor/cli/open-terminal.ts';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { eventually } from '../../fixture/eventually.ts';
import { tillwire } from '../cli/tillwire-process.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useConfiguredSystem } from './system.ts';

const rulesWith = (handlingFee: number) => [
  { rule: 'counter', store: 'store-c', percent: '0.15', currency: 'EUR', handlingFee },
  { rule: 'others', percent: '0.15' },
];
const folder = mkdtempSync(join(tmpdir(), 'tillwire-taking-back-'));
const bookWith = (handlingFee: number) => ({
  versions: [{ version: 'v1', validFrom: '2020-01-01T00:00:00Z', rules: rulesWith(handlingFee) }],
});
const commission = bookWith(250);
const system = useConfiguredSystem({ report: { folder }, commission }, 'node-1', 'node-2', 'node-3');
const [A, C] = ['store-a', 'store-c'];
const [LANTERN, TEAPOT] = ['85123A', '71053'];
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  await openStore(client, A, franchise(A, true), { [LANTERN]: 10, [TEAPOT]: 10 });
  await openStore(client, C, franchise(C, true), {});
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

const isQuiet = ({ totals: { open }, ledger }: OrderView): boolean =>
  open.capture + open.refund + open.payout === 0 && ledger.every(({ state }) => state !== 'requested');
const ordered = (id: string, holds: (view: OrderView) => boolean) =>
  client.until<OrderView>(`query.order.${id}`, (view) => isQuiet(view) && holds(view));
const of = (party: string, { ledger }: OrderView) =>
  ledger.filter((entry) => entry.party === party).map(({ kind, amount, state }) => `${kind} ${amount} ${state}`);

/** The first line comes back to C. */
async function takeBack(order: string, id: string): Promise<void> {
  const lines = [{ line: '1', quantity: 1 }];
  const why = lines.map((line) => ({ ...line, reason: 'defect' }));
  await applied('channel-web', 'return', id, 'request', { order, lines: why, by: 'store' });
  await applied(C, 'return', id, 'receive', { lines });
  await applied(C, 'return', id, 'inspect', { lines: [{ line: '1', accepted: 1, restock: 0 }] });
}

test('the handling fee goes to the store that took back, from headquarters', async () => {
  await applied('channel-web', 'order', 'A1', 'place', baseOrder('A1', [LANTERN, TEAPOT]));
  await client.hear(`out.${A}.order.A1.assigned`);
  await applied(A, 'order', 'A1', 'ready', {});
  await ordered('A1', ({ totals }) => totals.captured === 12_980);
  await applied(A, 'order', 'A1', 'ship', { carrier: 'dhl', tracking: 'T1' });
  await takeBack('A1', 'R1');
  const after = await ordered('A1', (view) => view.totals.refunded === 8324 && of(C, view).length === 1);
  expect(of(C, after)).toEqual(['payout 250 confirmed']);
  expect(after.parties).toEqual({ headquarters: 4656 - 3645 - 250, [A]: 3645, [C]: 250 });
  expect(after.attention).toEqual([]);
});

test('a till that gives back what another one took is made whole by headquarters', async () => {
  const { payment: _, shipping: __, ...rest } = baseOrder('A2', [LANTERN, TEAPOT]);
  await applied('channel-web', 'order', 'A2', 'place', { ...rest, fulfilment: 'reserve-and-collect', collectAt: A });
  await client.hear(`out.${A}.order.A2.assigned`);
  const lines = [
    { line: '1', quantity: 1, amount: 8324 },
    { line: '2', quantity: 1, amount: 4166 },
  ];
  await applied(A, 'order', 'A2', 'sell', { ticket: 'T-1', lines, tenders: [{ kind: 'cash', amount: 12_490 }] });
  await ordered('A2', (view) => of(A, view).length === 2);
  await takeBack('A2', 'R2');
  const after = await ordered('A2', (view) => of(C, view).length === 2);
  expect(of(C, after)).toEqual(['refund 8324 confirmed', 'payout 8574 confirmed']);
  expect(after).toMatchObject({ totals: { captured: 12_490, refunded: 8324 } });
  // The seller has its money in the till, not on its account: the share of A1's other line, less the commission that it gave.
  expect(of(A, after)).toEqual([
    'till-sale 12490 confirmed',
    'payout-reversal 1562 confirmed',
    'payout-reversal 7283 failed',
    'payout-reversal 2083 confirmed',
    'receivable 5200 confirmed',
  ]);
  expect(after.attention).toMatchObject([{ code: 'store-account-short' }]);
});

test('what the seller’s account lacked is nobody’s business any more once its next payout has paid it', async () => {
  await applied('channel-web', 'order', 'A3', 'place', baseOrder('A3', [LANTERN, TEAPOT]));
  await client.hear(`out.${A}.order.A3.assigned`);
  await applied(A, 'order', 'A3', 'ready', {});
  const next = await ordered('A3', (view) => of(A, view).length === 2);
  expect(of(A, next)).toEqual(['netting 5200 confirmed', 'payout 5728 confirmed']);
  const paid = await ordered('A2', ({ attention }) => attention.length === 0);
  expect(paid.ledger.find(({ kind }) => kind === 'receivable')).toMatchObject({ amount: 5200, collected: true });
});

test('the gateway moved what the store is told, in rows and in its statement', async () => {
  const { moved } = (await client.query<Journal>('query.gateway.main.journal')) ?? { moved: [] };
  const paid = moved.filter(({ party }) => party === C).map(({ kind, order, amount }) => `${order} ${kind} ${amount}`);
  expect(paid).toEqual(['A1 payout 250', 'A2 payout 8574']);
  await eventually(
    async () => {
      const found = await client.query<{ rows: AttributionRow[] }>('query.report.attribution', { party: C });
      const fees = found?.rows.filter(({ movement }) => movement === 'handling-fee') ?? [];
      return (
        fees.length === 2 &&
        fees.every(({ storeShare, rule, preparedBy }) => storeShare === 250 && rule === 'counter' && preparedBy === A)
      );
    },
    { what: 'the report has both fees', withinMs: 30_000 },
  );
  const ofA1 = await client.query<{ rows: AttributionRow[] }>('query.report.attribution', { order: 'A1' });
  const back = ofA1?.rows.filter(({ movement }) => movement === 'refund') ?? [];
  expect(back.map(({ line, reason, returnReason }) => [line, reason, returnReason])).toEqual([
    ['1', 'claim', 'defect'],
  ]);
  const statement = await tillwire('store', C, '--statement', '--nats', system.server.url);
  expect(statement.stdout).toContain('handling-fee');
  expect(statement.stdout).toContain('closing 0.00 EUR owed to the store');
  const explained = await tillwire('explain', 'A1', 'A1-p2', '--nats', system.server.url);
  expect(explained.stdout).toContain(
    'handling fee for 1 of line 1 that another store prepared, by rule counter of version v1',
  );
});

test('a question that a node refuses says why, and not that there may be no node', async () => {
  const terminal = await openTerminal(system.server.url);
  const asked = terminal.query('query.report.attribution', { from: '2026-02-30' });
  await expect(asked).rejects.toThrow(/^query\.report\.attribution: from: 2026-02-30 is neither a day .* \(400\)$/);
  await terminal.close();
});

test('a replay pays another handling fee for the same units, and under the rules that were used the same one', async () => {
  const difference = async (handlingFee: number) => {
    const file = join(folder, `rules-${handlingFee}.json`);
    await writeFile(file, JSON.stringify(bookWith(handlingFee)));
    const { stdout } = await tillwire('rules', 'replay', '--rules', file, '--json', '--nats', system.server.url);
    const { parties, ...old } = JSON.parse(stdout) as { parties: { party: string; difference: number }[] };
    expect(old).toMatchObject({ unknown: 0, untold: 0 });
    return Object.fromEntries(parties.map(({ party, difference: more }) => [party, more]));
  };
  expect(await difference(250)).toEqual({ headquarters: 0, [A]: 0, [C]: 0 });
  expect(await difference(100)).toEqual({ headquarters: 300, [A]: 0, [C]: -300 });
});
