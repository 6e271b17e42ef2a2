/**
 * The turns of one node: reads the logs of its partitions, computes turns, commits them one after another.
 *
 * E1  A partition's cursor moves in the same atomic batch as everything its entries set off, and the batch is refused if
 *     anybody else moved that cursor (fencing). Entries are therefore handled exactly once.
 * E2  One commit is under way at a time; the next turn is computed meanwhile, on top of it.
 * E3  A refused commit drops everything in memory: lost partitions are reported, the others start again from their cursor.
 * E4  A commit without an answer is neither done nor not done until the cursors say so.
 * E5  All queues are bounded; actors are passivated by use.
 */
import type { ActorKind, Message } from '../../protocols/actor.ts';
import { encode } from '../../protocols/codec.ts';
import { partitionOf } from '../../protocols/partition.ts';
import { key } from '../../protocols/subjects.ts';
import { asError } from '../../protocols/thrown.ts';
import { ActorCache, type CacheBounds } from './actor-cache.ts';
import { type CommitWorld, commitForCertain } from './commit-for-certain.ts';
import { PartitionQueue, QUEUE_BOUNDS, type QueueBounds, takeTurns } from './partition-queue.ts';
import type { CommitMessage, Cursor, LogEntry, StoredCursor, TurnListener, TurnPorts } from './ports.ts';
import { ReadAhead } from './read-ahead.ts';
import { Turn, type TurnWorld } from './turn.ts';
import { TurnSize } from './turn-size.ts';

export interface EngineOptions {
  node: string;
  /** Unique for each start of a node, a token of at most 16 characters: names its batches. */
  run: string;
  partitions: number;
  cache: CacheBounds;
  /** Of what is read ahead, a partition. */
  queue?: QueueBounds;
}

/** The server takes one more in an atomic batch: the mark of the commit. */
const MAX_BATCH_MESSAGES = 999;
const MAX_RECENTLY_SEEN = 20_000;
const REFUSED = new Error('the commit was refused');
const UNKNOWN = new Error('the node stops, and nobody knows whether the commit happened');

export class Engine {
  private readonly options: EngineOptions;
  private readonly ports: TurnPorts;
  private readonly listener: TurnListener;
  private readonly kinds: ReadonlyMap<string, ActorKind>;
  private readonly queues = new Map<number, PartitionQueue>();
  /**
   * What turns know. Replaced, never emptied, when it has to be forgotten: a turn that is being computed goes on with what it
   * began with, and what it does to that comes to nothing.
   */
  private cache: ActorCache;
  private recentlySeen = new Map<string, string>();
  private world: TurnWorld;
  private readonly commitWorld: CommitWorld;
  private turns = 0;
  private committedTurn = 0;
  /** Changes whenever what is in memory was dropped: turns of an older one are void. */
  private generation = 0;
  /** Why it did last. */
  private dropped = REFUSED;
  private rotation = 0;
  private readonly size = new TurnSize();
  private committing: Promise<void> | undefined;
  private wake: (() => void) | undefined;
  private boundaries: (() => void)[] = [];
  private readonly readAhead: ReadAhead;
  private stopping = false;
  private broken: Error | undefined;
  private running: Promise<void> | undefined;

  constructor(options: EngineOptions, kinds: readonly ActorKind[], ports: TurnPorts, listener: TurnListener) {
    this.options = options;
    this.ports = ports;
    this.listener = listener;
    this.kinds = new Map(kinds.map((kind) => [kind.entity, kind]));
    this.cache = this.emptyCache();
    this.world = this.newWorld();
    this.commitWorld = {
      bucket: ports.bucket,
      pause: (ms) => ports.pause(ms),
      stalled: (error) => listener.stalled(error),
      givesUp: () => this.stopping,
    };
    this.readAhead = new ReadAhead(
      () => ports.breathe(),
      (wanted) => this.cache.load(wanted),
    );
  }

  private emptyCache(): ActorCache {
    return new ActorCache(this.ports.bucket, this.kinds, this.options.cache);
  }

  start(): void {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    try {
      await this.loop();
    } catch (error) {
      this.stopping = true;
      this.pass();
      this.listener.failed(asError(error));
    }
  }

  /** Finishes the turn and the commit under way, then stops reading. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp();
    await this.running;
    await Promise.all([...this.queues.values()].map((queue) => queue.close(new Error('the node is stopping'))));
    this.queues.clear();
  }

  owns(partition: number): boolean {
    const queue = this.queues.get(partition);
    return queue !== undefined && !queue.closing;
  }

  get owned(): number[] {
    return [...this.queues.keys()].filter((partition) => this.owns(partition));
  }

  /** Looks whether the partitions are still this node's: after a time in which others could not see it. */
  async verify(): Promise<void> {
    const generation = this.generation;
    const cursors = await this.ports.bucket.cursors(this.owned);
    await this.boundary();
    if (generation !== this.generation || this.stopping) return;
    const lost = this.owned.filter((partition) => {
      const known = this.queues.get(partition)?.cursor.revision ?? 0;
      return (cursors.get(partition)?.revision ?? 0) > known;
    });
    if (lost.length > 0) await this.reset(lost, new Error('another node moved a cursor'));
  }

