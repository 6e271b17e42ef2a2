/** What a gateway does late, twice or not at all, on a real server: the books end where the provider's journal is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { baseOrder, franchise, openStore } from '../spine/base-order.ts';
import { ForeignClient, type Payload } from '../spine/foreign-client.ts';
import { useSystem } from '../spine/system.ts';

const system = useSystem('node-1', 'node-2');

const [A, B] = ['store-a', 'store-b'];
const SKUS = ['85123A', '71053'] as const;
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  await openStore(client, A, franchise(A, true), { [SKUS[0]]: 100 });
  await openStore(client, B, franchise(B, true), { [SKUS[1]]: 100 });
});
afterAll(() => client?.close());

async function command(origin: string, id: string, name: string, payload: object, entity = 'order'): Promise<Payload> {
  const commandId = client.newId();
  await client.send(`in.${origin}.${entity}.${id}.${name}`, payload, commandId);
  return (await client.outcome(commandId)).payload;
}

async function applied(...asked: Parameters<typeof command>): Promise<void> {
  expect(await command(...asked)).toMatchObject({ outcome: 'applied' });
}

const view = (id: string, holds: (view: OrderView) => boolean) => client.until<OrderView>(`query.order.${id}`, holds);
const scripted = (order: string, kind: string, behave: string, times = 1) =>
  applied('ops-hq', 'main', 'script', { kind, behave, times, order }, 'gateway');
const isQuiet = ({ totals: { open } }: OrderView): boolean => open.capture + open.refund + open.payout === 0;

async function placed(order: string): Promise<void> {
  await applied('channel-web', order, 'place', baseOrder(order, SKUS));
  await client.hear(`out.${A}.order.${order}.assigned`);
  await view(order, ({ fulfilments }) => fulfilments.filter(({ state }) => state === 'accepted').length === 2);
}

const fulfilmentOf = async (order: string, store: string): Promise<string> => {
  const { fulfilments } = await view(order, () => true);
  return fulfilments.find((of) => of.store === store)?.fulfilment ?? '';
};

async function captured(order: string): Promise<void> {
  await placed(order);
  await applied(A, order, 'ready', {});
  await view(order, ({ totals }) => totals.attributed === 7283);
}

/** What the provider holds of an order: captures, less refunds. */
async function kept(order: string): Promise<number> {
  const { moved } = (await client.query<Journal>('query.gateway.main.journal')) ?? { moved: [] };
  const sign = (kind: string) => (kind === 'capture' ? 1 : kind === 'refund' ? -1 : 0);
  return moved.reduce((sum, row) => (row.order === order ? sum + sign(row.kind) * row.amount : sum), 0);
}

async function keysOf(order: string, kind: string): Promise<string[]> {
  const { calls } = (await client.query<Journal>('query.gateway.main.journal')) ?? { calls: [] };
  return [...new Set(calls.filter((call) => call.order === order && call.kind === kind).map(({ key }) => key))];
}

describe.each(['timeout-before', 'timeout-after', 'error-500'] as const)('a capture whose answer is %s', (behave) => {
  test('is looked up, and taken once under one key', async () => {
    const order = `U-${behave}`;
    await placed(order);
    await scripted(order, 'capture', behave, 2);
    await applied(A, order, 'ready', {});
    const after = await view(order, ({ totals }) => totals.attributed === 7283);
    expect(after).toMatchObject({ totals: { captured: 8814 }, attention: [] });
    expect(await keysOf(order, 'capture')).toEqual([`${order}-c1`]);
    expect(await kept(order)).toBe(8814);
  });
});

