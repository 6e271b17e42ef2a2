import { beforeAll, describe, expect, test } from 'vitest';
import { encode } from '../../../protocols/codec.ts';
import { BUCKET, key } from '../../../protocols/subjects.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { openConnection } from '../../../supervisor/nats/connection.ts';
import { DirectReader } from '../../../supervisor/nats/direct-get.ts';
import { ensureStreams } from '../../../supervisor/nats/streams.ts';
import type { CommitMessage, Cursor } from '../../../supervisor/turn/ports.ts';
import { eventually } from '../../fixture/eventually.ts';
import { startRealServer } from '../../fixture/real-server.ts';
import { startDeafProxy } from './deaf-proxy.ts';
import { bytes, text, useSystem } from './nats-fixture.ts';

const system = useSystem();
let bucket: NatsBucket;
let partitions = 100;

beforeAll(() => {
  bucket = new NatsBucket(system.connection);
});

function cursorMessage(partition: number, batch: string): CommitMessage {
  const cursor: Cursor = { commands: 1, sends: 2, batch, node: 'n1' };
  return { key: key.cursor(partition), bytes: encode(cursor, 'msgpack'), fence: partition };
}

/** Each test fences a partition of its own. */
const freshPartition = (): number => partitions++;

describe('a commit', () => {
  test('stores everything and tells the new revision of each cursor, wherever it stands in the batch', async () => {
    const [first, second] = [freshPartition(), freshPartition()];
    const outcome = await bucket.commit({
      batch: 'b1',
      messages: [
        { key: 'order.A1', bytes: bytes('one') },
        cursorMessage(first, 'b1'),
        { key: 'order.A2', bytes: bytes('two'), headers: { traceparent: '00-1' } },
        cursorMessage(second, 'b1'),
      ],
      revisions: new Map([
        [first, 0],
        [second, 0],
      ]),
    });
    const found = await bucket.cursors([first, second, freshPartition()]);
    expect(outcome).toEqual({
      kind: 'committed',
      revisions: new Map([...found].map(([partition, { revision }]) => [partition, revision])),
    });
    expect(found.get(first)?.cursor).toEqual({ commands: 1, sends: 2, batch: 'b1', node: 'n1' });
    const stored = await bucket.existing(['order.A1', 'order.A2', 'order.A3']);
    expect([...stored].map(([name, found]) => [name, text(found)])).toEqual([
      ['order.A1', 'one'],
      ['order.A2', 'two'],
    ]);
  });

  test('with a stale cursor is refused and leaves nothing', async () => {
    const partition = freshPartition();
    const commit = (batch: string, name: string, revision: number) =>
      bucket.commit({
        batch,
        messages: [{ key: name, bytes: bytes(batch) }, cursorMessage(partition, batch)],
        revisions: new Map([[partition, revision]]),
      });
    expect((await commit('owner', 'order.S1', 0)).kind).toBe('committed');
    expect(await commit('zombie', 'order.S2', 0)).toEqual({ kind: 'refused' });
    expect((await bucket.existing(['order.S1', 'order.S2'])).size).toBe(1);
    expect((await bucket.cursors([partition])).get(partition)?.cursor.batch).toBe('owner');
  });

  test('of two owners at the same moment exactly one wins', async () => {
    const partition = freshPartition();
    const other = await system.connect('other');
    const commit = (owner: NatsBucket, batch: string) =>
      owner.commit({
        batch,
        messages: [{ key: `order.${batch}`, bytes: bytes(batch) }, cursorMessage(partition, batch)],
        revisions: new Map([[partition, 0]]),
      });
    const outcomes = await Promise.all([commit(bucket, 'left'), commit(new NatsBucket(other), 'right')]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['committed', 'refused']);
    expect((await bucket.existing(['order.left', 'order.right'])).size).toBe(1);
  });

  test('of 999 messages is stored with its mark, one more is a defect', async () => {
    const partition = freshPartition();
    const messages = Array.from({ length: 999 }, (_, index) => ({ key: `order.big-${index}`, bytes: bytes('x') }));
    const commit = { batch: 'big', messages, revisions: new Map([[partition, 0]]) };
    expect((await bucket.commit({ ...commit, messages: messages.slice(1) })).kind).toBe('committed');
    expect((await bucket.commit(commit)).kind).toBe('committed');
    await expect(
      bucket.commit({ ...commit, messages: [...messages, cursorMessage(partition, 'big')] }),
    ).rejects.toThrow(RangeError);
  });

  test.each([
    ['a time that is none', { schedule: { at: Number.NaN, targetKey: 'send.0.order.A1.x' } }],
    ['a time that the server does not read', { schedule: { at: Date.UTC(10_000, 0), targetKey: 'send.0.order.A1.x' } }],
    ['a line break in a header', { headers: { Note: 'a\r\nb' } }],
    ['more than a message holds', { bytes: new Uint8Array(16 * 1024 * 1024) }],
  ])('with %s is never stored, and nothing beside it', async (_, odd) => {
    const partition = freshPartition();
    const messages = [
      { key: 'order.beside', bytes: bytes('x') },
      { key: 'timer.order.odd', bytes: bytes('x'), ...odd },
      cursorMessage(partition, 'odd'),
    ];
    const outcome = await bucket.commit({ batch: `odd-${partition}`, messages, revisions: new Map([[partition, 0]]) });
    expect(outcome.kind).toBe('unstorable');
    expect((await bucket.existing(['order.beside'])).size).toBe(0);
  });

  test('whose answer is lost is unknown, and its cursor tells that it happened', async () => {
    const partition = freshPartition();
    const proxy = await startDeafProxy(system.server.port);
    const connection = await openConnection({ servers: proxy.url, name: 'deaf' });
    const far = new NatsBucket(connection);
    const commit = {
      batch: 'heard-not',
      messages: [cursorMessage(partition, 'heard-not')],
      revisions: new Map([[partition, 0]]),
    };
    proxy.deafen();
    const outcome = far.commit(commit);
    await eventually(async () => (await bucket.cursors([partition])).size === 1, { what: 'it happened' });
    proxy.cut();
    expect((await outcome).kind).toBe('unknown');
    await eventually(() => connection.connected, { what: 'reconnected' });
    expect((await far.cursors([partition])).get(partition)?.cursor.batch).toBe('heard-not');
    expect(await far.commit(commit)).toEqual({ kind: 'refused' });
    await connection.drain();
    proxy.close();
  });

  test('on a lost connection is unknown at once', async () => {
    const own = await startRealServer();
    const lonely = await openConnection({ servers: own.url, name: 'lonely' });
    await ensureStreams(lonely, { partitions: 4, replicas: 1, monitors: [own.monitorUrl] });
    const far = new NatsBucket(lonely);
    const commit = { batch: 'lost', messages: [cursorMessage(1, 'lost')], revisions: new Map([[1, 0]]) };
    process.kill(own.pid, 'SIGSTOP');
    const outcome = far.commit(commit);
    await own.kill();
    expect((await outcome).kind).toBe('unknown');
    expect((await far.commit(commit)).kind).toBe('unknown');
    await expect(far.cursors([1])).rejects.toThrow('not connected');
    await own.restart();
    await eventually(() => lonely.connected, { what: 'reconnected' });
    const found = await far.cursors([1]);
    const again = await far.commit(commit);
    expect(again.kind).toBe(found.size === 0 ? 'committed' : 'refused');
    await lonely.drain();
    await own.remove();
  });
});

