import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StockView } from '../../../protocols/views.ts';
import { franchise } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useSystem } from './system.ts';

const STORES = 8;
const UNITS = 5;

const system = useSystem('node-1');
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
});

afterAll(async () => {
  await client?.close();
});

test('stores that are opened, counted and closed in a row are told as they are', async () => {
  const stores = Array.from({ length: STORES }, (_, index) => `store-t${index}`);
  const say = async (store: string, name: string, payload: object, origin = 'ops-hq') => {
    const id = `${store}-${name}`;
    await client.send(`in.${origin}.store.${store}.${name}`, payload, id);
    return id;
  };
  const ids = await Promise.all(
    stores.flatMap((store, index) => [
      say(store, 'open', franchise(store)),
      say(store, 'stock', { items: [{ sku: 'bell', quantity: UNITS }] }, store),
      ...(index % 2 === 0 ? [] : [say(store, 'close', {})]),
    ]),
  );
  for (const id of ids) expect((await client.outcome(id)).payload).toMatchObject({ outcome: 'applied' });
  const { available, stores: told } = (await client.query<StockView>('query.stock.bell')) ?? { stores: [] };
  expect(told.map(({ available: units, closed = false }) => ({ units, closed }))).toEqual(
    stores.map((_, index) => (index % 2 === 0 ? { units: UNITS, closed: false } : { units: 0, closed: true })),
  );
  expect(available).toBe((STORES / 2) * UNITS);
});
