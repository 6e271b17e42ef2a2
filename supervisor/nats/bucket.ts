/** The bucket that holds all that is true: see Bucket of supervisor/turn/ports.ts. */
import { decode } from '../../protocols/codec.ts';
import { BUCKET, KEY_PREFIX, key } from '../../protocols/subjects.ts';
import { SEND_TTL_SECONDS } from '../turn/messages.ts';
import type {
  Bucket,
  Commit,
  CommitMessage,
  CommitOutcome,
  Cursor,
  RecordAddress,
  StoredCursor,
  StoredPart,
} from '../turn/ports.ts';
import { type BatchMessage, storeBatch } from './batch.ts';
import { markOf } from './commit-mark.ts';
import type { Connection } from './connection.ts';
import { DirectReader } from './direct-get.ts';
import { headerLine } from './raw-headers.ts';

export class NatsBucket implements Bucket {
  private readonly commits: Connection;
  private readonly reader: DirectReader;
  private tries = 0;

  /** `commits`: a connection of their own. The server takes what one connection sends in order, and a large batch takes a while. */
  constructor(connection: Connection, commits: Connection = connection) {
    this.commits = commits;
    this.reader = new DirectReader(connection, BUCKET);
  }

  close(): void {
    this.reader.close();
  }

  async cursors(partitions: readonly number[]): Promise<Map<number, StoredCursor>> {
    const found = await this.reader.lastOf(partitions.map((partition) => KEY_PREFIX + key.cursor(partition)));
    return new Map(
      found.map(({ subject, sequence, bytes }) => [
        Number(subject.slice(subject.lastIndexOf('.') + 1)),
        { cursor: decode(bytes, 'msgpack') as Cursor, revision: sequence },
      ]),
    );
  }

  async records(addresses: readonly RecordAddress[]): Promise<StoredPart[][]> {
    const found = await this.reader.lastOf(addresses.flatMap(recordSubjects));
    const parts = new Map<string, StoredPart[]>();
    for (const { subject, bytes } of found) {
      const [entity, id, ...name] = subject.slice(KEY_PREFIX.length).split('.');
      const record = `${entity}.${id}`;
      const part = { name: name.join('.'), bytes };
      const known = parts.get(record);
      if (known) known.push(part);
      else parts.set(record, [part]);
    }
    return addresses.map(({ entity, id }) => parts.get(key.record(entity, id)) ?? []);
  }

  async existing(keys: readonly string[]): Promise<Map<string, Uint8Array>> {
    const found = await this.reader.lastOf(keys.map((name) => KEY_PREFIX + name));
    return new Map(found.map(({ subject, bytes }) => [subject.slice(KEY_PREFIX.length), bytes]));
  }

  async commit({ batch, messages, revisions }: Commit): Promise<CommitOutcome> {
    let raw: BatchMessage[];
    try {
      raw = messages.map((message) => toBatchMessage(message, revisions));
    } catch (error) {
      // A time that is none, a header that can't be one.
      if (error instanceof RangeError) return { kind: 'unstorable', error };
      throw error;
    }
    const mark = markOf(batch, messages);
    // B4: whoever tries a commit again does so under another id.
    const id = `${batch}-${(this.tries++).toString(36)}`;
    const outcome = await storeBatch(this.commits, id, mark ? [mark, ...raw] : raw);
    if (outcome.kind !== 'stored') return outcome;
    const first = outcome.lastSequence - messages.length + 1;
    const stored = new Map<number, number>();
    for (const [index, { fence }] of messages.entries()) {
      if (fence !== undefined) stored.set(fence, first + index);
    }
    return { kind: 'committed', revisions: stored };
  }
}

/** Under which a record and its pages are stored. */
export function recordSubjects({ entity, id, paged }: RecordAddress): string[] {
  const record = KEY_PREFIX + key.record(entity, id);
  return paged ? [record, `${record}.>`] : [record];
}

function toBatchMessage(message: CommitMessage, revisions: ReadonlyMap<number, number>): BatchMessage {
  return { subject: KEY_PREFIX + message.key, bytes: message.bytes, headers: headerLines(message, revisions) };
}

function headerLines(message: CommitMessage, revisions: ReadonlyMap<number, number>): string {
  const { headers, fence, ttlSeconds, schedule, cancelsSchedule } = message;
  let lines = '';
  for (const name in headers) lines += headerLine(name, headers[name] ?? '');
  if (fence !== undefined) lines += `Nats-Expected-Last-Subject-Sequence:${expected(fence, revisions)}\r\n`;
  if (schedule) {
    lines += `Nats-Schedule:@at ${new Date(schedule.at).toISOString()}\r\n`;
    lines += `Nats-Schedule-Target:${KEY_PREFIX}${schedule.targetKey}\r\n`;
    lines += `Nats-Schedule-TTL:${ttlSeconds ?? SEND_TTL_SECONDS}s\r\n`;
  } else if (ttlSeconds !== undefined) lines += `Nats-TTL:${ttlSeconds}s\r\n`;
  if (cancelsSchedule) lines += `Nats-Schedule-Next:purge\r\nNats-Scheduler:${KEY_PREFIX}${cancelsSchedule}\r\n`;
  return lines;
}

function expected(fence: number, revisions: ReadonlyMap<number, number>): number {
  const revision = revisions.get(fence);
  if (revision === undefined) throw new Error(`no expected revision for the cursor of partition ${fence}`);
  return revision;
}
