/**
 * What a NATS server keeps for Tillwire, in memory: the command log with its duplicate window, the bucket with atomic commits
 * fenced by cursors, the sends in it, schedules. Time to live is not simulated: nothing here gets that old.
 */
import { decode, encode } from '../../protocols/codec.ts';
import { partitionOf } from '../../protocols/partition.ts';
import { KEY_PREFIX, key, parseSendSubject } from '../../protocols/subjects.ts';
import type { Commit, CommitMessage, Cursor, LogEntry, StoredCursor, StoredPart } from '../../supervisor/turn/ports.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Published {
  origin: string;
  entity: string;
  id: string;
  name: string;
  messageId: string | undefined;
  contentType: string | undefined;
  bytes: Uint8Array;
}

/** A message of the bucket as it was stored. */
export interface Stored {
  key: string;
  /** Of the key. */
  tokens: readonly string[];
  bytes: Uint8Array;
  headers: Record<string, string>;
  sequence: number;
  at: number;
}

export interface ServerListener {
  /** Every message of the bucket, as soon as it is there; a bucket keeps one a key. */
  stored(message: Stored, replaced: Stored | undefined): void;
  /** After all messages of a commit. */
  committed(messages: readonly Stored[]): void;
}

const DUPLICATE_WINDOW_MS = 10_000;
const MAX_BATCH_MESSAGES = 1000;
const MOST_TIMER_DELAY_MS = 250;

export type ServerOutcome = { kind: 'committed'; revisions: Map<number, number> } | { kind: 'refused' };

export class MemoryServer {
  readonly partitions: number;
  readonly commands: LogEntry[] = [];
  private readonly schedules = new Map<string, { at: number; cancel: () => void }>();
  listener: ServerListener | undefined;
  private readonly time: VirtualTime;
  private readonly random: Random;
  private readonly bucket = new Map<string, Stored>();
  /** `<entity>.<id>` → keys of its parts. */
  private readonly parts = new Map<string, Set<string>>();
  private readonly logs: Record<LogEntry['log'], LogEntry[][]>;
  private readonly seenIds = new Map<string, number>();
  private readonly readers: Record<LogEntry['log'], Set<() => void>[]>;
  private sequence = 0;

  constructor(time: VirtualTime, random: Random, partitions: number) {
    this.time = time;
    this.random = random;
    this.partitions = partitions;
    const each = <T>(make: () => T): T[] => Array.from({ length: partitions }, make);
    this.logs = { commands: each(() => []), sends: each(() => []) };
    this.readers = { commands: each(() => new Set()), sends: each(() => new Set()) };
  }

  /** False: a duplicate within the window, dropped. */
  publish({ origin, entity, id, name, messageId, contentType, bytes }: Published): boolean {
    if (messageId !== undefined) {
      const before = this.seenIds.get(messageId);
      if (before !== undefined && this.time.now - before < DUPLICATE_WINDOW_MS) return false;
      this.seenIds.set(messageId, this.time.now);
    }
    const partition = partitionOf(entity, id, this.partitions);
    const entry: LogEntry = {
      log: 'commands',
      partition,
      sequence: this.commands.length + 1,
      subject: `cmd.${partition}.${entity}.${id}.${name}.${origin}`,
      bytes,
      messageId,
      contentType,
      trace: undefined,
      at: this.time.now,
    };
    this.commands.push(entry);
    this.append(entry);
    return true;
  }

  /** One message, on its own. */
  put(name: string, bytes: Uint8Array): void {
    this.store({ key: name, bytes });
  }

  commit(commit: Commit): ServerOutcome {
    const { messages, revisions } = commit;
    if (messages.length > MAX_BATCH_MESSAGES) throw new Error(`a batch of ${messages.length} messages`);
    for (const { fence } of messages) {
      if (fence !== undefined && revisions.get(fence) !== this.revision(fence)) return { kind: 'refused' };
    }
    const current = new Map<number, number>();
    const stored = messages.map((message) => {
      const kept = this.store(message);
      if (message.fence !== undefined) current.set(message.fence, kept.sequence);
      return kept;
    });
    this.listener?.committed(stored);
    return { kind: 'committed', revisions: current };
  }

  get(name: string): Uint8Array | undefined {
    return this.bucket.get(name)?.bytes;
  }

  cursors(partitions: readonly number[]): Map<number, StoredCursor> {
    const found = new Map<number, StoredCursor>();
    for (const partition of partitions) {
      const stored = this.bucket.get(key.cursor(partition));
      if (stored)
        found.set(partition, { cursor: decode(stored.bytes, 'msgpack') as Cursor, revision: stored.sequence });
    }
    return found;
  }