describe('a schedule', () => {
  test('fires into the send log with a time to live, and replaced or cancelled ones do not fire', async () => {
    const timer = (name: string, at: number, target: string): CommitMessage => ({
      key: key.timer('order', 'T1', name),
      bytes: bytes(target),
      schedule: { at, targetKey: target },
    });
    const soon = Date.now() + 1500;
    const commit = (batch: string, messages: CommitMessage[]) =>
      bucket.commit({ batch, messages, revisions: new Map() });
    await commit('t1', [
      timer('kept', soon, 'send.1.order.T1.expire.kept'),
      timer('replaced', soon, 'send.1.order.T1.expire.early'),
      timer('cancelled', soon, 'send.1.order.T1.expire.never'),
      timer('ended', soon, 'send.1.order.T1.expire.never-either'),
      timer('past', Date.now() - 5000, 'send.1.order.T1.expire.past'),
    ]);
    const outcome = await commit('t2', [
      timer('replaced', soon + 300, 'send.1.order.T1.expire.late'),
      {
        key: key.timer('order', 'T1', 'cancelled-cancel'),
        bytes: new Uint8Array(),
        cancelsSchedule: key.timer('order', 'T1', 'cancelled'),
        ttlSeconds: 60,
      },
      {
        key: key.timer('order', 'T1', 'none-cancel'),
        bytes: new Uint8Array(),
        cancelsSchedule: key.timer('order', 'T1', 'none'),
        ttlSeconds: 60,
      },
      { key: 'order.T1', bytes: bytes('a record'), cancelsSchedule: key.timer('order', 'T1', 'ended') },
    ]);
    expect(outcome.kind).toBe('committed');
    const reader = new DirectReader(system.connection, BUCKET);
    const fired = async () =>
      (await reader.all('$KV.tillwire.send.1.order.T1.>')).map(({ subject }) => subject.split('.').at(-1));
    await eventually(async () => (await fired()).length === 3, { what: 'three fired' });
    await eventually(async () => Date.now() > soon + 1500, { what: 'the cancelled one had its time' });
    expect((await fired()).sort()).toEqual(['kept', 'late', 'past']);
    expect(await reader.all('$KV.tillwire.timer.order.T1.>')).toHaveLength(2);
    expect(text((await bucket.existing(['order.T1'])).get('order.T1'))).toBe('a record');
  });
});
