/** What an operator configures, on a real server: an authorisation that ends, payouts on hand-over, a refund that its tender refuses. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { OrderView } from '../../../protocols/views.ts';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useConfiguredSystem } from './system.ts';

const system = useConfiguredSystem(
  {
    authorisation: { expiry: 'reauthorise' },
    payout: { when: 'at-hand-over' },
    refunds: { onFailure: 'next-tender' },
  },
  'node-1',
);
const [A, B] = ['store-a', 'store-b'];
const SKUS = ['85123A', '71053'] as const;
const HOUR_MS = 3600_000;
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  await openStore(client, A, franchise(A, true), { [SKUS[0]]: 10 });
  await openStore(client, B, franchise(B, true), { [SKUS[1]]: 10 });
});
afterAll(() => client?.close());

async function applied(origin: string, id: string, name: string, payload: object, entity = 'order'): Promise<void> {
  expect(await client.ask(`in.${origin}.${entity}.${id}.${name}`, payload)).toMatchObject({ outcome: 'applied' });
}

const view = (id: string, holds: (view: OrderView) => boolean) => client.until<OrderView>(`query.order.${id}`, holds);

async function assigned(order: string, place: OrderCommands['place']): Promise<void> {
  await applied('channel-web', order, 'place', place);
  await client.hear(`out.${A}.order.${order}.assigned`);
}

/** `transaction amount` of what the provider moved. */
async function moved(order: string, kind: string): Promise<string[]> {
  const journal = await client.query<Journal>('query.gateway.main.journal');
  const rows = journal?.moved.filter((row) => row.order === order && row.kind === kind) ?? [];
  return rows.map(({ transaction, amount }) => `${transaction} ${amount}`);
}

test('what an authorisation still has is authorised again before it ends, and captured from there', async () => {
  const { payment, ...rest } = baseOrder('X1', SKUS);
  if (!payment) throw new Error('the order is not paid');
  const captureBefore = new Date(Date.now() + 11 * HOUR_MS).toISOString();
  await assigned('X1', { ...rest, payment: { ...payment, credential: 'stored', captureBefore } });
  await client.hear('event.order.X1.authorisation-expiring');
  const { gatewayReference } = await client.hear('event.order.X1.reauthorised');
  await applied(A, 'X1', 'ready', {});
  await view('X1', ({ totals }) => totals.captured === 8814);
  expect(await moved('X1', 'capture')).toEqual([`${gatewayReference} 8814`]);
});

test('a franchise has its share when the goods were handed over, not before', async () => {
  await assigned('H1', baseOrder('H1', SKUS));
  await applied(A, 'H1', 'ready', {});
  const ready = await view('H1', ({ totals }) => totals.captured === 8814);
  expect(ready.parties[A] ?? 0).toBe(0);
  expect(await moved('H1', 'payout')).toEqual([]);
  const { fulfilment } = ready.fulfilments.find(({ store }) => store === A) ?? {};
  await applied(A, 'H1', 'ship', { fulfilment });
  await view('H1', ({ parties }) => parties[A] === 7283);
  expect(await moved('H1', 'payout')).toEqual(['pi_H1 7283']);
});

test('a refund that its tender refuses goes to the next one', async () => {
  const { payment, ...rest } = baseOrder('N1', SKUS);
  if (!payment) throw new Error('the order is not paid');
  const card = { ...payment, authorised: 7980 };
  const gift = { ...payment, method: 'gift-card', transaction: 'gift_N1', authorised: 5000 };
  await assigned('N1', { ...rest, payments: [gift, card] });
  await applied(A, 'N1', 'ready', {});
  await view('N1', ({ totals }) => totals.captured === 8814);
  await applied('ops-hq', 'main', 'script', { kind: 'refund', behave: 'decline', times: 1, order: 'N1' }, 'gateway');
  await applied('ops-hq', 'N1', 'refund', { amount: 1000, line: '1', reason: 'scratched' });
  const after = await view('N1', ({ totals }) => totals.refunded === 1000);
  expect(after).toMatchObject({ attention: [], totals: { open: { refund: 0 } } });
  expect(await moved('N1', 'refund')).toEqual(['gift_N1 1000']);
});
