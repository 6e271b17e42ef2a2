/** Placement is bypassed: two engines are told that they own the same partition of one real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERIC } from '../../../actors/capability/generic.ts';
import { createOrder } from '../../../actors/order/order.ts';
import { createReturn } from '../../../actors/return/return.ts';
import { storeActor } from '../../../actors/store/store.ts';
import { storeView } from '../../../actors/store/view.ts';
import { decode } from '../../../protocols/codec.ts';
import { BUCKET, KEY_PREFIX } from '../../../protocols/subjects.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { DirectReader, type StoredMessage } from '../../../supervisor/nats/direct-get.ts';
import { NatsLog } from '../../../supervisor/nats/log.ts';
import { StoreSource } from '../../../supervisor/nats/store-source.ts';
import { ensureStreams } from '../../../supervisor/nats/streams.ts';
import { NodeSourcing } from '../../../supervisor/node/node-sourcing.ts';
import { DEFAULT_RETURNS } from '../../../supervisor/node/returns-config.ts';
import { Engine } from '../../../supervisor/turn/engine.ts';
import type { Bucket, Cursor } from '../../../supervisor/turn/ports.ts';
import { eventually } from '../../fixture/eventually.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { baseOrder, franchise } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';

const PARTITION = 0;
const ORDERS = 40;
const UNITS_OF_AN_ORDER = 2;
const STOCK = 10_000;
const ROUNDS = 6;
const HOUR_MS = 3_600_000;
const PATIENCE = {
  offerTimeoutMs: HOUR_MS,
  collectWithinMs: HOUR_MS,
  keepNoticesMs: HOUR_MS,
  reserveForMs: HOUR_MS,
  exchangeWithinMs: HOUR_MS,
};
const METHODS = { capabilityOf: () => GENERIC, methodsOf: () => [] };
const PLACED = /\.event\.order\.([^.]*)\.placed$/;

/** An engine on a connection of its own, with all the actors it needs, and what it reports. */
class Owner {
  readonly fenced: number[] = [];
  readonly failures: Error[] = [];
  readonly engine: Engine;
  private readonly connection: Connection;

  private constructor(run: string, connection: Connection, guard: (bucket: Bucket) => Bucket) {
    this.connection = connection;
    const stores = new StoreSource(connection);
    const sourcing: NodeSourcing = new NodeSourcing(stores, () => this.engine.owns(PARTITION));
    const order = createOrder({ accounts: ['main'], ...PATIENCE, ...METHODS, shipping: 'first-ready' });
    const options = { node: run, run, partitions: 1, cache: { maxActors: 1000, maxBytes: 1e8 } };
    const ports = {
      log: new NatsLog(connection, 1),
      bucket: guard(new NatsBucket(connection)),
      sourcing,
      now: Date.now,
      breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
      pause: () => new Promise<void>((resolve) => setImmediate(resolve)),
    };
    this.engine = new Engine(options, [order, storeActor, createReturn(DEFAULT_RETURNS)], ports, {
      fenced: (partition) => this.fenced.push(partition),
      unreadable: (_, error) => this.failures.push(error),
      failed: (error) => this.failures.push(error),
      stalled: (error) => this.failures.push(error),
      committed: () => undefined,
    });
    this.engine.start();
  }

  static async on(server: RealServer, run: string, guard = (bucket: Bucket) => bucket): Promise<Owner> {
    return new Owner(run, await openConnection({ servers: server.url, name: run }), guard);
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.connection.drain();
  }
}

/** Lets commits through, until it is closed: what is then committed waits like a process that the system paused. */
class Gate {
  waiting = 0;
  private open: Promise<void> = Promise.resolve();
  lift: () => void = () => undefined;

  close(): void {
    this.open = new Promise((resolve) => {
      this.lift = resolve;
    });
  }

  readonly guard = (bucket: Bucket): Bucket => ({
    cursors: (partitions) => bucket.cursors(partitions),
    records: (addresses) => bucket.records(addresses),
    existing: (keys) => bucket.existing(keys),
    commit: async (commit) => {
      this.waiting++;
      await this.open;
      this.waiting--;
      return bucket.commit(commit);
    },
  });
}

let server: RealServer;
let observer: Connection;
let reader: DirectReader;
let client: ForeignClient;
const owners: Owner[] = [];

beforeAll(async () => {
  server = await startRealServer();
  observer = await openConnection({ servers: server.url, name: 'observer' });
  await ensureStreams(observer, { partitions: 1, replicas: 1, monitors: [server.monitorUrl] });
  reader = new DirectReader(observer, BUCKET);
  client = await ForeignClient.connect(server.url);
  await client.send('in.ops-hq.store.store-a.open', franchise('store-a', true), 'open');
  await client.send('in.store-a.store.store-a.stock', { items: [{ sku: 's1', quantity: STOCK }] }, 'stock');
});

afterAll(async () => {
  await Promise.all(owners.map((owner) => owner.stop()));
  await client?.close();
  await observer?.drain();
  await server?.remove();
});

