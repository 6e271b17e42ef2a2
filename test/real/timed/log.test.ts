import { headers } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { MAX_COMMAND_BYTES } from '../../../protocols/commands.ts';
import { partitionOf } from '../../../protocols/partition.ts';
import { key } from '../../../protocols/subjects.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { NatsLog } from '../../../supervisor/nats/log.ts';
import type { LogEntry } from '../../../supervisor/turn/ports.ts';
import { eventually } from '../../fixture/eventually.ts';
import { rejectFailure, useSystem } from '../nats/nats-fixture.ts';

const PARTITIONS = 3;

const system = useSystem(PARTITIONS);

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

async function place(id: string, payload: string): Promise<void> {
  const sent = headers();
  sent.set('Nats-Msg-Id', `${id}-${payload.slice(0, 50)}`);
  sent.set('traceparent', TRACE);
  await system.connection.nats.request(`in.channel-web.order.${id}.place`, payload, { headers: sent, timeout: 5000 });
}

/** An id of its own for each test, and the partition that the server puts it into. */
function idIn(prefix: string): { id: string; partition: number } {
  return { id: prefix, partition: partitionOf('order', prefix, PARTITIONS) };
}

const texts = (entries: LogEntry[]): string[] => entries.map(({ bytes }) => Buffer.from(bytes).toString());

test('the server puts an id into the partition that the hash computes, and an entry says all of its command', async () => {
  const { id, partition } = idIn('H1');
  const before = Date.now();
  await place(id, 'hello');
  const entries: LogEntry[] = [];
  const reader = await new NatsLog(system.connection, PARTITIONS).read(
    partition,
    { commands: 0, sends: 0 },
    (e) => void entries.push(e),
    rejectFailure,
  );
  const found = await eventually(() => entries.find(({ subject }) => subject.includes(`.${id}.`)), { what: 'read' });
  await reader.stop();
  expect(found).toMatchObject({
    log: 'commands',
    partition,
    subject: `cmd.${partition}.order.${id}.place.channel-web`,
    messageId: `${id}-hello`,
    contentType: undefined,
    trace: TRACE,
  });
  expect(found.at).toBeGreaterThanOrEqual(before - 1);
  expect(found.at).toBeLessThan(before + 5000);
});

test('both logs are read in order from behind the position given', async () => {
  const { id, partition } = idIn('O1');
  for (let index = 0; index < 5; index++) await place(id, `c${index}`);
  const send = (name: string) => ({
    key: key.send({ partition, entity: 'order', id, name: 'x', key: name }),
    bytes: Buffer.from(name),
  });
  await new NatsBucket(system.connection).commit({
    batch: 'sends',
    messages: ['s0', 's1', 's2'].map(send),
    revisions: new Map(),
  });
  const all: LogEntry[] = [];
  const log = new NatsLog(system.connection, PARTITIONS);
  const first = await log.read(partition, { commands: 0, sends: 0 }, (entry) => void all.push(entry), rejectFailure);
  const ours = () => all.filter(({ subject }) => subject.includes(`.${id}.`));
  await eventually(() => ours().length === 8, { what: 'all read' });
  await first.stop();
  const of = (name: LogEntry['log']) => ours().filter((entry) => entry.log === name);
  expect(texts(of('commands'))).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
  expect(texts(of('sends'))).toEqual(['s0', 's1', 's2']);
  const after = { commands: of('commands')[2]?.sequence ?? 0, sends: of('sends')[1]?.sequence ?? 0 };
  const rest: LogEntry[] = [];
  const second = await log.read(partition, after, (entry) => void rest.push(entry), rejectFailure);
  await eventually(() => rest.length === 3, { what: 'the rest read' });
  await second.stop();
  expect(texts(rest).sort()).toEqual(['c3', 'c4', 's2']);
});

test('a slow receiver is waited for, and what waits is bounded', async () => {
  const { id, partition } = idIn('W1');
  for (let index = 0; index < 1500; index++)
    system.connection.nats.publish(`in.channel-web.order.${id}.place`, `${index}`);
  await system.connection.nats.flush();
  let inside = 0;
  let most = 0;
  const read: string[] = [];
  const deliver = async ({ log, subject, bytes }: LogEntry): Promise<void> => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    if (log === 'commands' && subject.includes(`.${id}.`)) read.push(Buffer.from(bytes).toString());
    inside--;
  };
  const before = system.connection.nats.stats().inMsgs;
  let gate = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    gate = resolve;
  });
  const reader = await new NatsLog(system.connection, PARTITIONS).read(
    partition,
    { commands: 0, sends: 0 },
    (entry) => closed.then(() => deliver(entry)),
    rejectFailure,
  );
  await eventually(() => system.connection.nats.stats().inMsgs > before + 200, { what: 'messages arrive' });
  await system.connection.nats.flush();
  expect(system.connection.nats.stats().inMsgs - before).toBeLessThan(600);
  gate();
  await eventually(() => read.length === 1500, { what: 'all read', withinMs: 20_000 });
  await reader.stop();
  expect(read).toEqual(Array.from({ length: 1500 }, (_, index) => `${index}`));
  expect(most).toBeLessThanOrEqual(2);
});

