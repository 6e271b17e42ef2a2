import { expect, test } from 'vitest';
import { storeActor } from '../../../actors/store/store.ts';
import { decode } from '../../../protocols/codec.ts';
import type { StoreView } from '../../../protocols/views.ts';
import type { Reply } from '../../../supervisor/nats/reply.ts';
import { type QueryWorld, queryEndpoints } from '../../../supervisor/node/queries.ts';
import { VIEWED } from '../../../supervisor/node/viewed-entities.ts';
import { command } from '../../fixture/chart-scenario.ts';

const SKUS = 3000;
const MAX_REPLY_BYTES = 50_000;
const LYON = { entity: 'store', id: 'store-lyon', at: 0 };

/** A store of many articles, as it is stored. */
function largeStore() {
  const terms = { name: 'Lyon', ownership: 'company', country: 'FR' };
  const items = Array.from({ length: SKUS }, (_, number) => ({ sku: `sku${number}`, quantity: 1 }));
  const said = [command('ops-anna', 'open', terms), command('ops-anna', 'stock', { items })];
  const store = said.reduce<unknown>((snapshot, message) => {
    const step = storeActor.handle(snapshot as never, { ...LYON, ...message });
    if (step.kind !== 'applied') throw new Error(JSON.stringify(step));
    return step.snapshot;
  }, undefined);
  return storeActor.parts(store as never, undefined);
}

let record = largeStore();
const world = {
  committed: { records: async () => [record] },
  maxReplyBytes: MAX_REPLY_BYTES,
} as unknown as QueryWorld;
const endpoint = queryEndpoints(world, VIEWED).find(({ name }) => name === 'store');

type Page = StoreView & { next?: number };

const reply = async (request?: object) => (await endpoint?.handle(LYON.id, request)) as Reply;
const ask = async (request?: object) => decode((await reply(request)).in('json'), 'json') as Page;

test('a store that does not fit into one reply is told in pages, each of which fits', async () => {
  const skus: string[] = [];
  for (let after: number | undefined = 0; after !== undefined && skus.length < SKUS; ) {
    const page: Page = await ask({ after });
    const { length } = JSON.stringify(page);
    expect(length).toBeLessThanOrEqual(MAX_REPLY_BYTES);
    if (page.next !== undefined) expect(length).toBeGreaterThan(0.9 * MAX_REPLY_BYTES);
    expect(page.name).toBe('Lyon');
    skus.push(...page.stock.map(({ sku }) => sku));
    after = page.next;
  }
  expect(new Set(skus).size).toBe(SKUS);
  expect(skus).toHaveLength(SKUS);
});

test('who asks for no page gets the first, and where the next begins', async () => {
  const { stock, next } = await ask();
  expect(stock[0]?.sku).toBe('sku0');
  expect(next).toBe(stock.length);
});

test.each([{ after: { a: 1 } }, { after: -1 }, { after: 1.5 }, { after: '3' }, { limit: 0 }, { limit: 'all' }])(
  'a page that can not be asked for, %o, is refused by its field',
  async (request) => {
    await expect(ask(request)).rejects.toThrow(/^(after|limit) must be a whole number from [01] on$/);
  },
);

test('as many rows as are wanted, and none behind the end', async () => {
  expect(await ask({ after: 10, limit: 5 })).toMatchObject({ stock: { length: 5 }, next: 15 });
  const behind = await ask({ after: SKUS });
  expect([behind.stock, behind.next]).toEqual([[], undefined]);
});

test('each page of an unchanged record is a reply of its own: by where it begins, and how long it may be', async () => {
  const pages = [
    { after: 100, limit: 5 },
    { after: 200, limit: 5 },
    { after: 100, limit: 7 },
  ];
  const asked = async () => {
    const told = [];
    for (const page of pages) told.push((await ask(page)).stock.map(({ sku }) => sku));
    return told;
  };
  const skus = Array.from({ length: SKUS }, (_, number) => `sku${number}`).sort();
  const expected = pages.map(({ after, limit }) => skus.slice(after, after + limit));
  expect(await asked()).toEqual(expected);
  expect(await asked()).toEqual(expected);
});

test('a reply is made and encoded once, until the record changes', async () => {
  const first = await reply();
  expect(await reply()).toBe(first);
  expect(first.in('json')).toBe(first.in('json'));
  expect(decode(first.in('msgpack'), 'msgpack')).toEqual(decode(first.in('json'), 'json'));
  expect(await reply({ after: 10 })).not.toBe(first);
  record = largeStore();
  expect(await reply()).not.toBe(first);
});