  record(entity: string, id: string): StoredPart[] {
    const name = key.record(entity, id);
    const found: StoredPart[] = [];
    for (const part of this.parts.get(name) ?? []) {
      const bytes = this.get(part);
      if (bytes) found.push({ name: part.slice(name.length + 1), bytes });
    }
    return found;
  }

  idsOf(entity: string): string[] {
    return [...this.parts.keys()]
      .filter((name) => name.startsWith(`${entity}.`))
      .map((name) => name.slice(entity.length + 1));
  }

  /** Those behind `after`, oldest first. */
  entriesAfter(log: LogEntry['log'], partition: number, after: number): LogEntry[] {
    const entries = this.logs[log][partition] ?? [];
    let from = entries.length;
    while (from > 0 && (entries[from - 1]?.sequence ?? 0) > after) from--;
    return entries.slice(from);
  }

  /** `wake` is called when the log gets longer. */
  watch(log: LogEntry['log'], partition: number, wake: () => void): () => void {
    const watching = this.readers[log][partition];
    watching?.add(wake);
    return () => watching?.delete(wake);
  }

  /** Entries that no cursor has passed. */
  get unhandled(): LogEntry[] {
    const cursors = this.cursors(Array.from({ length: this.partitions }, (_, partition) => partition));
    return [...Array(this.partitions).keys()].flatMap((partition) => {
      const { commands, sends } = cursors.get(partition)?.cursor ?? { commands: 0, sends: 0 };
      return [...this.entriesAfter('commands', partition, commands), ...this.entriesAfter('sends', partition, sends)];
    });
  }

  private revision(partition: number): number {
    return this.bucket.get(key.cursor(partition))?.sequence ?? 0;
  }

  private store({ key: name, bytes, headers, schedule, cancelsSchedule }: CommitMessage): Stored {
    const tokens = name.split('.');
    const sequence = ++this.sequence;
    const message: Stored = { key: name, tokens, bytes, headers: headers ?? {}, sequence, at: this.time.now };
    if (cancelsSchedule) this.unschedule(cancelsSchedule);
    if (schedule) this.setSchedule(name, bytes, schedule);
    const replaced = this.bucket.get(name);
    this.bucket.set(name, message);
    this.index(message);
    this.listener?.stored(message, replaced);
    const send = tokens[0] === 'send' ? parseSendSubject(KEY_PREFIX + name) : undefined;
    if (send) {
      if (replaced) this.remove(send.partition, replaced.sequence);
      this.append(sendEntry(send.partition, message));
    }
    return message;
  }

  private remove(partition: number, sequence: number): void {
    const log = this.logs.sends[partition];
    const index = log?.findIndex((entry) => entry.sequence === sequence) ?? -1;
    if (index >= 0) log?.splice(index, 1);
  }

  private append(entry: LogEntry): void {
    this.logs[entry.log][entry.partition]?.push(entry);
    for (const wake of this.readers[entry.log][entry.partition] ?? []) wake();
  }

  private index(message: Stored): void {
    const { key: name, tokens } = message;
    const [entity, id] = tokens;
    if (entity === undefined || id === undefined || NOT_RECORDS.has(entity) || isRequest(message)) return;
    const record = key.record(entity, id);
    const known = this.parts.get(record);
    if (known) known.add(name);
    else this.parts.set(record, new Set([name]));
  }

  private setSchedule(name: string, bytes: Uint8Array, { at, targetKey }: { at: number; targetKey: string }): void {
    this.unschedule(name);
    const wait = Math.max(0, at - this.time.now) + this.random.between(1, MOST_TIMER_DELAY_MS);
    const cancel = this.time.after(wait, () => {
      this.schedules.delete(name);
      this.put(targetKey, bytes);
    });
    this.schedules.set(name, { at, cancel });
  }

  /** Keys of the timers that are due within so long. */
  dueWithin(ms: number): string[] {
    return [...this.schedules].flatMap(([name, { at }]) => (at <= this.time.now + ms ? [name] : []));
  }

  private unschedule(name: string): void {
    this.schedules.get(name)?.cancel();
    this.schedules.delete(name);
  }
}

const NOT_RECORDS: ReadonlySet<string> = new Set(['send', 'timer', 'live', 'seen', 'cursor', 'node']);

/** `gateway.<account>.<kind>.<key>`, as against the account's own record. */
export function isRequest({ tokens }: Stored): boolean {
  return tokens[0] === 'gateway' && tokens.length === 4;
}

function sendEntry(partition: number, { key: name, bytes, sequence, at }: Stored): LogEntry {
  const subject = KEY_PREFIX + name;
  const unknown = { messageId: undefined, contentType: undefined, trace: undefined };
  return { log: 'sends', partition, sequence, subject, bytes, at, ...unknown };
}

/** What a part of a node stores for an actor of another node. */
export function storedSend(payload: unknown, sender: unknown): Uint8Array {
  return encode({ payload, sender }, 'msgpack');
}
