/**
 * Committed records in memory, kept by what nodes commit. The server reads behind every commit under way; who asks for the state of
 * what is being worked on must not wait for that.
 *
 * R1  The messages of a batch are heard as its node publishes them, and kept apart until its mark (commit-mark.ts) says that they are
 *     committed. What is answered is committed, always.
 * R2  The mark comes before every outcome of its batch, on the connection that questions come on: who has heard an outcome finds what
 *     it did.
 * R3  What may have been missed is forgotten and read from the bucket again: all of it with the connection or when a batch was not
 *     heard whole, the records of a batch when no mark comes.
 */
import type { Msg } from '@nats-io/transport-node';
import { BUCKET, KEY_PREFIX, key } from '../../protocols/subjects.ts';
import type { RecordAddress, StoredPart } from '../turn/ports.ts';
import { recordSubjects } from './bucket.ts';
import { COMMIT_MARKS, readMark } from './commit-mark.ts';
import type { Connection } from './connection.ts';
import { DirectReader } from './direct-get.ts';

/** Batches that have no mark yet: one for each node, and those that were refused. */
const MAX_UNDECIDED = 32;
const ENTRY_OVERHEAD_BYTES = 500;

interface Heard {
  entity: string;
  id: string;
  part: string;
  /** In its batch. */
  position: number;
  bytes: Uint8Array;
}

interface Version {
  sequence: number;
  bytes: Uint8Array;
}

interface Entry {
  name: string;
  parts: Map<string, Version>;
  /** As they were told, until one changes. */
  told: StoredPart[] | undefined;
  /** Nothing of it is missing. */
  whole: boolean;
  reading: Promise<void> | undefined;
  bytes: number;
}

export type RecordKind = Pick<RecordAddress, 'entity' | 'paged'>;

export class CommittedRecords {
  private readonly connection: Connection;
  private readonly reader: DirectReader;
  private readonly paged: ReadonlyMap<string, boolean>;
  private readonly maxBytes: number;
  private readonly undecided = new Map<string, Heard[]>();
  /** The last used last. */
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  /** `connection`: the one that questions come on; `reads`: another, as answers wait there behind reads of the server. */
  constructor(connection: Connection, reads: Connection, kinds: readonly RecordKind[], maxBytes: number) {
    this.connection = connection;
    this.reader = new DirectReader(reads, BUCKET);
    this.paged = new Map(kinds.map(({ entity, paged }) => [entity, paged]));
    this.maxBytes = maxBytes;
  }

  /** Resolves when no commit is missed any more. */
  async open(): Promise<void> {
    this.connection.onDisconnect(() => this.forget());
    for (const [entity, paged] of this.paged) {
      this.listen(`${KEY_PREFIX}${entity}.${paged ? '>' : '*'}`, (message) => this.hear(message));
    }
    this.listen(COMMIT_MARKS, (message) => this.decide(message));
    await this.connection.nats.flush();
  }

  private listen(subject: string, hear: (message: Msg) => void): void {
    this.connection.nats.subscribe(subject, {
      callback: (error, message) => {
        if (!error) hear(message);
      },
    });
  }

  /** Of a record the same list, as long as nothing of it changes. */
  records(addresses: readonly RecordAddress[]): Promise<StoredPart[][]> {
    return Promise.all(addresses.map((address) => this.record(address)));
  }

  private async record(address: RecordAddress): Promise<StoredPart[]> {
    const name = key.record(address.entity, address.id);
    const entry = this.entries.get(name) ?? this.added(name);
    this.use(entry);
    if (!entry.whole) {
      entry.reading ??= this.read(entry, address);
      await entry.reading;
    }
    entry.told ??= [...entry.parts].map(([part, { bytes }]) => ({ name: part, bytes }));
    return entry.told;
  }

  private async read(entry: Entry, address: RecordAddress): Promise<void> {
    try {
      for (const { subject, sequence, bytes } of await this.reader.lastOf(recordSubjects(address))) {
        this.keep(entry, partOf(subject), { sequence, bytes: new Uint8Array(bytes) });
      }
      entry.whole = true;
    } catch (error) {
      if (this.holds(entry)) this.drop(entry.name);
      throw error;
    } finally {
      entry.reading = undefined;
      this.trim();
    }
  }

  private hear({ subject, headers, data }: Msg): void {
    const [entity = '', id = ''] = subject.slice(KEY_PREFIX.length).split('.');
    const batch = headers?.get('Nats-Batch-Id');
    if (!batch) {
      this.drop(key.record(entity, id));
      return;
    }
    const heard = this.undecided.get(batch) ?? [];
    const position = Number(headers?.get('Nats-Batch-Sequence'));
    // A copy: its bytes are a part of all that was received with it.
    heard.push({ entity, id, part: partOf(subject), position, bytes: new Uint8Array(data) });
    this.undecided.set(batch, heard);
    for (const [oldest, left] of this.undecided) {
      if (this.undecided.size <= MAX_UNDECIDED) break;
      this.undecided.delete(oldest);
      for (const part of left) this.drop(key.record(part.entity, part.id));
    }
  }

  private decide(message: Msg): void {
    const { batch, records, base } = readMark(message);
    const heard = this.undecided.get(batch) ?? [];
    this.undecided.delete(batch);
    if (heard.length !== records) this.forget();
    else for (const part of heard) this.learn(part, base + part.position);
    this.trim();
  }

  private learn({ entity, id, part, bytes }: Heard, sequence: number): void {
    const name = key.record(entity, id);
    const paged = this.paged.get(entity) ?? false;
    const known = this.entries.get(name);
    // A page alone says nothing: the others are read when somebody asks.
    if (!known && paged) return;
    const entry = known ?? this.added(name);
    this.keep(entry, part, { sequence, bytes });
    if (!paged) entry.whole = true;
    this.use(entry);
  }

  /** A read and a mark may overtake one another. */
  private keep(entry: Entry, part: string, version: Version): void {
    const known = entry.parts.get(part);
    if (known && known.sequence >= version.sequence) return;
    entry.parts.set(part, version);
    entry.told = undefined;
    const more = version.bytes.length - (known?.bytes.length ?? 0);
    entry.bytes += more;
    if (this.holds(entry)) this.bytes += more;
  }

  /** What is being read may have been forgotten meanwhile. */
  private holds(entry: Entry): boolean {
    return this.entries.get(entry.name) === entry;
  }

  private added(name: string): Entry {
    const entry: Entry = {
      name,
      parts: new Map(),
      told: undefined,
      whole: false,
      reading: undefined,
      bytes: ENTRY_OVERHEAD_BYTES,
    };
    this.entries.set(name, entry);
    this.bytes += entry.bytes;
    return entry;
  }

  private use(entry: Entry): void {
    this.entries.delete(entry.name);
    this.entries.set(entry.name, entry);
  }

  private trim(): void {
    for (const name of this.entries.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.drop(name);
    }
  }

  private drop(name: string): void {
    const entry = this.entries.get(name);
    if (!entry) return;
    this.entries.delete(name);
    this.bytes -= entry.bytes;
  }

  private forget(): void {
    this.undecided.clear();
    this.entries.clear();
    this.bytes = 0;
  }
}

/** Of a record: '' is the record itself, others are its pages. */
function partOf(subject: string): string {
  return subject.slice(KEY_PREFIX.length).split('.').slice(2).join('.');
}
