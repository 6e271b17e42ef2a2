import { afterEach, expect, test } from 'vitest';
import { KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import { storeBatch } from '../../../supervisor/nats/batch.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { CommittedRecords } from '../../../supervisor/nats/committed-records.ts';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import type { CommitMessage, CommitOutcome } from '../../../supervisor/turn/ports.ts';
import { eventually } from '../../fixture/eventually.ts';
import { bytes, text, useSystem } from './nats-fixture.ts';

const KINDS = [
  { entity: 'order', paged: false },
  { entity: 'store', paged: true },
];
const ROOMY = 1024 * 1024;

const system = useSystem();
const opened: Connection[] = [];
let batches = 0;

interface Followed {
  records: CommittedRecords;
  /** Where it hears what is committed, and questions come. */
  connection: Connection;
  /** What it reads from the bucket with. */
  reads: Connection;
}

async function follow(maxBytes = ROOMY): Promise<Followed> {
  const [connection, reads] = await Promise.all([connect('follower'), connect('reads')]);
  const records = new CommittedRecords(connection, reads, KINDS, maxBytes);
  await records.open();
  return { records, connection, reads };
}

async function connect(name: string): Promise<Connection> {
  const connection = await openConnection({ servers: system.server.url, name });
  opened.push(connection);
  return connection;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.drain()));
});

function commit(messages: CommitMessage[], revision = 0): Promise<CommitOutcome> {
  const revisions = new Map(messages.flatMap(({ fence }) => (fence === undefined ? [] : [[fence, revision]])));
  return new NatsBucket(system.connection).commit({ batch: `batch-${batches++}`, messages, revisions });
}

const order = (id: string, content: string): CommitMessage => ({ key: key.record('order', id), bytes: bytes(content) });
const page = (name: string, content: string): CommitMessage => ({
  key: key.part('store', 'S1', name),
  bytes: bytes(content),
});

/** As a question comes: on the connection that commits are heard on. */
async function ask(followed: Followed, entity: string, id: string): Promise<Record<string, string>> {
  await followed.connection.nats.flush();
  return partsOf(followed, entity, id);
}

async function partsOf({ records }: Followed, entity: string, id: string): Promise<Record<string, string>> {
  const [parts = []] = await records.records([{ entity, id, paged: entity === 'store' }]);
  return Object.fromEntries(parts.map((part) => [part.name, text(part.bytes)]));
}

const isUnconnected = (error: Error): boolean => error.message.includes('not connected');

test('what is committed is known without a read', async () => {
  const followed = await follow();
  await followed.reads.drain();
  expect((await commit([order('A1', 'first')])).kind).toBe('committed');
  expect(await ask(followed, 'order', 'A1')).toEqual({ '': 'first' });
  await commit([order('A1', 'second')]);
  expect(await ask(followed, 'order', 'A1')).toEqual({ '': 'second' });
});

test('what is told is the same list until a commit changes it', async () => {
  const followed = await follow();
  const told = async () => {
    await followed.connection.nats.flush();
    return (await followed.records.records([{ entity: 'store', id: 'S1', paged: true }]))[0];
  };
  await commit([{ key: key.record('store', 'S1'), bytes: bytes('head') }, page('p0', 'old')]);
  const first = await told();
  await commit([order('T1', 'another')]);
  expect(await told()).toBe(first);
  await commit([page('p0', 'new')]);
  const changed = await told();
  expect(changed).not.toBe(first);
  expect(changed?.map((part) => text(part.bytes))).toEqual(['head', 'new']);
});

test('what was published and refused is never shown', async () => {
  const followed = await follow();
  await commit([order('A2', 'committed')]);
  const refused = await commit([order('A2', 'refused'), { key: key.cursor(1), bytes: bytes('x'), fence: 1 }], 999_999);
  expect(refused.kind).toBe('refused');
  expect(await ask(followed, 'order', 'A2')).toEqual({ '': 'committed' });
});

test('who has heard the outcome finds the record, asked in the same moment', async () => {
  const followed = await follow();
  const asker = await connect('asker');
  const found: Record<string, string>[] = [];
  // Questions come on the follower's connection: the node answers them in the order in which the server hands them over.
  followed.connection.nats.subscribe('query.order.*', {
    callback: (_error, { subject }) =>
      void partsOf(followed, 'order', subject.split('.')[2] ?? '').then((parts) => found.push(parts)),
  });
  asker.nats.subscribe('out.>', {
    callback: (_error, { subject }) => asker.nats.publish(`query.order.${subject.split('.')[3]}`),
  });
  await Promise.all([asker.nats.flush(), followed.connection.nats.flush()]);
  await followed.reads.drain();
  const ids = Array.from({ length: 5 }, (_, index) => `H${index}`);
  // The batch goes on long after its outcome was told.
  const fill = Array.from({ length: 900 }, (_, index) => order(`F${index}`, 'x'));
  for (const id of ids) {
    const out = { key: key.out(`u-${id}`, 'channel-web', 'order', id, 'place'), bytes: bytes('{}') };
    await commit([order(id, id), out, ...fill]);
  }
  await eventually(() => found.length === ids.length, { what: 'all questions are answered' });
  expect(found).toEqual(ids.map((id) => ({ '': id })));
});

