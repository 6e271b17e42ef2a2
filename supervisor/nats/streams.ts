/** The streams of architecture.md, section 1. An existing stream is left as it is, and refused if it can't serve. */
import { MAX_PARTITIONS } from '../../protocols/partition.ts';
import { BUCKET, COMMANDS, DEAD, EVENTS, KEY_PREFIX, SIMULATOR } from '../../protocols/subjects.ts';
import { isApiError, requestApi } from './api.ts';
import type { Connection } from './connection.ts';
import { discardedSubject } from './dead-letters.ts';
import { checkServer, type Durability } from './server-check.ts';

const SECOND_NS = 1_000_000_000;
/** The server's first line of defence against a command sent twice; actors know for ever. */
const DUPLICATE_WINDOW_NS = 120 * SECOND_NS;
/** A command is at most 256 KiB; the rest is for headers and for saying clearly what was wrong with a larger one. */
const MAX_COMMAND_MESSAGE_BYTES = 2 * 1024 * 1024;
const STREAM_NOT_FOUND = 10059;
const STREAM_NAME_IN_USE = 10058;

export interface StreamOptions extends Durability {
  /** Of a new system; an existing one keeps the number it was created with. */
  partitions: number;
  replicas: number;
}

interface StreamConfig {
  name: string;
  [setting: string]: unknown;
}

interface StreamReply {
  config: { subject_transform?: { dest?: string }; num_replicas?: number; [setting: string]: unknown };
}

/** Resolves with what the streams really have. */
export async function ensureStreams(
  connection: Connection,
  options: StreamOptions,
): Promise<{ partitions: number; replicas: number }> {
  const { partitions, replicas } = options;
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new Error(`${partitions} partitions: 1 to ${MAX_PARTITIONS} are possible`);
  }
  await checkServer(connection.nats, options);
  const commands = await ensure(connection, commandsConfig(partitions, replicas));
  requireBatches(await ensure(connection, bucketConfig(replicas)));
  for (const config of [eventsConfig(replicas), deadConfig(replicas), simulatorConfig(replicas)]) {
    await ensure(connection, config);
  }
  return { partitions: partitionsOf(commands), replicas: commands.config.num_replicas ?? 1 };
}

/** Several nodes may do this at once, even with other settings: the first one wins, the others take what it created. */
async function ensure(connection: Connection, config: StreamConfig): Promise<StreamReply> {
  const existing = await info(connection, config.name);
  if (existing) return existing;
  try {
    return await requestApi<StreamReply>(connection, `STREAM.CREATE.${config.name}`, config);
  } catch (error) {
    const created = isApiError(error, STREAM_NAME_IN_USE) ? await info(connection, config.name) : undefined;
    if (created) return created;
    throw error;
  }
}

function requireBatches({ config }: StreamReply): void {
  if (config.allow_atomic && config.allow_msg_schedules && config.allow_msg_ttl) return;
  throw new Error(`the bucket ${BUCKET} exists and is not Tillwire's: it takes no atomic batches, schedules or TTLs`);
}

async function info(connection: Connection, name: string): Promise<StreamReply | undefined> {
  try {
    return await requestApi<StreamReply>(connection, `STREAM.INFO.${name}`, {});
  } catch (error) {
    if (isApiError(error, STREAM_NOT_FOUND)) return undefined;
    throw error;
  }
}

/** The number is fixed for the life of the stream: another one would move almost every id. */
function partitionsOf({ config }: StreamReply): number {
  const found = config.subject_transform?.dest?.match(/partition\((\d+),/)?.[1];
  if (!found) throw new Error(`the stream ${COMMANDS} exists and is not Tillwire's: it has no partitions`);
  return Number(found);
}

const stored = (replicas: number): object => ({ storage: 'file', num_replicas: replicas, discard: 'old' });

const commandsConfig = (partitions: number, replicas: number): StreamConfig => ({
  name: COMMANDS,
  ...stored(replicas),
  subjects: ['in.*.*.*.*'],
  subject_transform: {
    src: 'in.*.*.*.*',
    dest: `cmd.{{partition(${partitions},2,3)}}.{{wildcard(2)}}.{{wildcard(3)}}.{{wildcard(4)}}.{{wildcard(1)}}`,
  },
  duplicate_window: DUPLICATE_WINDOW_NS,
  max_msg_size: MAX_COMMAND_MESSAGE_BYTES,
  allow_direct: true,
});

/** A KV bucket for every KV client, and the one stream that an atomic batch writes. */
const bucketConfig = (replicas: number): StreamConfig => ({
  name: BUCKET,
  ...stored(replicas),
  subjects: [`${KEY_PREFIX}>`],
  max_msgs_per_subject: 1,
  allow_rollup_hdrs: true,
  deny_delete: true,
  allow_direct: true,
  allow_atomic: true,
  allow_msg_schedules: true,
  allow_msg_ttl: true,
  republish: { src: `${KEY_PREFIX}live.*.*.>`, dest: '{{wildcard(2)}}.>' },
});

/**
 * The archive. With one replica it is written asynchronously: no fsync a message, and nothing lost, because a sourced stream goes
 * on behind its own last message and the bucket keeps `live.…` for longer than any lag.
 */
const eventsConfig = (replicas: number): StreamConfig => ({
  name: EVENTS,
  ...stored(replicas),
  ...(replicas === 1 ? { persist_mode: 'async' } : {}),
  sources: [
    {
      name: BUCKET,
      subject_transforms: [
        { src: `${KEY_PREFIX}live.*.event.>`, dest: 'event.>' },
        { src: `${KEY_PREFIX}live.*.out.>`, dest: 'out.>' },
      ],
    },
  ],
  allow_direct: true,
});

/**
 * Discarding a letter adds a mark, because a deleted one would come back: sourcing goes on behind the last message that is left.
 */
const deadConfig = (replicas: number): StreamConfig => ({
  name: DEAD,
  ...stored(replicas),
  subjects: [discardedSubject('*')],
  sources: [{ name: BUCKET, subject_transforms: [{ src: `${KEY_PREFIX}live.*.dead.>`, dest: 'dead.>' }] }],
  allow_direct: true,
});

const simulatorConfig = (replicas: number): StreamConfig => ({
  name: SIMULATOR,
  ...stored(replicas),
  subjects: ['simulator.*'],
  allow_direct: true,
});