test('reading goes on after a kill and restart of the server, without a gap or a repetition', async () => {
  const { id, partition } = idIn('K1');
  const read: string[] = [];
  let failure: Error | undefined;
  const reader = await new NatsLog(system.connection, PARTITIONS).read(
    partition,
    { commands: 0, sends: 0 },
    ({ log, subject, bytes }) => {
      if (log === 'commands' && subject.includes(`.${id}.`)) read.push(Buffer.from(bytes).toString());
    },
    (error) => {
      failure = error;
    },
  );
  const expected: string[] = [];
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 20; index++) {
      await place(id, `${round}-${index}`);
      expected.push(`${round}-${index}`);
    }
    if (round < 2) {
      await system.server.kill();
      await system.server.restart();
      await eventually(() => system.connection.connected, { what: 'reconnected' });
    }
  }
  const restarted = performance.now();
  await eventually(() => read.length >= expected.length, { what: 'all read' });
  expect(performance.now() - restarted).toBeLessThan(3000);
  await reader.stop();
  expect(read).toEqual(expected);
  expect(failure).toBeUndefined();
});

test('reading fails, once, when the connection is closed for good', async () => {
  const own = await system.connect('short');
  const failures: Error[] = [];
  const reader = await new NatsLog(own, PARTITIONS).read(
    0,
    { commands: 0, sends: 0 },
    () => undefined,
    (error) => failures.push(error),
  );
  await own.nats.close();
  await eventually(() => failures.length > 0, { what: 'it failed' });
  expect(failures).toHaveLength(1);
  await reader.stop();
});

test('readers of large backlogs fetch no more than the budget of their connection, and all of it in the end', async () => {
  const [budget, large, beyond] = [192 * 1024, 20 * 1024, 200 * 1024];
  const sizes = Array.from({ length: 60 }, (_, index) => (index % 20 === 19 ? beyond : large));
  const ids = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6'].map(idIn);
  for (const { id } of ids) {
    for (const size of sizes)
      system.connection.nats.publish(`in.channel-web.order.${id}.place`, Buffer.alloc(size, 97));
  }
  await system.connection.nats.flush();
  const log = new NatsLog(system.connection, PARTITIONS, budget);
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const read = new Map<string, number[]>(ids.map(({ id }) => [id, []]));
  const deliver = (entry: LogEntry): Promise<void> => {
    const [, , , id = ''] = entry.subject.split('.');
    read.get(id)?.push(entry.wholeSize ?? entry.bytes.length);
    return gate;
  };
  const before = system.connection.nats.stats().inBytes;
  const partitions = [...new Set(ids.map(({ partition }) => partition))];
  const readers = await Promise.all(
    partitions.map((partition) => log.read(partition, { commands: 0, sends: 0 }, deliver, rejectFailure)),
  );
  await eventually(() => system.connection.nats.stats().inBytes > before + large, { what: 'messages arrive' });
  await system.connection.nats.flush();
  expect(system.connection.nats.stats().inBytes - before).toBeLessThan(budget + beyond);
  open();
  await eventually(() => [...read.values()].every((found) => found.length === sizes.length), {
    what: 'all read',
    withinMs: 20_000,
  });
  for (const found of read.values()) expect(found).toEqual(sizes);
  await Promise.all(readers.map((reader) => reader.stop()));
});

test('of a command that is too large its beginning is read, and its size', async () => {
  const { id, partition } = idIn('XL');
  await place(id, 'x'.repeat(MAX_COMMAND_BYTES + 1));
  const entries: LogEntry[] = [];
  const log = new NatsLog(system.connection, PARTITIONS);
  const reader = await log.read(partition, { commands: 0, sends: 0 }, (e) => void entries.push(e), rejectFailure);
  const found = await eventually(() => entries.find(({ subject }) => subject.includes(`.${id}.`)), { what: 'read' });
  await reader.stop();
  expect([found.wholeSize, found.bytes.length]).toEqual([MAX_COMMAND_BYTES + 1, 1024]);
});
