import { expect, test } from 'vitest';
import type { ActorKind } from '../../../protocols/actor.ts';
import { ActorCache } from '../../../supervisor/turn/actor-cache.ts';
import type { StoredPart } from '../../../supervisor/turn/ports.ts';

const BOUNDS = { maxActors: 2, maxBytes: 1e6 };

/** Its snapshot is the text that is stored. */
const TEXT: ActorKind = {
  entity: 'text',
  remembersCommands: true,
  paged: false,
  handle: () => ({ kind: 'ignored', reason: 'says nothing' }),
  parts: () => [],
  load: ([part]) => part && Buffer.from(part.bytes).toString(),
};

/** A cache over one text; each read waits until it is let go, and finds what is there then. */
function waitingCache() {
  let stored = 'old';
  const reads: (() => void)[] = [];
  const bucket = {
    records: (addresses: readonly unknown[]): Promise<StoredPart[][]> => {
      const found = addresses.map(() => [{ name: '', bytes: Buffer.from(stored) }]);
      return new Promise((resolve) => reads.push(() => resolve(found)));
    },
  };
  const cache = new ActorCache(bucket, new Map([['text', TEXT]]), BOUNDS);
  const write = (text: string): void => {
    stored = text;
  };
  return { cache, reads, write };
}

const address = (id: string) => ({ entity: 'text', id, partition: 0 });

test('a record that was on its way when its partition was given up is read again', async () => {
  const { cache, reads, write } = waitingCache();
  const loaded = cache.load([address('A')]);
  cache.dropPartition(0);
  write('new');
  reads.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toHaveLength(1);
  reads.shift()?.();
  await loaded;
  expect(cache.get('text', 'A')?.snapshot).toBe('new');
});

test('an actor that two ask for is read once', async () => {
  const { cache, reads } = waitingCache();
  const both = Promise.all([cache.load([address('A')]), cache.load([address('A')])]);
  expect(reads).toHaveLength(1);
  reads.shift()?.();
  await both;
  expect(cache.size).toBe(1);
});

test('the least recently used are passivated, but none that a turn under way changed', async () => {
  const { cache, reads } = waitingCache();
  const loaded = cache.load(['A', 'B', 'C', 'D'].map(address));
  reads.shift()?.();
  await loaded;
  const changed = cache.get('text', 'A');
  if (changed) changed.changedIn = 7;
  for (const id of ['B', 'C', 'D']) cache.get('text', id);
  cache.trim(6);
  expect(['A', 'B', 'C', 'D'].filter((id) => cache.get('text', id))).toEqual(['A', 'D']);
});

test('what a turn asks for is not passivated before what nobody asked for since', async () => {
  const { cache, reads } = waitingCache();
  for (const id of ['A', 'B', 'A', 'C']) {
    const loaded = cache.load([address(id)]);
    reads.shift()?.();
    await loaded;
  }
  cache.trim(1);
  expect(['A', 'B', 'C'].filter((id) => cache.get('text', id))).toEqual(['A', 'C']);
});
