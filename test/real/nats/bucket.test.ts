import { describe, expect, test } from 'vitest';
import { key } from '../../../protocols/subjects.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { DirectReader } from '../../../supervisor/nats/direct-get.ts';
import { StoreSource } from '../../../supervisor/nats/store-source.ts';
import type { CommitMessage } from '../../../supervisor/turn/ports.ts';
import { eventually } from '../../fixture/eventually.ts';
import { bytes, rejectFailure, text, useSystem } from './nats-fixture.ts';

/** One less than the server takes: the mark of the commit is added. */
const MOST = 999;
const system = useSystem();

async function store(messages: CommitMessage[]): Promise<void> {
  const bucket = new NatsBucket(system.connection);
  for (let from = 0; from < messages.length; from += MOST) {
    const some = messages.slice(from, from + MOST);
    const outcome = await bucket.commit({ batch: `fill-${from}`, messages: some, revisions: new Map() });
    expect(outcome.kind).toBe('committed');
  }
  bucket.close();
}

describe('reading', () => {
  test('thousands of records, present or not, come in the order asked', async () => {
    const ids = Array.from({ length: 2500 }, (_, index) => `R${index}`);
    const present = ids.filter((_, index) => index % 3 !== 0);
    await store(present.map((id) => ({ key: key.record('order', id), bytes: bytes(id) })));
    const found = await new NatsBucket(system.connection).records(
      ids.map((id) => ({ entity: 'order', id, paged: false })),
    );
    const expected = ids.map((id) => (present.includes(id) ? [{ name: '', bytes: id }] : []));
    expect(found.map((parts) => parts.map((part) => ({ ...part, bytes: text(part.bytes) })))).toEqual(expected);
  });

  test('a record has its pages, also where there are more than the server gives in one answer', async () => {
    const pages = Array.from({ length: 1100 }, (_, index) => `p${index}`);
    await store([
      { key: key.record('store', 'big'), bytes: bytes('record') },
      ...pages.map((page) => ({ key: key.part('store', 'big', page), bytes: bytes(page) })),
      { key: key.record('store', 'bigger'), bytes: bytes('another') },
      { key: key.part('store', 'small', 'p0'), bytes: bytes('x') },
      { key: key.record('store', 'small'), bytes: bytes('y') },
    ]);
    const [big, none, small, bigger] = await new NatsBucket(system.connection).records(
      ['big', 'none', 'small', 'bigger'].map((id) => ({ entity: 'store', id, paged: true })),
    );
    expect(big?.map(({ name }) => name).sort()).toEqual(['', ...pages].sort());
    expect(none).toEqual([]);
    expect(small?.map((part) => [part.name, text(part.bytes)]).sort()).toEqual([
      ['', 'y'],
      ['p0', 'x'],
    ]);
    expect(bigger?.map((part) => text(part.bytes))).toEqual(['another']);
  });

  test('answers larger than a slow client may keep come in pieces', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `huge-${index}`);
    await store(ids.map((id) => ({ key: key.record('order', id), bytes: new Uint8Array(900_000) })));
    const found = await new NatsBucket(system.connection).existing(ids.map((id) => key.record('order', id)));
    expect(found.size).toBe(ids.length);
  });

  test('a deleted key is absent', async () => {
    await store([
      { key: 'order.gone', bytes: bytes('x') },
      { key: 'order.gone', bytes: bytes(''), headers: { 'KV-Operation': 'DEL' } },
    ]);
    expect((await new NatsBucket(system.connection).existing(['order.gone'])).size).toBe(0);
  });
});

describe('what is live', () => {
  test('two events of one name in one batch are heard and archived, both and in order', async () => {
    const heard: string[] = [];
    system.connection.nats.subscribe('event.order.E1.*', {
      callback: (_, message) => void heard.push(message.string()),
    });
    await store([
      { key: key.event('b-1', 'order', 'E1', 'captured'), bytes: bytes('first'), ttlSeconds: 60 },
      { key: key.out('b-2', 'channel-web', 'order', 'E1', 'place'), bytes: bytes('outcome'), ttlSeconds: 60 },
      { key: key.event('b-3', 'order', 'E1', 'captured'), bytes: bytes('second'), ttlSeconds: 60 },
    ]);
    await eventually(() => heard.length === 2, { what: 'both heard' });
    expect(heard).toEqual(['first', 'second']);
    const archive = new DirectReader(system.connection, 'EVENTS');
    const kept = await eventually(
      async () => {
        const found = await archive.all('>');
        return found.length === 3 && found;
      },
      { what: 'all archived' },
    );
    expect(kept.map(({ subject, bytes: found }) => [subject, text(found)])).toEqual([
      ['event.order.E1.captured', 'first'],
      ['out.channel-web.order.E1.place', 'outcome'],
      ['event.order.E1.captured', 'second'],
    ]);
  });

  test('stores are loaded, and their events followed from there, in order', async () => {
    const events = new StoreSource(system.connection);
    await store([{ key: key.event('c-0', 'store', 's1', 'stock'), bytes: bytes('before'), ttlSeconds: 60 }]);
    await store([{ key: key.record('store', 's1'), bytes: bytes('record') }]);
    const { stores, sequence } = await events.load();
    expect(stores.get('s1')?.map((part) => text(part.bytes))).toEqual(['record']);
    const heard: string[] = [];
    const reader = await events.follow(
      sequence,
      ({ store: id, name, bytes: found }) => heard.push(`${id} ${name} ${text(found)}`),
      rejectFailure,
    );
    await store([
      { key: key.event('c-1', 'store', 's1', 'stock'), bytes: bytes('one'), ttlSeconds: 60 },
      { key: key.event('c-2', 'order', 'A1', 'placed'), bytes: bytes('other'), ttlSeconds: 60 },
      { key: key.event('c-3', 'store', 's1', 'stock'), bytes: bytes('two'), ttlSeconds: 60 },
    ]);
    await eventually(() => heard.length === 2, { what: 'both heard' });
    expect(heard).toEqual(['s1 stock one', 's1 stock two']);
    await reader.stop();
  });
});