  get actorsInMemory(): { actors: number; bytes: number } {
    return { actors: this.cache.size, bytes: this.cache.storedBytes };
  }

  /** Takes partitions over: their cursors say where to go on. */
  async acquire(partitions: readonly number[]): Promise<void> {
    const wanted = partitions.filter((partition) => !this.queues.has(partition));
    if (wanted.length === 0 || this.stopping) return;
    const generation = this.generation;
    const cursors = await this.ports.bucket.cursors(wanted);
    await this.ports.sourcing.refresh();
    if (generation !== this.generation || this.stopping) return;
    await Promise.all(wanted.map((partition) => this.open(partition, cursors.get(partition))));
  }

  private async open(partition: number, stored: StoredCursor | undefined): Promise<void> {
    if (this.queues.has(partition)) return;
    // A record must not be older than the cursor: what was read ahead while somebody else had the partition may be.
    this.cache.dropPartition(partition);
    const none: StoredCursor = { cursor: { commands: 0, sends: 0, batch: '', node: '' }, revision: 0 };
    const queue = new PartitionQueue(partition, stored ?? none, this.options.queue ?? QUEUE_BOUNDS);
    this.queues.set(partition, queue);
    const deliver = (entry: LogEntry): void | Promise<void> => {
      if (this.queues.get(partition) !== queue) return;
      const room = queue.push({ kind: 'entry', entry });
      if (this.wake) this.wakeUp();
      else this.readAhead.add(entry);
      return room;
    };
    const failed = (error: Error): void => {
      if (this.queues.get(partition) !== queue || queue.closing) return;
      void this.release(partition).then(() => this.listener.unreadable(partition, error));
    };
    const reader = await this.ports.log.read(partition, queue.cursor.cursor, deliver, failed);
    if (this.queues.get(partition) === queue) queue.reader = reader;
    else await reader.stop();
  }

  /** Gives a partition up in order: nothing of it is under way when this resolves. */
  async release(partition: number): Promise<void> {
    const queue = this.queues.get(partition);
    if (!queue || queue.closing) return;
    await queue.close(new Error(`partition ${partition} was given up`));
    await this.boundary();
    if (this.queues.get(partition) === queue) this.queues.delete(partition);
    this.cache.dropPartition(partition);
  }