test('pages that change while others are read are not lost', async () => {
  await commit([{ key: key.record('store', 'S1'), bytes: bytes('head') }, page('p0', 'old'), page('p1', 'old')]);
  const followed = await follow();
  const [before] = await Promise.all([partsOf(followed, 'store', 'S1'), commit([page('p1', 'new')])]);
  expect(before).toMatchObject({ '': 'head', p0: 'old' });
  expect(await ask(followed, 'store', 'S1')).toEqual({ '': 'head', p0: 'old', p1: 'new' });
  await followed.reads.drain();
  await commit([page('p0', 'newer')]);
  expect(await ask(followed, 'store', 'S1')).toEqual({ '': 'head', p0: 'newer', p1: 'new' });
});

test('a record that there is not is known as soon as there is one', async () => {
  const followed = await follow();
  expect(await ask(followed, 'order', 'A3')).toEqual({});
  await commit([order('A3', 'placed')]);
  expect(await ask(followed, 'order', 'A3')).toEqual({ '': 'placed' });
});

test('beyond its bound it reads again what it dropped', async () => {
  const followed = await follow(4000);
  await commit([order('B1', 'x'.repeat(2000)), order('B2', 'y'.repeat(2000)), order('B3', 'z'.repeat(2000))]);
  expect(await ask(followed, 'order', 'B1')).toEqual({ '': 'x'.repeat(2000) });
  await followed.reads.drain();
  await expect(ask(followed, 'order', 'B2')).rejects.toThrow('not connected');
});

test('a batch that was not heard whole makes it forget what it knew', async () => {
  const followed = await follow();
  await commit([order('C1', 'old')]);
  expect(await ask(followed, 'order', 'C1')).toEqual({ '': 'old' });
  await followed.reads.drain();
  const mark = { subject: `${KEY_PREFIX}live.torn.tillwire.committed`, bytes: bytes('2'), headers: '' };
  const half = { subject: KEY_PREFIX + key.record('order', 'C2'), bytes: bytes('half'), headers: '' };
  expect(await storeBatch(system.connection, 'torn', [mark, half])).toMatchObject({ kind: 'stored' });
  const forgotten = () => ask(followed, 'order', 'C1').then(() => false, isUnconnected);
  await eventually(forgotten, { what: 'the record is to be read again' });
});

test('a record of a batch whose mark never came is read, once many came after it', async () => {
  const followed = await follow();
  await commit([order('G1', 'old')]);
  expect(await ask(followed, 'order', 'G1')).toEqual({ '': 'old' });
  for (let batch = 0; batch <= 32; batch++) {
    const subject = KEY_PREFIX + key.record('order', batch === 0 ? 'G1' : `G1-${batch}`);
    const unmarked = [{ subject, bytes: bytes('new'), headers: '' }];
    expect(await storeBatch(system.connection, `unmarked-${batch}`, unmarked)).toMatchObject({ kind: 'stored' });
  }
  expect(await ask(followed, 'order', 'G1')).toEqual({ '': 'new' });
});

test('a record that no batch wrote is read', async () => {
  const followed = await follow();
  await commit([order('E1', 'old')]);
  expect(await ask(followed, 'order', 'E1')).toEqual({ '': 'old' });
  await system.connection.nats.request(KEY_PREFIX + key.record('order', 'E1'), bytes('new'), { timeout: 5000 });
  const fresh = async () => (await ask(followed, 'order', 'E1'))[''] === 'new';
  await eventually(fresh, { what: 'the record is read again' });
});

test('what was committed while it had no connection is read', async () => {
  const followed = await follow();
  await commit([order('D1', 'old')]);
  expect(await ask(followed, 'order', 'D1')).toEqual({ '': 'old' });
  await system.server.restart();
  const stored = async () => (await commit([order('D1', 'new')]).catch(() => undefined))?.kind === 'committed';
  await eventually(stored, { what: 'the server commits again' });
  const fresh = async () => (await ask(followed, 'order', 'D1').catch(() => ({}) as Record<string, string>))[''];
  await eventually(async () => (await fresh()) === 'new', { what: 'it is connected again' });
});
