import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { noDepths } from '../../../actors/gateway/priority.ts';
import { encode } from '../../../protocols/codec.ts';
import type { GatewayKind, GatewayRequest } from '../../../protocols/gateway.ts';
import { partitionOf } from '../../../protocols/partition.ts';
import { BUCKET, key } from '../../../protocols/subjects.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { DirectReader } from '../../../supervisor/nats/direct-get.ts';
import { NatsRequestSource } from '../../../supervisor/nats/gateway-source.ts';
import { StoredResultSink } from '../../../supervisor/nats/result-sink.ts';
import { NatsSimulatorLog } from '../../../supervisor/nats/simulator-log.ts';
import { readSend } from '../../../supervisor/turn/messages.ts';
import { eventually } from '../../fixture/eventually.ts';
import { bytes, text, useSystem } from '../nats/nats-fixture.ts';

const PARTITIONS = 4;
const ACK_WAIT_MS = 1500;
const system = useSystem(PARTITIONS);
const never = new AbortController().signal;

function request(name: string, kind: GatewayRequest['kind']): GatewayRequest {
  return {
    key: name,
    kind,
    order: 'A1',
    transaction: 't',
    method: 'visa',
    amount: 1,
    currency: 'EUR',
    requestedAt: '2026',
  };
}

async function ask(account: string, requests: GatewayRequest[]): Promise<void> {
  const bucket = new NatsBucket(system.connection);
  const messages = requests.map((it) => ({ key: key.gateway(account, it.kind, it.key), bytes: encode(it, 'msgpack') }));
  expect((await bucket.commit({ batch: 'ask', messages, revisions: new Map() })).kind).toBe('committed');
}

/** A pull may end without any: the server may answer a new consumer's creation before it hears pulls of it. */
async function some(source: NatsRequestSource, max: number, kind: GatewayKind = 'capture', signal = never) {
  for (;;) {
    const pulled = await source.pull(kind, max, signal);
    if (pulled.length > 0) return pulled;
  }
}

const keysOf = (deliveries: { request: GatewayRequest }[]): string[] =>
  deliveries.map(({ request: { key: name } }) => name);

describe('the requests of an account', () => {
  test('come by kind, oldest first, no more than asked for, and again when nobody acknowledged them', async () => {
    const source = new NatsRequestSource(system.connection, 'main', ACK_WAIT_MS);
    await ask('main', [
      request('p1', 'payout'),
      request('c1', 'capture'),
      request('c2', 'capture'),
      request('c3', 'capture'),
    ]);
    const first = await some(source, 2);
    // The server sends them one by one: a pull returns what is there when the first one is.
    if (first.length === 1) first.push(...(await some(source, 1)));
    expect(keysOf(first)).toEqual(['c1', 'c2']);
    expect((await source.depths()).depths.capture).toBe(1);
    const next = await some(source, 10);
    expect(keysOf(next)).toEqual(['c3']);
    for (const delivery of [...first.slice(1), ...next]) delivery.ack();
    const again = await some(source, 10);
    expect(keysOf(again)).toEqual(['c1']);
    expect(again[0]?.redelivered).toBe(true);
    again[0]?.release();
    const released = await some(source, 10);
    expect(keysOf(released)).toEqual(['c1']);
    released[0]?.ack();
    expect(keysOf(await some(source, 10, 'payout'))).toEqual(['p1']);
    await source.close();
  });

  test('that wait are counted while none is pulled, without asking the server', async () => {
    const source = new NatsRequestSource(system.connection, 'waiting', ACK_WAIT_MS);
    const before = await source.depths();
    expect(before.depths).toEqual(noDepths());
    const kinds = ['capture', 'capture', 'refund'] as const;
    await ask(
      'waiting',
      kinds.map((kind, index) => request(`w${index}`, kind)),
    );
    const counted = { ...noDepths(), capture: 2, refund: 1 };
    const isCounted = async () => isDeepStrictEqual((await source.depths()).depths, counted);
    await eventually(isCounted, { what: 'they are counted' });
    expect((await source.depths()).at).toBeGreaterThan(before.at);
    const [held] = await some(source, 1);
    expect((await source.depths()).depths).toEqual({ ...counted, capture: 1 });
    held?.ack();
    await source.close();
  });

  test('that are worked on are not delivered again', async () => {
    const source = new NatsRequestSource(system.connection, 'slow', ACK_WAIT_MS);
    await ask('slow', [request('c1', 'capture')]);
    const [held] = await some(source, 10);
    const stop = new AbortController();
    const later = source.pull('capture', 10, stop.signal);
    const until = performance.now() + 2 * ACK_WAIT_MS;
    await eventually(
      () => {
        held?.working();
        return performance.now() > until;
      },
      { what: 'twice the time has passed' },
    );
    held?.ack();
    stop.abort();
    expect(await later).toEqual([]);
    await source.close();
  });

  test('go to one node at a time, and to the next one when its connection is gone', async () => {
    const [left, right] = [await system.connect('left'), await system.connect('right')];
    const first = new NatsRequestSource(left, 'pinned', ACK_WAIT_MS);
    const second = new NatsRequestSource(right, 'pinned', ACK_WAIT_MS);
    await ask('pinned', [request('c1', 'capture')]);
    const one = await some(first, 10);
    expect(keysOf(one)).toEqual(['c1']);
    one[0]?.ack();
    const standby = some(second, 10);
    for (const name of ['c2', 'c3']) {
      const pulled = some(first, 10);
      await ask('pinned', [request(name, 'capture')]);
      const found = await pulled;
      expect(keysOf(found)).toEqual([name]);
      if (name === 'c2') found[0]?.ack();
    }
    const gone = performance.now();
    await left.nats.close();
    await ask('pinned', [request('c4', 'capture')]);
    const taken = await standby;
    expect(performance.now() - gone).toBeLessThan(5000);
    while (taken.length < 2) taken.push(...(await some(second, 10)));
    expect(keysOf(taken).sort()).toEqual(['c3', 'c4']);
    await second.close();
  });

  test('go to the next one at once when its holder pulls no more, those under way too', async () => {
    const first = new NatsRequestSource(await system.connect('leaving'), 'handed', ACK_WAIT_MS);
    const second = new NatsRequestSource(await system.connect('next'), 'handed', ACK_WAIT_MS);
    const leaving = new AbortController();
    await ask('handed', [request('c1', 'capture')]);
    const [held] = await some(first, 100, 'capture', leaving.signal);
    const standby = some(second, 100);
    // Delivered and not looked at yet.
    await ask('handed', [request('c2', 'capture'), request('c3', 'capture')]);
    leaving.abort();
    held?.release();
    const left = performance.now();
    await first.close();
    const taken = await standby;
    while (taken.length < 3) taken.push(...(await some(second, 100)));
    console.info(`a holder that pulls no more to the next one: ${Math.round(performance.now() - left)} ms`);
    expect(performance.now() - left).toBeLessThan(ACK_WAIT_MS);
    expect(keysOf(taken).sort()).toEqual(['c1', 'c2', 'c3']);
    await second.close();
  });

  test('are pulled on after a kill and restart of the server', async () => {
    const source = new NatsRequestSource(system.connection, 'restart', ACK_WAIT_MS);
    await ask('restart', [request('c1', 'capture')]);
    const [one] = await some(source, 10);
    one?.ack();
    await system.connection.nats.flush();
    const waiting = some(source, 10);
    await system.server.kill();
    await system.server.restart();
    await eventually(() => system.connection.connected, { what: 'reconnected' });
    await ask('restart', [request('c2', 'capture')]);
    const found = await waiting;
    expect(keysOf(found)).toContain('c2');
    await source.close();
  });

  test('are accompanied by controls, each with an id', async () => {
    const source = new NatsRequestSource(system.connection, 'scripted', ACK_WAIT_MS);
    const control = { control: 'script', payload: { kind: 'capture', behave: 'decline' } };
    const messages = [{ key: key.gateway('scripted', 'control', 'u-1'), bytes: encode(control, 'msgpack') }];
    await new NatsBucket(system.connection).commit({ batch: 'script', messages, revisions: new Map() });
    let found: Awaited<ReturnType<typeof source.pullControls>>[number] | undefined;
    while (!found) [found] = await source.pullControls(never);
    expect(found).toMatchObject({ id: 'u-1', ...control });
    found?.ack();
    await source.close();
  });
});