  /**
   * Hands in a message that is not stored in a log; resolves when the turn that handled it is committed, rejects when it was not
   * (its source delivers it again then).
   */
  deliver(message: Message): Promise<void> {
    const partition = partitionOf(message.entity, message.id, this.options.partitions);
    const queue = this.queues.get(partition);
    if (!queue || queue.closing) return Promise.reject(new Error(`partition ${partition} is not owned`));
    return new Promise((done, failed) => {
      void queue.push({ kind: 'local', partition, message, done, failed });
      this.wakeUp();
    });
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      if (this.broken) throw this.broken;
      if (this.boundaries.length > 0) await this.passBoundary();
      if (!this.hasWork()) {
        await this.work();
        continue;
      }
      const generation = this.generation;
      const number = ++this.turns;
      const turn = new Turn(this.world, number, `${this.options.run}${number.toString(36)}`, this.size.budget);
      try {
        await this.compute(turn, generation);
      } catch (error) {
        turn.abandoned(asError(error));
        throw error;
      }
      const messages = await this.build(turn);
      await this.committing;
      if (generation !== this.generation || this.broken) turn.abandoned(this.broken ?? this.dropped);
      else if (messages instanceof Error)
        await this.startSmaller(turn, messages).catch((error) => this.fail(turn, error));
      else if (turn.touchedPartitions.size > 0)
        this.committing = this.commit(turn, messages).catch((error) => this.fail(turn, error));
    }
    await this.committing;
    await this.passBoundary();
  }

  /** What can't be encoded is no commit either. */
  private async build(turn: Turn): Promise<CommitMessage[] | Error> {
    try {
      return await turn.build();
    } catch (error) {
      return asError(error);
    }
  }

  private hasWork(): boolean {
    for (const queue of this.queues.values()) if (queue.length > 0) return true;
    return false;
  }

  private work(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private wakeUp(): void {
    this.wake?.();
    this.wake = undefined;
  }

  /** Resolves between two turns with no commit under way. */
  private boundary(): Promise<void> {
    if (!this.running || this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      this.boundaries.push(resolve);
      this.wakeUp();
    });
  }

  private async passBoundary(): Promise<void> {
    await this.committing;
    this.pass();
  }

  private pass(): void {
    const { boundaries } = this;
    this.boundaries = [];
    for (const pass of boundaries) pass();
  }

  /** A commit that could not even be tried: the loop ends with it, whatever it is at. */
  private fail(turn: Turn, error: Error): void {
    turn.abandoned(error);
    this.broken = error;
    this.wakeUp();
  }

  /** What turns of this generation see. */
  private newWorld(): TurnWorld {
    const { generation } = this;
    return {
      cache: this.cache,
      bucket: this.ports.bucket,
      sourcing: this.ports.sourcing,
      partitions: this.options.partitions,
      owns: (partition) => this.owns(partition),
      now: () => this.ports.now(),
      breathe: () => this.ports.breathe(),
      isVoid: () => generation !== this.generation,
      recentlySeen: this.recentlySeen,
      unstorable: this.size.unstorable,
    };
  }

  /** Computes until the turn is full, or until nothing waits and the commit before it is done. */
  private async compute(turn: Turn, generation: number): Promise<void> {
    let committed = this.committing === undefined;
    const before = this.committing?.then(() => {
      committed = true;
    });
    while (turn.room > 0 && generation === this.generation) {
      const chunk = takeTurns([...this.queues.values()], this.rotation++, turn.room, turn.roomBytes);
      if (chunk.length > 0) {
        await turn.handle(chunk);
        await this.ports.breathe();
      } else if (committed || this.stopping) break;
      else await Promise.race([before, this.work()]);
      if (committed && turn.handled > 0 && !this.hasWork()) break;
    }
  }

  private async commit(turn: Turn, messages: CommitMessage[]): Promise<void> {
    const started = this.ports.now();
    const revisions = new Map<number, number>();
    const cursors = new Map<number, Cursor>();
    for (const partition of turn.touchedPartitions) {
      const stored = this.queues.get(partition)?.cursor;
      if (!stored) continue;
      const cursor: Cursor = {
        ...stored.cursor,
        ...turn.positions.get(partition),
        batch: turn.batch,
        node: this.options.node,
      };
      cursors.set(partition, cursor);
      revisions.set(partition, stored.revision);
      messages.push({ key: key.cursor(partition), bytes: encode(cursor, 'msgpack'), fence: partition });
    }
    if (messages.length > MAX_BATCH_MESSAGES) {
      return this.startSmaller(turn, new Error(`${messages.length} messages; a batch holds ${MAX_BATCH_MESSAGES}`));
    }
    const outcome = await commitForCertain({ batch: turn.batch, messages, revisions }, this.commitWorld);
    if (outcome.kind === 'unstorable') return this.startSmaller(turn, outcome.error);
    if (outcome.kind === 'unknown') return turn.abandoned(UNKNOWN);
    if (outcome.kind === 'refused') {
      await this.reset(outcome.lost, REFUSED);
      return turn.abandoned(REFUSED);
    }
    for (const [partition, revision] of outcome.revisions) {
      const queue = this.queues.get(partition);
      const cursor = cursors.get(partition);
      if (queue && cursor) queue.cursor = { cursor, revision };
    }
    this.finish(turn, messages, started);
  }

  private async startSmaller(turn: Turn, error: Error): Promise<void> {
    this.size.tooMuch(turn, error);
    await this.reset([], error);
    turn.abandoned(error);
  }

  private finish(turn: Turn, messages: readonly CommitMessage[], started: number): void {
    this.committedTurn = turn.number;
    this.size.stored(turn);
    this.cache.trim(this.committedTurn);
    for (const seen of this.recentlySeen.keys()) {
      if (this.recentlySeen.size <= MAX_RECENTLY_SEEN) break;
      this.recentlySeen.delete(seen);
    }
    turn.committed();
    let bytes = 0;
    for (const message of messages) bytes += message.bytes.length;
    this.listener.committed({
      batch: turn.batch,
      handled: turn.handled,
      messages: messages.length,
      bytes,
      commitMs: this.ports.now() - started,
      outcomes: turn.counts,
    });
  }

  /** E3. `why`: for whoever delivered what comes to nothing. */
  private async reset(lost: readonly number[], why: Error): Promise<void> {
    this.generation++;
    this.dropped = why;
    const kept = [...this.queues.keys()].filter((partition) => this.owns(partition) && !lost.includes(partition));
    const queues = [...this.queues.values()];
    this.queues.clear();
    this.cache = this.emptyCache();
    this.recentlySeen = new Map();
    this.world = this.newWorld();
    this.ports.sourcing.forget();
    await Promise.all(queues.map((queue) => queue.close(why)));
    for (const partition of lost) this.listener.fenced(partition);
    this.acquire(kept).catch(() => {
      for (const partition of kept) this.listener.fenced(partition);
    });
  }
}
