/** A store whose partition 0 has a log, and that answers when, and as, a test says. */
import { decode, encode } from '../../../protocols/codec.ts';
import type {
  Commit,
  CommitOutcome,
  Cursor,
  LogEntry,
  StoredCursor,
  TurnListener,
  TurnPorts,
} from '../../../supervisor/turn/ports.ts';

const CURSOR = 'cursor.0';
export const NOW = 90_000;

export class HandPorts implements TurnPorts {
  readonly stored = new Map<string, Uint8Array>();
  readonly commits: { commit: Commit; answer: (outcome: CommitOutcome) => void }[] = [];
  readonly failures: Error[] = [];
  readonly fenced: number[] = [];
  readonly unreadable: number[] = [];
  readonly log: TurnPorts['log'];
  readonly bucket: TurnPorts['bucket'];
  readonly sourcing: TurnPorts['sourcing'];
  readonly listener: TurnListener;
  /** Reading the log ends. */
  failLog: (error: Error) => void = () => {};
  /** Set to let the next read of records wait or fail. */
  beforeRecords: () => Promise<void> = async () => {};
  revision = 0;
  private readonly entries: LogEntry[] = [];
  private deliver: ((entry: LogEntry) => void) | undefined;

  constructor() {
    this.log = {
      read: async (partition, after, deliver, failed) => {
        if (partition !== 0) return { stop: async () => {} };
        this.failLog = failed;
        this.deliver = (entry) => void deliver(entry);
        for (const entry of this.entries) if (entry.sequence > after.commands) void deliver(entry);
        return { stop: async () => {} };
      },
    };
    this.bucket = {
      cursors: async () => this.cursors(),
      records: async (addresses) => {
        const before = this.beforeRecords;
        this.beforeRecords = async () => {};
        await before();
        return addresses.map(({ entity, id }) => {
          const name = `${entity}.${id}`;
          const parts = [...this.stored].filter(([key]) => key === name || key.startsWith(`${name}.`));
          return parts.map(([key, bytes]) => ({ name: key.slice(name.length + 1), bytes }));
        });
      },
      existing: async (keys) => new Map(keys.flatMap((key) => [...this.stored].filter(([name]) => name === key))),
      commit: (commit) => new Promise((answer) => this.commits.push({ commit, answer })),
    };
    this.sourcing = {
      plan: () => ({ assignments: [], unassigned: [], reason: '' }),
      observe: () => {},
      mayLag: () => false,
      forget: () => {},
      refresh: async () => {},
    };
    this.listener = {
      fenced: (partition) => this.fenced.push(partition),
      unreadable: (partition) => this.unreadable.push(partition),
      failed: (error) => this.failures.push(error),
      stalled: () => {},
      committed: () => {},
    };
  }

  now(): number {
    return NOW;
  }

  async breathe(): Promise<void> {}

  async pause(): Promise<void> {}

  /** A command to the counter `id`. */
  command(id: string, messageId: string): void {
    this.entry({ subject: `cmd.0.return.${id}.cancel.ops-test`, bytes: encode({}, 'json'), messageId });
  }

  entry(stored: Pick<LogEntry, 'subject' | 'bytes' | 'messageId'>): void {
    const entry: LogEntry = {
      log: 'commands',
      partition: 0,
      sequence: this.entries.length + 1,
      contentType: undefined,
      trace: undefined,
      at: 0,
      ...stored,
    };
    this.entries.push(entry);
    this.deliver?.(entry);
  }

  /** The oldest commit under way happens. */
  accept(): void {
    const under = this.commits.shift();
    if (!under) throw new Error('no commit is under way');
    for (const { key, bytes } of under.commit.messages) this.stored.set(key, bytes);
    this.revision++;
    under.answer({ kind: 'committed', revisions: new Map([[0, this.revision]]) });
  }

  /** The oldest commit under way is refused, although nobody else wrote the cursor. */
  refuse(): void {
    this.commits.shift()?.answer({ kind: 'refused' });
  }

  count(id: string): number {
    const bytes = this.stored.get(`return.${id}`);
    return bytes ? (decode(bytes, 'msgpack') as number) : 0;
  }

  private cursors(): Map<number, StoredCursor> {
    const bytes = this.stored.get(CURSOR);
    if (!bytes) return new Map();
    return new Map([[0, { cursor: decode(bytes, 'msgpack') as Cursor, revision: this.revision }]]);
  }
}