test('results of many requests are stored as messages to their orders, several in a batch', async () => {
  const sink = new StoredResultSink(new NatsBucket(system.connection), 'main', PARTITIONS, 'run1');
  const orders = Array.from({ length: 30 }, (_, index) => `S${index}`);
  await Promise.all(
    orders.map((order) =>
      sink.deliver({ key: `${order}-c1`, kind: 'capture', outcome: 'confirmed', at: '2026' }, order),
    ),
  );
  const stored = await new DirectReader(system.connection, BUCKET).all('$KV.tillwire.send.*.order.*.gateway-result.*');
  expect(stored.map(({ subject }) => subject)).toEqual(
    orders.map(
      (id) =>
        `$KV.tillwire.send.${partitionOf('order', id, PARTITIONS)}.order.${id}.gateway-result.${id}-c1-confirmed-${Date.UTC(2026, 0)}`,
    ),
  );
  expect(new Set(stored.map(({ headers }) => headers.get('Nats-Batch-Id'))).size).toBeLessThanOrEqual(3);
  expect(readSend(stored[0]?.bytes ?? new Uint8Array())).toEqual({
    payload: { key: 'S0-c1', kind: 'capture', outcome: 'confirmed', at: '2026' },
    sender: { kind: 'gateway', account: 'main' },
  });
});

test('a late answer does not take the place of what was said after it', async () => {
  const sink = new StoredResultSink(new NatsBucket(system.connection), 'main', PARTITIONS, 'run2');
  const confirmed = (at: string) => ({ key: 'L1-c1', kind: 'capture' as const, outcome: 'confirmed' as const, at });
  await sink.deliver(confirmed('2026-11-22T09:00:02Z'), 'L1');
  await sink.deliver(confirmed('2026-11-22T09:00:01Z'), 'L1');
  const stored = await new DirectReader(system.connection, BUCKET).all('$KV.tillwire.send.*.order.L1.gateway-result.*');
  expect(stored.map(({ bytes }) => readSend(bytes).payload)).toEqual([
    confirmed('2026-11-22T09:00:02Z'),
    confirmed('2026-11-22T09:00:01Z'),
  ]);
});

test("the simulator's log takes what follows what is known, and refuses the rest", async () => {
  const [mine, other] = [new NatsSimulatorLog(system.connection, 'main'), new NatsSimulatorLog(system.connection, 'x')];
  const first = await mine.append(0, bytes('a'));
  if (first === 'stale') throw new Error('refused');
  expect(await mine.append(0, bytes('b'))).toBe('stale');
  await other.append(0, bytes('not mine'));
  for (let index = 0, last = first.sequence; index < 1200; index++) {
    const next = await mine.append(last, bytes(`${index}`));
    if (next === 'stale') throw new Error('refused');
    last = next.sequence;
  }
  const read: string[] = [];
  for await (const entry of mine.read(first.sequence)) read.push(text(entry.bytes));
  expect(read).toEqual(Array.from({ length: 1200 }, (_, index) => `${index}`));
});
