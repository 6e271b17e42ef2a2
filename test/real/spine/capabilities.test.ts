/** What payment methods can do: configured, changed while the system runs, known by every node, frozen by orders. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import type { GatewayView } from '../../../supervisor/gateway/account-status.ts';
import { eventually } from '../../fixture/eventually.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useConfiguredSystem } from './system.ts';

const ACCOUNTS = { main: { provider: 'mollie', methods: { klarna: { refundWithin: 90 } } } };
/** Enough that orders of both nodes are among them. */
const ORDERS = 24;

const system = useConfiguredSystem({ gateway: { accounts: ACCOUNTS } }, 'node-1', 'node-2');
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  await openStore(client, 'store-a', franchise('store-a', true), { lantern: 1000, teapot: 1000 });
});

afterAll(() => client?.close());

function paidWith(order: string, method: string): object {
  const place = baseOrder(order, ['lantern', 'teapot']);
  return { ...place, payment: { ...place.payment, method } };
}

const place = (order: string, method: string) =>
  client.ask(`in.channel-web.order.${order}.place`, paidWith(order, method));
const places = (name: string, method: string) =>
  Promise.all(Array.from({ length: ORDERS }, (_, number) => place(`${name}${number}`, method)));
const capabilities = async () => (await client.query<GatewayView>('query.gateway.main'))?.capabilities ?? {};

test('a query shows the records of the provider, with what the account is configured to have otherwise', async () => {
  expect((await client.query<GatewayView>('query.gateway.main'))?.provider).toBe('mollie');
  const { klarna, ideal, visa } = await capabilities();
  expect(klarna).toMatchObject({ refundWithin: 90, lineItemsRequired: true });
  expect(ideal).toMatchObject({ delayedCapture: 'none' });
  expect(visa).toMatchObject({ captures: 1, partialReleasesRest: true });
});

test('a method that is said while the system runs is known by every node; before, its orders are refused', async () => {
  const before = await places('before', 'own-voucher');
  expect(new Set(before.map(({ code }) => code))).toEqual(new Set(['unknown-payment-method']));
  expect(before[0]?.reason).toMatch(/^payment\.method: account main has no own-voucher; it has amex, /);
  const said = { method: 'own-voucher', validFor: { customer: 48, merchant: 48 } };
  expect(await client.ask('in.ops-hq.gateway.main.capabilities', said)).toMatchObject({ outcome: 'applied' });
  let round = 0;
  await eventually(
    async () => (await places(`after${round++}-`, 'own-voucher')).every(({ outcome }) => outcome === 'applied'),
    { what: 'every node takes the method', withinMs: 15_000 },
  );
  expect((await capabilities())['own-voucher']).toMatchObject({ validFor: { customer: 48 }, captures: 1000 });
});

test('a node that starts afterwards knows it from its first order on', async () => {
  for (const node of system.nodes) await node.stop();
  await system.startNode('node-3');
  expect(await place('late', 'own-voucher')).toMatchObject({ outcome: 'applied' });
  await client.until<OrderView>('query.order.late', ({ fulfilments }) => fulfilments[0]?.state === 'accepted');
});

test('a record that makes no sense is refused, and says why', async () => {
  const said = { method: 'visa', delayedCapture: 'full', captures: 2 };
  expect(await client.ask('in.ops-hq.gateway.main.capabilities', said)).toMatchObject({
    code: 'invalid-payload',
    reason: 'captures must be 1 where delayedCapture is full: there is nothing left after it, not 2',
  });
});