test('pain 12: a capture that fails after the goods left takes the parties back, and the goods stay where they are', async () => {
  const order = 'L-failure';
  await placed(order);
  await scripted(order, 'capture', 'late-failure');
  await applied(A, order, 'ready', {});
  // For half a second only: a view may come too late.
  expect(await client.hear(`event.order.${order}.captured`)).toMatchObject({ amount: 8814 });
  await applied(A, order, 'ship', { fulfilment: await fulfilmentOf(order, A) });
  const lost = await view(order, ({ totals }) => totals.captured === 0 && totals.attributed === 0);
  expect(lost.attention.map(({ code }) => code)).toContain('funds-lost');
  expect(lost.fulfilments.find(({ store }) => store === A)?.state).toBe('handed-over');
  expect(await command('ops-hq', order, 'retry', { entry: `${order}-c1` })).toMatchObject({ code: 'may-have-moved' });
  expect(await kept(order)).toBe(0);
});

test('what is taken after all restores the parties once', async () => {
  const order = 'L-recapture';
  await placed(order);
  await scripted(order, 'capture', 'late-recapture');
  await applied(A, order, 'ready', {});
  await client.hear(`event.order.${order}.capture-failed`);
  const back = await view(order, ({ totals, parties }) => totals.captured === 8814 && parties[A] === 7283);
  expect(back).toMatchObject({ attention: [], parties: { headquarters: 1531 } });
  await view(order, isQuiet);
  expect(await kept(order)).toBe(8814);
  expect(await keysOf(order, 'capture')).toEqual([`${order}-c1`]);
});

test('pain 23: a refund that is declined stays owed until headquarters paid it in another way', async () => {
  const order = 'R-declined';
  await captured(order);
  await scripted(order, 'refund', 'decline', 2);
  await applied('ops-hq', order, 'refund', { amount: 1000, line: '1', reason: 'scratched' });
  const owed = await view(order, ({ attention }) => attention.some(({ code }) => code === 'refund-failed'));
  expect(owed.totals).toMatchObject({ refunded: 0, open: { refund: 1000 } });
  await applied('ops-hq', order, 'retry', { entry: `${order}-r1` });
  await view(order, ({ attention }) => attention.some(({ about }) => about === `${order}-r2`));
  const settled = { entry: `${order}-r2`, reference: 'transfer-17', reason: 'the card was closed' };
  await applied('ops-hq', order, 'settle-refund', settled);
  const after = await view(order, ({ totals, parties }) => totals.refunded === 1000 && parties[A] === 6408);
  expect(after).toMatchObject({ attention: [], totals: { open: { refund: 0 } } });
  // The provider gave nothing back.
  expect(await kept(order)).toBe(8814);
  expect(await command('ops-hq', order, 'settle-refund', settled)).toMatchObject({ code: 'wrong-state' });
});

describe('a webhook', () => {
  const notice = (order: string) => ({
    key: `${order}-c1`,
    kind: 'capture',
    outcome: 'confirmed',
    gatewayReference: 'ch_early',
    amount: 8814,
    currency: 'EUR',
    at: new Date().toISOString(),
  });

  test('pain 14: that comes before the order is kept, and heard when its capture is asked for', async () => {
    const order = 'W-early';
    const early = notice(order);
    await applied('gateway-main', order, 'notify', early);
    await applied('gateway-main', order, 'notify', early);
    await placed(order);
    await view(order, ({ attention }) => attention.some(({ code }) => code === 'gateway-mismatch'));
    await applied(A, order, 'ready', {});
    const after = await view(order, ({ totals }) => totals.attributed === 7283);
    expect(after).toMatchObject({ totals: { captured: 8814 }, attention: [] });
  });

  test('is the provider’s to send, and changes nothing where it differs', async () => {
    const order = 'W-differs';
    await captured(order);
    expect(await command('channel-web', order, 'notify', notice(order))).toMatchObject({ code: 'not-allowed' });
    await applied('gateway-main', order, 'notify', { ...notice(order), outcome: 'failed', amount: 1 });
    const after = await view(order, ({ attention }) => attention.some(({ code }) => code === 'gateway-mismatch'));
    expect(after.totals.captured).toBe(8814);
  });
});
