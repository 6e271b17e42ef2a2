/** What is published of a batch, where the server's answers are made up. */
import { expect, test } from 'vitest';
import { storeBatch } from '../../../supervisor/nats/batch.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import type { Connection } from '../../../supervisor/nats/connection.ts';

const IN_FLIGHT = { seq: 0, error: { err_code: 10_176, description: 'a write is in flight' } };
const REFUSED = { seq: 0, error: { err_code: 10_071, description: 'wrong last sequence' } };
const STORED = { seq: 8 };

/** A connection on which each batch, of one message, gets the next of these answers. */
function answering(...answers: object[]) {
  const ids: (string | undefined)[] = [];
  const request = async (_subject: string, _bytes: Uint8Array, { headers }: { headers: { encode(): Buffer } }) => {
    ids.push(/Nats-Batch-Id:(\S+)/.exec(headers.encode().toString())?.[1]);
    const answer = answers.shift();
    return { json: () => answer };
  };
  const nats = { request, subscribe: () => undefined };
  const connection = { nats, connected: true, whileUp: (answer: unknown) => answer };
  return { ids, connection: connection as unknown as Connection };
}

const message = { key: 'timer.1', bytes: new Uint8Array(1) };

test('each attempt has an id of its own', async () => {
  const { ids, connection } = answering(IN_FLIGHT, IN_FLIGHT, STORED);
  const outcome = await storeBatch(connection, 'b1', [{ subject: 'a', bytes: message.bytes, headers: '' }]);
  expect(outcome).toEqual({ kind: 'stored', lastSequence: 8 });
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
});

test('a commit that is tried again has an id that it never had', async () => {
  const { ids, connection } = answering(IN_FLIGHT, REFUSED, IN_FLIGHT, STORED);
  const bucket = new NatsBucket(connection);
  const commit = { batch: 'b1', messages: [message], revisions: new Map() };
  expect((await bucket.commit(commit)).kind).toBe('refused');
  expect((await bucket.commit(commit)).kind).toBe('committed');
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});
