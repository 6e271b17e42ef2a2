import { beforeAll, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { encode } from '../../../protocols/codec.ts';
import { KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import type { OrderView } from '../../../protocols/views.ts';
import type { GatewayStatus } from '../../../supervisor/gateway/account-status.ts';
import { encodeBatch, type SimulatorEntry } from '../../../supervisor/gateway/simulator-entry.ts';
import { NatsSimulatorLog } from '../../../supervisor/nats/simulator-log.ts';
import { eventually } from '../../fixture/eventually.ts';
import { useConfiguredSystem } from './system.ts';
import { useTraders } from './traders.ts';

const system = useConfiguredSystem({ gateway: { audit: { everySeconds: 1, graceSeconds: 2 } } }, 'node-1');
const traders = useTraders(system);
const ORDER = 'D1';
const STRANGE = `${ORDER}-c9`;
const AMOUNT = 777;
const WITHIN_MS = 30_000;

beforeAll(async () => {
  const orders = [ORDER, 'D2', 'D3', 'D4'];
  const journeys = ['returned', 'shipped', 'cancelled', 'returned'] as const;
  await traders.trade.run(() => {
    const order = orders.shift();
    return order === undefined ? undefined : { order, journey: journeys[orders.length] ?? 'shipped' };
  }, 2);
});

const audit = async () => (await traders.terminal.query<GatewayStatus>('query.gateway.main'))?.audit;
const attention = async () => (await traders.terminal.query<OrderView>(`query.order.${ORDER}`))?.attention ?? [];

/** Somebody else than Tillwire asks the provider for money. */
async function moveMoney(): Promise<void> {
  const log = new NatsSimulatorLog(traders.connection, 'main');
  const call = {
    key: STRANGE,
    order: ORDER,
    transaction: 'pi_strange',
    method: 'visa',
    amount: AMOUNT,
    currency: 'EUR',
  };
  const entry: SimulatorEntry = { entry: 'call', at: Date.now(), call: { ...call, kind: 'capture' } };
  let last = 0;
  for await (const { sequence } of log.read(0)) last = sequence;
  const appended = await log.append(last, encodeBatch({ id: 'strange', entries: [entry] }));
  log.close();
  expect(appended).not.toBe('stale');
}

/** The ledger's side, as if the order had booked it. */
async function bookIt(): Promise<void> {
  const at = new Date().toISOString();
  const row: AttributionRow = {
    row: `${ORDER}-999-1`,
    order: ORDER,
    at,
    movement: 'sale',
    subject: 'order',
    channel: 'web',
    mode: 'ship',
    currency: 'EUR',
    quantity: 0,
    gross: AMOUNT,
    net: AMOUNT,
    tax: 0,
    discountShare: 0,
    commission: 0,
    storeShare: 0,
    headquartersShare: AMOUNT,
    settled: 0,
    entry: STRANGE,
    account: 'main',
  };
  const subject = KEY_PREFIX + key.event('strange-1', 'attribution', ORDER, 'booked');
  const booked = encode({ order: ORDER, at, revision: 999, rows: [row] }, 'json');
  await traders.connection.nats.request(subject, booked, { timeout: 5000 });
}

test('trade as it is differs nowhere, however long it is looked at', async () => {
  await eventually(async () => (await audit())?.catchingUp === false, {
    what: 'the audit is up to date',
    withinMs: WITHIN_MS,
  });
  // Twice the grace.
  const until = performance.now() + 4000;
  await eventually(async () => performance.now() > until && (await audit()) !== undefined, {
    what: 'the grace is over',
    withinMs: WITHIN_MS,
  });
  expect(await audit()).toEqual({ catchingUp: false, differences: [], count: 0 });
  expect(await attention()).toEqual([]);
});

test('money that moved and that no ledger knows is told of the order and of the account, with both figures', async () => {
  const moved = performance.now();
  await moveMoney();
  const figures = { entry: STRANGE, currency: 'EUR', ledger: 0, gateway: AMOUNT };
  const [ofAccount] = await traders.news.hear('event.gateway.main.ledger-differs');
  // A little less than the grace: clocks that tell the time are set while they run.
  expect(performance.now() - moved).toBeGreaterThan(1900);
  expect(ofAccount).toMatchObject({ ...figures, account: 'main', order: ORDER });
  const [ofOrder] = await traders.news.hear(`event.order.${ORDER}.ledger-differs`);
  expect(ofOrder).toMatchObject(figures);
  expect(await attention()).toMatchObject([{ code: 'ledger-differs', about: STRANGE }]);
  await eventually(async () => (await audit())?.count === 1, { what: 'the account shows it', withinMs: WITHIN_MS });
  expect(await audit()).toMatchObject({ differences: [figures] });
});

test('it is over when the ledger has booked it', async () => {
  await bookIt();
  await traders.news.hear(`event.order.${ORDER}.ledger-agrees`);
  expect(await attention()).toEqual([]);
  await eventually(async () => (await audit())?.count === 0, { what: 'the account shows none', withinMs: WITHIN_MS });
});
