import { RequestStrategy } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import { baseOrder } from '../spine/base-order.ts';
import { ForeignClient } from '../spine/foreign-client.ts';
import { useSystem } from '../spine/system.ts';
import { nthOrder, SKUS, STORES } from '../spine/trade.ts';
import { useTraders } from '../spine/traders.ts';

const ROUNDS = 40;
const ROUNDS_WITHIN_MS = 45_000;
const AT_A_TIME = 4;

const system = useSystem('node-1', 'node-2');
const traders = useTraders(system);
let client: ForeignClient;
let packing: ForeignClient;
let trading = true;
let orders = 0;

beforeAll(async () => {
  const { url } = system.server;
  client = await ForeignClient.connect(url);
  packing = await ForeignClient.connect(url, 'msgpack');
});

afterAll(async () => {
  await Promise.all([client?.close(), packing?.close()]);
});

const nextOrder = () => (trading ? nthOrder('A', ++orders) : undefined);

const share = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;

/** About what is being worked on. */
const QUESTIONS: Record<string, () => string> = {
  order: () => `query.order.A${Math.max(1, orders - AT_A_TIME)}`,
  store: () => `query.store.${STORES.lantern[0]}`,
  stock: () => 'query.stock.lantern',
  gateway: () => 'query.gateway.main',
};

async function took(subject: string): Promise<number> {
  const asked = performance.now();
  expect(await client.query(subject)).toBeDefined();
  return performance.now() - asked;
}

function figures(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  return `p50 ${share(sorted, 0.5).toFixed(1)} ms, p99 ${share(sorted, 0.99).toFixed(1)} ms`;
}

describe('status by request and reply', () => {
  test('is answered while orders are processed', async () => {
    const load = traders.trade.run(nextOrder, AT_A_TIME);
    await traders.news.hear('event.order.A1.captured');
    const times = new Map<string, number[]>(Object.keys(QUESTIONS).map((about) => [about, []]));
    const before = traders.news.decided;
    const deadline = performance.now() + ROUNDS_WITHIN_MS;
    // A round counts where commands were decided between its first question and its last answer.
    for (let busy = 0; busy < ROUNDS; ) {
      if (performance.now() > deadline) throw new Error(`${busy} of ${ROUNDS} rounds within ${ROUNDS_WITHIN_MS} ms`);
      const decided = traders.news.decided;
      for (const [about, subject] of Object.entries(QUESTIONS)) times.get(about)?.push(await took(subject()));
      if (traders.news.decided > decided) busy += 1;
    }
    const meanwhile = traders.news.decided - before;
    trading = false;
    await load;
    const lines = [...times].map(([about, all]) => `${about}, ${all.length} times: ${figures(all)}`);
    console.info([`questions while ${meanwhile} commands were decided`, ...lines].join('\n'));
  });

  test('shows what was answered: who has heard the outcome finds the order', async () => {
    for (let index = 0; index < 10; index++) {
      const id = `Q${index}`;
      await client.ask(`in.channel-web.order.${id}.place`, baseOrder(id, SKUS));
      expect(await client.query<OrderView>(`query.order.${id}`)).toMatchObject({ order: id });
    }
  });

  test('is in the encoding of the question', async () => {
    const [one, other] = [await client.query('query.order.A1'), await packing.query('query.order.A1')];
    expect(one).toMatchObject({ order: 'A1', totals: { captured: 12980 } });
    expect(other).toEqual(one);
  });

  test.each(['order', 'store', 'return', 'stock', 'gateway'])('of a %s that there is not is a 404', async (entity) => {
    const reply = await client.nats.request(`query.${entity}.nobody`, '', { timeout: 5000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('404');
    expect(reply.headers?.get('Nats-Service-Error')).toContain(`query.${entity}.nobody`);
  });

  test.each(['x'.repeat(300), 'é', '*', '__proto__'])('of an id like %s is an error, and no more', async (id) => {
    const reply = await client.nats.request(`query.order.${id}`, '', { timeout: 5000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toMatch(/^40[04]$/);
  });
});

describe('the micro service', () => {
  /** The replies of both nodes. */
  async function ask(verb: 'PING' | 'INFO' | 'STATS'): Promise<Record<string, unknown>[]> {
    const replies: Record<string, unknown>[] = [];
    const both = { strategy: RequestStrategy.Count, maxWait: 5000, maxMessages: system.nodes.length };
    for await (const reply of await client.nats.requestMany(`$SRV.${verb}.tillwire`, '', both)) {
      if (!(reply instanceof Error)) replies.push(reply.json());
    }
    return replies;
  }

  test('answers PING, INFO and STATS, each node for itself', async () => {
    const pings = await ask('PING');
    expect(pings).toHaveLength(2);
    expect(new Set(pings.map(({ id }) => id)).size).toBe(2);
    for (const info of await ask('INFO')) {
      const { endpoints } = info as { endpoints: { name: string; subject: string }[] };
      expect(endpoints.map(({ subject }) => subject)).toEqual(
        expect.arrayContaining([
          'query.order.*',
          'query.store.*',
          'query.return.*',
          'query.stock.*',
          'query.gateway.*',
        ]),
      );
    }
    const stats = (await ask('STATS')) as unknown as { endpoints: { num_requests: number }[] }[];
    const asked = stats.flatMap(({ endpoints }) => endpoints).reduce((sum, { num_requests }) => sum + num_requests, 0);
    expect(asked).toBeGreaterThanOrEqual(ROUNDS);
  });
});
