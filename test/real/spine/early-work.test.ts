import { expect, test } from 'vitest';
import { partitionOf } from '../../../protocols/partition.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { DEFAULT_CONFIG } from '../../../supervisor/node/config.ts';
import { placedPartitions } from '../../../supervisor/node/placement.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useSystem } from './system.ts';

const ORDERS = 25;
const NODES = ['node-1', 'node-2'] as const;
const STORE = 'store-lyon';

const system = useSystem(...NODES);

const nodeOf = (entity: string, id: string) => {
  const { partitions } = DEFAULT_CONFIG;
  return NODES.find((node) => placedPartitions(node, NODES, partitions).has(partitionOf(entity, id, partitions)));
};

/** Orders of the node that has not their store: it reserves in a later commit. */
function* farOrders(prefix: string): Generator<string> {
  for (let count = 0; ; count++) {
    const order = `${prefix}${count}`;
    if (nodeOf('order', order) !== nodeOf('store', STORE)) yield order;
  }
}

type Learns = (client: ForeignClient, order: string) => Promise<unknown>;

const byItsWork: Learns = (client, order) => client.hear(`out.${STORE}.order.${order}.assigned`);
const byTheEvent: Learns = (client, order) => client.hear(`event.order.${order}.assigned`);
const byTheOrder: Learns = async (client, order) => {
  for (;;) {
    const view = await client.query<OrderView>(`query.order.${order}`);
    if (view?.fulfilments.some(({ store, state }) => store === STORE && state === 'offered')) return;
  }
};

test.each([
  ['the message to it', 'W', byItsWork],
  ['the event', 'E', byTheEvent],
  ['the state of the order', 'Q', byTheOrder],
] as const)(
  'a store that learns of its work by %s is taken at its word, however soon it speaks',
  async (_, prefix, learn) => {
    const client = await ForeignClient.connect(system.server.url);
    await openStore(client, STORE, franchise(STORE), { lantern: 100, teapot: 100 });
    const orders = farOrders(prefix);
    const outcomes: unknown[] = [];
    const answered = async (order: string): Promise<void> => {
      await client.send(`in.channel-web.order.${order}.place`, baseOrder(order, ['lantern', 'teapot']));
      await learn(client, order);
      outcomes.push((await client.ask(`in.${STORE}.order.${order}.ready`, {})).outcome);
    };
    for (let placed = 0; placed < ORDERS; placed++) await answered(String(orders.next().value));
    expect(outcomes).toEqual(outcomes.map(() => 'applied'));
    await client.close();
  },
);
