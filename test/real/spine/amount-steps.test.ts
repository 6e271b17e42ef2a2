/** A provider that takes no last digit of a dinar, on a real server: two captures and two refunds, rounded together. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Booked } from '../../../protocols/attribution.ts';
import type { OrderView } from '../../../protocols/views.ts';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useConfiguredSystem } from './system.ts';

const ACCOUNTS = { main: { provider: 'simulator', methods: { mastercard: { amountStep: { KWD: 10 } } } } };
const system = useConfiguredSystem({ gateway: { accounts: ACCOUNTS } }, 'node-1', 'node-2');

const ORDER = 'K1';
const [A, B] = ['store-a', 'store-b'];
const SKUS = ['85123A', '71053'] as const;
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  await openStore(client, A, franchise(A, true), { [SKUS[0]]: 10 });
  await openStore(client, B, franchise(B, true), { [SKUS[1]]: 10 });
});
afterAll(() => client?.close());

async function applied(origin: string, entity: string, id: string, name: string, payload: object): Promise<void> {
  expect(await client.ask(`in.${origin}.${entity}.${id}.${name}`, payload)).toMatchObject({ outcome: 'applied' });
}

const ordered = (holds: (view: OrderView) => boolean) => client.until<OrderView>(`query.order.${ORDER}`, holds);

/** What moved at the provider. */
async function moved(kind: string): Promise<number[]> {
  const journal = await client.query<Journal>('query.gateway.main.journal');
  return (journal?.moved ?? []).flatMap((row) => (row.kind === kind ? [row.amount] : []));
}

function booked(movement: string): number {
  const events = client.heard.filter(({ subject }) => subject === `event.attribution.${ORDER}.booked`);
  const rows = events.flatMap(({ payload }) => (payload as unknown as Booked).rows);
  return rows.reduce((sum, row) => (row.movement === movement ? sum + row.gross : sum), 0);
}

async function comesBack(returned: string, line: string, refunded: number): Promise<void> {
  const lines = [{ line, quantity: 1 }];
  await applied('channel-web', 'return', returned, 'request', { order: ORDER, lines, by: 'store' });
  await applied(A, 'return', returned, 'receive', { lines });
  await applied(A, 'return', returned, 'inspect', { lines: [{ line, accepted: 1, restock: 1 }] });
  await ordered(({ totals }) => totals.refunded === refunded);
}

test('what is left out of the first capture comes with the second, and everything goes back', async () => {
  const { discount: _, shipping: __, ...place } = baseOrder(ORDER, SKUS);
  const prices = [1995, 3005];
  const lines = place.lines.map((line, index) => ({ ...line, unitPrice: prices[index], taxRate: '0' }));
  const payment = { ...place.payment, method: 'mastercard', authorised: 5000 };
  await applied('channel-web', 'order', ORDER, 'place', { ...place, currency: 'KWD', lines, payment });
  await ordered(({ fulfilments }) => fulfilments.filter(({ state }) => state === 'accepted').length === 2);

  await applied(A, 'order', ORDER, 'ready', {});
  await ordered(({ totals }) => totals.captured === 1990);
  await applied(B, 'order', ORDER, 'ready', {});
  const paid = await ordered(({ totals }) => totals.captured === 5000 && totals.open.payout === 0);
  expect(paid).toMatchObject({ totals: { voided: 0 }, parties: { headquarters: 750 }, attention: [] });
  await applied(A, 'order', ORDER, 'ship', { carrier: 'dhl', tracking: 'T1' });
  await applied(B, 'order', ORDER, 'ship', { carrier: 'dhl', tracking: 'T2' });

  // He keeps what costs 3005, and has paid no more than that.
  await comesBack('R1', '1', 2000);
  await comesBack('R2', '2', 5000);
  const closed = await ordered(({ state, totals }) => state === 'closed' && totals.attributed === 0);
  expect(closed).toMatchObject({ parties: { headquarters: 0 }, attention: [] });
  expect([await moved('capture'), await moved('refund')]).toEqual([
    [1990, 3010],
    [2000, 3000],
  ]);
  expect([booked('sale'), booked('refund'), booked('transit'), booked('rounding')]).toEqual([5000, -5000, 0, 0]);
});
