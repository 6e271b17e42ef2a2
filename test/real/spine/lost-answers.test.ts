import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrderView, StockView } from '../../../protocols/views.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { LossyLine } from './lossy-line.ts';
import { NodeProcess } from './node-process.ts';

const ROUNDS = 4;
const STOCK = 100;

let server: RealServer;
let line: LossyLine;
let node: NodeProcess;
let client: ForeignClient;
let orders = 0;

beforeAll(async () => {
  server = await startRealServer();
  line = await LossyLine.to(server.port);
  const { monitorUrl, storeDir } = server;
  node = await NodeProcess.start({ url: line.url, monitorUrl, storeDir }, 'node-1');
  client = await ForeignClient.connect(server.url);
  await node.ready();
  await openStore(client, 'store-a', franchise('store-a', true), { lantern: STOCK, teapot: STOCK });
});

afterAll(async () => {
  await node?.stop();
  line?.close();
  await client?.close();
  await server?.remove();
});

async function send(): Promise<string> {
  const id = `L${++orders}`;
  await client.send(`in.channel-web.order.${id}.place`, baseOrder(id, ['lantern', 'teapot']), id);
  return id;
}

const answeredOnce = async (id: string) => {
  expect((await client.outcome(id)).payload).toMatchObject({ outcome: 'applied', revision: 1 });
  expect(client.outcomes(id)).toHaveLength(1);
};

test('a commit whose answer is lost is known by its batch, and not done again', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    line.lose('the answer');
    const id = await send();
    await line.lost();
    // Everybody knows but the node.
    await answeredOnce(id);
    line.cut();
    await answeredOnce(await send());
    await answeredOnce(id);
  }
});

test('a commit that never arrived is done after all, once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    line.lose('the commit');
    const id = await send();
    await line.lost();
    expect(await client.outcomes(id)).toEqual([]);
    line.cut();
    await answeredOnce(await send());
    await answeredOnce(id);
  }
});

test('all of it was reserved once, and the node is the same', async () => {
  for (let order = 1; order <= orders; order++) {
    const placed = ({ fulfilments }: OrderView) => fulfilments.every(({ state }) => state === 'accepted');
    await client.until<OrderView>(`query.order.L${order}`, placed);
  }
  for (const sku of ['lantern', 'teapot']) {
    const stock = await client.query<StockView>(`query.stock.${sku}`);
    expect(stock).toMatchObject({ onHand: STOCK, reserved: orders });
  }
  expect(node.running).toBe(true);
});
