/** The second limit: atomic batches as large as the node's commits, of messages that mean nothing, one after another. */
import { KEY_PREFIX } from '../../protocols/subjects.ts';
import { type BatchMessage, storeBatch } from '../../supervisor/nats/batch.ts';
import type { Connection } from '../../supervisor/nats/connection.ts';
import { type Latency, latencyOf } from './latency.ts';

export interface RawShape {
  messages: number;
  /** Of one message: payload and headers. */
  bytes: number;
}

export interface RawBatches {
  batches: number;
  elapsedMs: number;
  latency: Latency;
}

const WARM_UP_BATCHES = 20;

export async function commitRaw(connection: Connection, shape: RawShape, seconds: number): Promise<RawBatches> {
  for (let number = 0; number < WARM_UP_BATCHES; number++) await store(connection, `w${number}`, shape);
  const timesMs: number[] = [];
  const startedAt = performance.now();
  let now = startedAt;
  while (now < startedAt + seconds * 1000) {
    await store(connection, `b${timesMs.length}`, shape);
    const after = performance.now();
    timesMs.push(after - now);
    now = after;
  }
  return { batches: timesMs.length, elapsedMs: now - startedAt, latency: latencyOf(timesMs) };
}

async function store(connection: Connection, batch: string, { messages, bytes }: RawShape): Promise<void> {
  const payload = Buffer.alloc(bytes, 'x');
  const raw: BatchMessage[] = Array.from({ length: messages }, (_, index) => ({
    subject: `${KEY_PREFIX}raw.${messages}-${batch}-${index}`,
    bytes: payload,
    headers: '',
  }));
  const outcome = await storeBatch(connection, `raw-${messages}-${batch}`, raw);
  if (outcome.kind !== 'stored') throw new Error(`a raw batch of ${messages} messages was not stored: ${outcome.kind}`);
}
