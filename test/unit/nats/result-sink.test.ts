import { expect, test } from 'vitest';
import { StoredResultSink } from '../../../supervisor/nats/result-sink.ts';
import type { Commit, CommitOutcome } from '../../../supervisor/turn/ports.ts';

const TOO_LARGE = new Error('too large');

/** Takes no batch with a result of `order`. */
class Bucket {
  readonly tried: string[][] = [];
  readonly stored: string[] = [];
  readonly order: string;

  constructor(order: string) {
    this.order = order;
  }

  async commit({ messages }: Commit): Promise<CommitOutcome> {
    const keys = messages.map(({ key }) => key);
    this.tried.push(keys);
    if (keys.some((key) => key.includes(`.order.${this.order}.`))) return { kind: 'unstorable', error: TOO_LARGE };
    this.stored.push(...keys);
    return { kind: 'committed', revisions: new Map() };
  }
}

async function deliverAll(bucket: Bucket, orders: readonly string[]): Promise<PromiseSettledResult<void>[]> {
  const sink = new StoredResultSink(bucket, 'main', 4, 'run');
  const results = orders.map((order) =>
    sink.deliver({ key: `${order}-c1`, kind: 'capture', outcome: 'confirmed', at: '2026' }, order),
  );
  return Promise.allSettled(results);
}

test('a result that can not be stored fails alone, with the reason, and is not tried again', async () => {
  const bucket = new Bucket('R7');
  const orders = Array.from({ length: 40 }, (_, index) => `R${index}`);
  const told = await deliverAll(bucket, orders);
  expect(told.flatMap((one, index) => (one.status === 'rejected' ? [[orders[index], one.reason]] : []))).toEqual([
    ['R7', TOO_LARGE],
  ]);
  expect(bucket.stored).toHaveLength(39);
  const alone = bucket.tried.filter((keys) => keys.length === 1 && keys[0]?.includes('.order.R7.'));
  expect(alone).toHaveLength(1);
});

test('results of one moment are stored together', async () => {
  const bucket = new Bucket('nobody');
  const told = await deliverAll(bucket, ['A', 'B', 'C']);
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect(bucket.tried.map((keys) => keys.length)).toEqual([1, 2]);
});
