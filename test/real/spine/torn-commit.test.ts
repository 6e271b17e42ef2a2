import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { BUCKET, KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { eventually } from '../../fixture/eventually.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { FILE_BYTES, writeServerShortOfRoom } from '../../fixture/short-of-room.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { NodeProcess } from './node-process.ts';

const WITHIN_MS = 40_000;
/** Of the commit of `ready`: its mark and the record, but not the request to the gateway. */
const ROOM_BESIDE_RECORD = 900;
const MESSAGE_OVERHEAD_BYTES = 60;

let folder: string;
let server: RealServer;
let client: ForeignClient;
let connection: Connection;
const nodes: NodeProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
  vi.stubEnv('NATS_SERVER', await writeServerShortOfRoom(folder));
  server = await startRealServer();
  client = await ForeignClient.connect(server.url);
  connection = await openConnection({ servers: server.url, name: 'who looks' });
});

afterEach(() => Promise.all(nodes.map((node) => node.stop())));

afterAll(async () => {
  vi.unstubAllEnvs();
  await client?.close();
  await connection?.drain();
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function startNode(id: string): Promise<NodeProcess> {
  const node = await NodeProcess.start(server, id);
  nodes.push(node);
  return node.ready();
}

const stored = async (...names: string[]) => [...(await new NatsBucket(connection).existing(names))];

/** Fills the file that the bucket writes to, but for the bytes given. */
async function leaveRoom(bytes: number): Promise<void> {
  const blocks = join(server.storeDir, 'jetstream', '$G', 'streams', BUCKET, 'msgs');
  const [block = ''] = (await readdir(blocks)).filter((name) => name.endsWith('.blk'));
  const { size } = await stat(join(blocks, block));
  const filler = new Uint8Array(FILE_BYTES - size - bytes - MESSAGE_OVERHEAD_BYTES);
  await connection.nats.request(`${KEY_PREFIX}filler`, filler);
}

test('a commit that a full disk cuts in two is whole once the server has room, though its node died: the money moves', async () => {
  const node = await startNode('cut-off');
  await openStore(client, 'store-lyon', franchise('store-lyon', true), { lantern: 5, teapot: 5 });
  await client.ask('in.channel-web.order.A1.place', baseOrder('A1', ['lantern', 'teapot']));
  await client.until<OrderView>('query.order.A1', ({ state }) => state === 'fulfilling');
  const [[, record = new Uint8Array()] = []] = await stored(key.record('order', 'A1'));
  await leaveRoom(record.length + ROOM_BESIDE_RECORD);

  await client.send('in.store-lyon.order.A1.ready', {});
  const stalls = () => node.log.split('the store does not answer').length - 1;
  await eventually(() => stalls() >= 2, { what: 'the commit was tried twice', withinMs: WITHIN_MS });
  const [[, half = new Uint8Array()] = []] = await stored(key.record('order', 'A1'));
  expect(Buffer.from(half).includes('A1-c1')).toBe(true);
  expect(await stored('gateway.main.capture.A1-c1')).toEqual([]);

  node.signal('SIGKILL');
  await node.exit();
  await server.restart();
  await eventually(() => connection.connected, { what: 'connected again' });
  await startNode('comes-after');
  const after = await ForeignClient.connect(server.url);
  const { totals } = await after
    .until<OrderView>('query.order.A1', (view) => view.totals.captured > 0)
    .finally(() => after.close());
  expect(totals).toMatchObject({ captured: 12_980, open: { capture: 0 } });
});