async function owner(run: string, guard?: (bucket: Bucket) => Bucket): Promise<Owner> {
  const started = await Owner.on(server, run, guard);
  owners.push(started);
  return started;
}

async function place(prefix: string): Promise<string[]> {
  const ids = Array.from({ length: ORDERS }, (_, index) => `${prefix}-${index}`);
  await Promise.all(ids.map((id) => client.send(`in.channel-web.order.${id}.place`, baseOrder(id, ['s1', 's1']), id)));
  return ids;
}

const answered = (ids: string[]) =>
  eventually(() => ids.every((id) => client.outcomes(id).length > 0), { what: 'all are answered', withinMs: 15_000 });

const lastSequence = async () => (await reader.all(`${KEY_PREFIX}cursor.*`)).at(-1)?.sequence ?? 0;

async function storedAfter(sequence: number): Promise<StoredMessage[]> {
  return (await reader.all(`${KEY_PREFIX}>`)).filter((message) => message.sequence > sequence);
}

/** The run that wrote a message, as its batch says. */
const writerOf = ({ headers }: StoredMessage) => headers.get('Nats-Batch-Id').split('-')[0]?.slice(0, 4);

async function cursor(): Promise<Cursor> {
  const [stored] = await reader.all(`${KEY_PREFIX}cursor.${PARTITION}`);
  return decode(stored?.bytes ?? new Uint8Array(), 'msgpack') as Cursor;
}

async function reservedUnits(): Promise<number> {
  const [parts = []] = await new NatsBucket(observer).records([{ entity: 'store', id: 'store-a', paged: true }]);
  const store = storeActor.load(parts);
  const row = store && storeView(storeActor.read(store)).stock.find(({ sku }) => sku === 's1');
  return row?.reserved ?? 0;
}

describe('of two owners of one partition', () => {
  test('that begin with the same work one commits, and the other never writes', async () => {
    const ids = await place('first');
    const [left, right] = [await owner('left'), await owner('rite')];
    await Promise.all([left.engine.acquire([PARTITION]), right.engine.acquire([PARTITION])]);
    await answered(ids);
    await eventually(() => left.fenced.length + right.fenced.length === 1, { what: 'one is fenced' });
    const [winner, loser, run] = left.fenced.length === 0 ? [left, right, 'left'] : [right, left, 'rite'];
    const stored = await storedAfter(0);
    expect(new Set(stored.map(writerOf))).toEqual(new Set([run]));
    expect(await cursor()).toMatchObject({ node: run, commands: ORDERS + 2 });
    expect([winner.engine.owned, loser.engine.owned, loser.fenced]).toEqual([[PARTITION], [], [PARTITION]]);
    for (const id of ids) expect(client.outcomes(id)).toHaveLength(1);
    await Promise.all([left.engine.release(PARTITION), right.engine.release(PARTITION)]);
    expect([...left.failures, ...right.failures]).toEqual([]);
  });

  test('one that was paused within a commit wakes up, is refused, and has written nothing', async () => {
    const gate = new Gate();
    const paused = await owner('paus', gate.guard);
    await paused.engine.acquire([PARTITION]);
    await answered(await place('before'));
    gate.close();
    const from = await lastSequence();
    const ids = await place('while');
    await eventually(() => gate.waiting === 1, { what: 'it is paused within a commit' });
    const heir = await owner('heir');
    await heir.engine.acquire([PARTITION]);
    await answered(ids);
    gate.lift();
    await eventually(() => paused.fenced.length === 1, { what: 'it is fenced' });
    const stored = (await storedAfter(from)).map(writerOf);
    expect(new Set(stored)).toEqual(new Set(['heir']));
    expect(paused.engine.owned).toEqual([]);
    for (const id of ids) expect(client.outcomes(id)).toHaveLength(1);
    await heir.engine.release(PARTITION);
  });

  test('that take it from one another again and again none handles an entry twice', async () => {
    const [tick, tock] = [await owner('tick'), await owner('tock')];
    const ids: string[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const fenced = async () => {
        // Work for both at any time, and never more than they get done while this test waits.
        const waiting = ids.filter((id) => client.outcomes(id).length === 0).length;
        const more = waiting < 2 * ORDERS ? place(`round-${round}-${ids.length}`) : Promise.resolve([]);
        await Promise.all([tick.engine.acquire([PARTITION]), tock.engine.acquire([PARTITION])]);
        ids.push(...(await more));
        return tick.fenced.length + tock.fenced.length >= round;
      };
      await eventually(fenced, { what: 'one is fenced', withinMs: 10_000 });
    }
    await answered(ids);
    for (const id of ids) expect(client.outcomes(id)).toHaveLength(1);
    const placed = (await storedAfter(0)).flatMap(({ subject }) => PLACED.exec(subject)?.[1] ?? []);
    expect(placed).toHaveLength(ids.length + 3 * ORDERS);
    expect(new Set(placed).size).toBe(placed.length);
    expect([...tick.failures, ...tock.failures]).toEqual([]);
    expect(await reservedUnits()).toBe((ids.length + 3 * ORDERS) * UNITS_OF_AN_ORDER);
  });
});
