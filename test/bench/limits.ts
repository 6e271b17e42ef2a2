/** The two limits of the server itself, each on a fresh one: what can be taken in, and what can be committed. */
import { ensureStreams } from '../../supervisor/nats/streams.ts';
import { DEFAULT_CONFIG } from '../../supervisor/node/config.ts';
import type { CommitShape } from './commit-shape.ts';
import type { Latency } from './latency.ts';
import type { OneInFlight, Saturation } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { type ServerUnderTest, startServer } from './system.ts';

const MOST_BATCH_MESSAGES = 1000;
const COMMIT_SECONDS = 4;

export interface Limits {
  ingest: { commands: number; commandsPerSecond: number };
  /** At saturation: as many and as large messages a batch as the node's average commit. */
  commit: { messagesPerBatch: number; bytesPerMessage: number; messagesPerSecond: number; batch: Latency };
  /** As small as the node's average commit with one order in flight. */
  smallCommit: { messagesPerBatch: number; bytesPerMessage: number; batch: Latency };
}

export async function measureLimits(
  options: BenchOptions,
  { saturation, oneInFlight }: { saturation: Saturation; oneInFlight: OneInFlight },
): Promise<Limits> {
  const ingest = await onFreshServer(options, async ({ publisher }) => {
    const orders = Math.ceil(saturation.orders);
    const { commands, elapsedMs } = await publisher.ask('publishUnread', orders);
    return { commands, commandsPerSecond: (1000 * commands) / elapsedMs };
  });
  return onFreshServer(options, async ({ publisher }) => {
    const small = rawShape(oneInFlight.commit);
    const { latency: smallBatch } = await publisher.ask('commitRaw', small, COMMIT_SECONDS);
    const large = rawShape(saturation.commit);
    const { batches, elapsedMs, latency } = await publisher.ask('commitRaw', large, COMMIT_SECONDS);
    const messagesPerSecond = (1000 * batches * large.messages) / elapsedMs;
    return {
      ingest,
      commit: {
        messagesPerBatch: large.messages,
        bytesPerMessage: large.bytes,
        messagesPerSecond,
        batch: latency,
      },
      smallCommit: { messagesPerBatch: small.messages, bytesPerMessage: small.bytes, batch: smallBatch },
    };
  });
}

async function onFreshServer<T>({ sync }: BenchOptions, use: (fresh: ServerUnderTest) => Promise<T>): Promise<T> {
  const fresh = await startServer(sync);
  try {
    const { partitions, replicas } = DEFAULT_CONFIG;
    await ensureStreams(fresh.connection, { partitions, replicas, allowUnsyncedServer: true });
    return await use(fresh);
  } finally {
    await fresh.stop();
  }
}

function rawShape({ messagesPerCommit, bytesPerMessage }: CommitShape): { messages: number; bytes: number } {
  return {
    messages: Math.min(MOST_BATCH_MESSAGES, Math.max(1, Math.round(messagesPerCommit))),
    bytes: Math.round(bytesPerMessage),
  };
}
