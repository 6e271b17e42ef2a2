/**
 * What the turn needs of the world. `supervisor/nats/` gives it a NATS server, `test/sim/` a seeded simulator.
 */
import type { SourcingPlan, SourcingQuestion } from '../../protocols/sourcing.ts';

/** One stored message of a partition's logs: a command from outside, or a send of an actor or timer. */
export interface LogEntry {
  log: 'commands' | 'sends';
  partition: number;
  /** Position in its stream. */
  sequence: number;
  /** `cmd.…` or `$KV.tillwire.send.…`. */
  subject: string;
  bytes: Uint8Array;
  /** Stored size, where `bytes` is only the beginning of a command that is too large to be read. */
  wholeSize?: number;
  messageId: string | undefined;
  contentType: string | undefined;
  trace: string | undefined;
  /** What is wrong with its headers: then nothing is known of them. */
  badHeaders?: string;
  /** Milliseconds since the epoch at which the server stored it. */
  at: number;
}

/** How far a partition is, in both of its logs. */
export interface Position {
  commands: number;
  sends: number;
}

export interface Cursor extends Position {
  /** The batch that wrote it: tells after a lost answer whether a commit happened. */
  batch: string;
  /** The node that wrote it. */
  node: string;
}

export interface StoredCursor {
  cursor: Cursor;
  /** Sequence of the cursor's message in the bucket; 0 when there is none yet. */
  revision: number;
}

export interface Reader {
  stop(): Promise<void>;
}

export interface Log {
  /**
   * Delivers the entries of a partition behind `after`, each log in its order. Awaits `deliver` before it reads on.
   * `failed` is called once when reading can't go on.
   */
  read(
    partition: number,
    after: Position,
    deliver: (entry: LogEntry) => void | Promise<void>,
    failed: (error: Error) => void,
  ): Promise<Reader>;
}

/** One message of a commit. `key` is a key of the bucket. */
export interface CommitMessage {
  key: string;
  bytes: Uint8Array;
  headers?: Record<string, string>;
  /** The partition whose cursor this is: fenced by the revision that `commit` is given for it. */
  fence?: number;
  ttlSeconds?: number;
  /** Store as a schedule that delivers to `targetKey` at that time (ms since the epoch). */
  schedule?: { at: number; targetKey: string };
  /** Removes the schedule stored under this key. */
  cancelsSchedule?: string;
}

export interface Commit {
  batch: string;
  messages: CommitMessage[];
  /** Expected revision of each fenced cursor. */
  revisions: ReadonlyMap<number, number>;
}

export type CommitOutcome =
  /** All of it happened; new revision of each fenced cursor. */
  | { kind: 'committed'; revisions: Map<number, number> }
  /** None of it happened and none will: somebody else wrote a cursor. */
  | { kind: 'refused' }
  /** The same, of whatever cursors: something in it is too large, or says what the store does not understand. */
  | { kind: 'unstorable'; error: Error }
  /** Nothing is known: read the cursors. */
  | { kind: 'unknown'; error: Error };

/** An actor to load: its record, and its pages where it has some. */
export interface RecordAddress {
  entity: string;
  id: string;
  paged: boolean;
}

export interface StoredPart {
  /** `''` for the record, else the page. */
  name: string;
  bytes: Uint8Array;
}

export interface Bucket {
  cursors(partitions: readonly number[]): Promise<Map<number, StoredCursor>>;
  /** Parts of each record in the order asked; empty where there is none. */
  records(addresses: readonly RecordAddress[]): Promise<StoredPart[][]>;
  /** Which of these keys exist, with their bytes. */
  existing(keys: readonly string[]): Promise<Map<string, Uint8Array>>;
  commit(commit: Commit): Promise<CommitOutcome>;
}

/** Node-local view of all stores, kept from events; a plan is a proposal, the store's reservation decides. */
export interface Sourcing {
  plan(question: SourcingQuestion): SourcingPlan;
  /** An event of a store whose actor runs in this node's turn, possibly not committed yet. */
  observe(store: string, name: string, payload: Record<string, unknown>): void;
  /** True while some store's actor runs on another node, so that its last events may not have arrived yet. */
  mayLag(): boolean;
  /** What was observed may not have happened: drops it. */
  forget(): void;
  /** Reads every store's record again. */
  refresh(): Promise<void>;
}

export interface TurnPorts {
  log: Log;
  bucket: Bucket;
  sourcing: Sourcing;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets IO and timers run; resolves soon. */
  breathe(): Promise<void>;
  /** Waits for the time given. */
  pause(ms: number): Promise<void>;
}

/** What the turn tells its node. */
export interface TurnListener {
  /** Another node owns the partition now; nothing of it is kept. */
  fenced(partition: number): void;
  /** A partition's logs can't be read on: it is to be given up and taken again. */
  unreadable(partition: number, error: Error): void;
  /** The turn can't go on. */
  failed(error: Error): void;
  /** The store does not answer; the turn waits. */
  stalled(error: Error): void;
  /** After each commit. */
  committed(report: TurnReport): void;
}

export interface TurnReport {
  batch: string;
  /** Entries of both logs and local deliveries handled. */
  handled: number;
  messages: number;
  bytes: number;
  commitMs: number;
  outcomes: { applied: number; rejected: number; duplicates: number; dead: number };
}
