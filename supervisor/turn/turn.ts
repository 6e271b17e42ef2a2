/**
 * One turn: messages in, one atomic commit out.
 *
 * T1  A message is handled against the newest snapshot of its actor; messages of one actor keep their order.
 * T2  What a turn says (sends, requests, events, outcomes) is in the same commit as the records and cursors it moved.
 * T3  A message to an actor of an owned partition is handled in the same turn and never stored; its receiver's cursor is
 *     part of the commit, so that it fences. Beyond the turn's budget it is stored as a send instead, with all that follow it.
 * T4  A message whose handling throws, that can't be read, or that sets off what no commit can hold becomes a dead letter; nothing
 *     else changes.
 * T5  Every command gets exactly one outcome; a duplicate gets none.
 */
import type { CommandReference, Effect, Message, Refusal, Sender, Step } from '../../protocols/actor.ts';
import { extended } from '../../protocols/extended.ts';
import { partitionOf } from '../../protocols/partition.ts';
import type { ReadCommand } from '../../protocols/read-command.ts';
import type { SourcingQuestion } from '../../protocols/sourcing.ts';
import type { StoreEvents } from '../../protocols/store-events.ts';
import { key } from '../../protocols/subjects.ts';
import { isToken } from '../../protocols/token.ts';
import { type ActorCache, type CachedActor, revisionOf } from './actor-cache.ts';
import { type Incoming, nameOf } from './incoming.ts';
import type { Addressed } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { PageEstimate } from './page-estimate.ts';
import type { Bucket, CommitMessage, LogEntry, Position, Sourcing } from './ports.ts';
import { commandMessage, entryOf, type ReadEntry, readEntry, receiverOf } from './read-entry.ts';
import { isStoreNote, StoreNotes } from './store-notes.ts';

export interface TurnWorld {
  cache: ActorCache;
  bucket: Pick<Bucket, 'existing'>;
  sourcing: Omit<Sourcing, 'forget'>;
  partitions: number;
  owns(partition: number): boolean;
  /** A commit before this turn was refused: nothing of it will have happened. */
  isVoid(): boolean;
  now(): number;
  /** Lets IO and timers run. */
  breathe(): Promise<void>;
  /** Command ids of actors that don't remember them, handled by turns that may not be committed yet. */
  recentlySeen: Map<string, string>;
  /** Names of entries that no commit can hold, and why. */
  unstorable: ReadonlyMap<string, string>;
}

const MAX_BYTES = 4 * 1024 * 1024;
/** What an entry sets off, on average: so many are taken that the turn comes close to its budget and not over it. */
const MESSAGES_AN_ENTRY = 6;
/** A turn with no more room than this is full. */
const LEFTOVER_ENTRIES = 8;
/** Handled, and encoded, in one go. */
const [BREATH_ENTRIES, BREATH_RECORDS] = [4, 16];

export class Turn {
  readonly number: number;
  readonly batch: string;
  /** Told what became of the turn, even of one that failed before it came to them. */
  private readonly locals: Extract<Incoming, { kind: 'local' }>[] = [];
  /** Their cursors are part of the commit. */
  readonly touchedPartitions = new Set<number>();
  readonly positions = new Map<number, Partial<Position>>();
  readonly counts = { applied: 0, rejected: 0, duplicates: 0, dead: 0 };
  handled = 0;
  private head: Incoming | undefined;
  private readonly pace: Pace;
  private readonly world: TurnWorld;
  private readonly budget: number;
  private readonly outbox: Outbox;
  private readonly touched = new Set<CachedActor>();
  /** Messages between actors of this turn, in the order they were sent. */
  private inbox: Message[] = [];
  /** Their receiver is not in memory: handled after the next load. */
  private waiting: Message[] = [];
  private readonly waitingFor = new Set<string>();
  private questions: { message: Message; question: SourcingQuestion }[] = [];
  private readonly asked = new Set<SourcingQuestion>();
  private readonly stores = new StoreNotes();
  /** Of the entries that were read. */
  private bytesRead = 0;
  private readonly pages = new PageEstimate();
  /** T3: what is sent from now on is handled by a later turn. */
  private overflowed = false;

  constructor(world: TurnWorld, number: number, batch: string, budget: number) {
    this.world = world;
    this.pace = new Pace(() => world.now(), BREATH_ENTRIES);
    this.budget = budget;
    this.number = number;
    this.batch = batch;
    this.outbox = new Outbox(batch, world.partitions);
  }

  get full(): boolean {
    return this.size >= this.budget || this.roomBytes === 0;
  }

  /** How many entries to take next; 0 when it is as good as full. */
  get room(): number {
    if (this.full) return 0;
    if (this.handled === 0 && this.budget < MESSAGES_AN_ENTRY * LEFTOVER_ENTRIES) return 1;
    const entries = Math.floor((this.budget - this.size) / MESSAGES_AN_ENTRY);
    return entries < LEFTOVER_ENTRIES ? 0 : entries;
  }

  get roomBytes(): number {
    return Math.max(0, MAX_BYTES - this.bytesRead - this.outbox.bytes);
  }

  /** Upper estimate of the messages of the commit. */
  private get size(): number {
    return this.outbox.size + this.stores.size + this.touched.size + this.pages.touched + this.touchedPartitions.size;
  }

  /** Name of the first that it handled. */
  get first(): string {
    return this.head ? nameOf(this.head) : '';
  }

  /** Handles the batch in order, with everything it sets off in the actors of this node. */
  async handle(batch: readonly Incoming[]): Promise<void> {
    for (const incoming of batch) if (incoming.kind === 'local') this.locals.push(incoming);
    const entries = batch.map((incoming) => (incoming.kind === 'entry' ? this.read(incoming.entry) : undefined));
    const seenBefore = await this.prepare(batch, entries);
    this.head ??= batch[0];
    for (const [index, incoming] of batch.entries()) {
      this.pace.begin();
      const entry = entries[index];
      const unstorable = this.world.unstorable.size > 0 ? this.world.unstorable.get(nameOf(incoming)) : undefined;
      if (incoming.kind === 'local') this.takeLocal(incoming, unstorable);
      else if (entry) this.takeEntry(incoming.entry, entry, seenBefore, unstorable);
      this.drainInbox();
      this.handled++;
      if (this.pace.isDue()) await this.world.breathe();
    }
    await this.finishWaiting();
  }

  private read(entry: LogEntry): ReadEntry {
    this.bytesRead += entry.bytes.length;
    return readEntry(entry, (entity) => this.world.cache.remembers(entity));
  }

  /** Loads the actors of the batch and looks up the commands that their actors don't remember. */
  private async prepare(
    batch: readonly Incoming[],
    entries: readonly (ReadEntry | undefined)[],
  ): Promise<Map<string, Uint8Array>> {
    const wanted: { entity: string; id: string; partition: number }[] = [];
    const seenKeys: string[] = [];
    for (const [index, incoming] of batch.entries()) {
      const address = incoming.kind === 'local' ? incoming.message : receiverOf(entries[index]);
      if (address) wanted.push({ ...this.addressOf(address.entity, address.id) });
      const seenKey = entries[index]?.seenKey;
      if (seenKey) seenKeys.push(seenKey);
    }
    const [, seen] = await Promise.all([
      this.world.cache.load(wanted),
      seenKeys.length > 0 ? this.world.bucket.existing(seenKeys) : new Map<string, Uint8Array>(),
    ]);
    return seen;
  }

  private addressOf(entity: string, id: string): { entity: string; id: string; partition: number } {
    return { entity, id, partition: partitionOf(entity, id, this.world.partitions) };
  }

  private takeLocal({ partition, message }: Extract<Incoming, { kind: 'local' }>, unstorable?: string): void {
    this.touchedPartitions.add(partition);
    if (unstorable === undefined) this.receive(message);
    else this.failed(message, undefined, unstorable);
  }

  private takeEntry(
    entry: LogEntry,
    readEntry: ReadEntry,
    seenBefore: Map<string, Uint8Array>,
    unstorable?: string,
  ): void {
    const { address, read, seenKey, toActor } = readEntry;
    this.touchedPartitions.add(entry.partition);
    this.positions.set(entry.partition, { ...this.positions.get(entry.partition), [entry.log]: entry.sequence });
    if (read.kind === 'unreadable') this.bury(entry, { ...address, trace: entry.trace }, undefined, read.error);
    else if (read.kind === 'send' && unstorable !== undefined) this.failed(read.message, entry, unstorable);
    else if (read.kind === 'send') this.receive(read.message, entry);
    else {
      const message = commandMessage(entry, address, read);
      const seen = seenKey && (this.world.recentlySeen.get(seenKey) ?? textOf(seenBefore.get(seenKey)));
      if (seen) this.repeated(message, read, seen);
      else {
        if (seenKey) this.remember(seenKey, read.reference.hash);
        if (unstorable !== undefined) this.failed(message, entry, unstorable);
        else if (toActor) this.receive(message, entry);
        else if (message.refused)
          this.refuse(message, entry, read.reference, message.refused, this.world.cache.revision(message));
      }
    }
  }

  private refuse(
    message: Message,
    entry: LogEntry | undefined,
    command: CommandReference,
    refusal: Refusal,
    revision: number,
  ): void {
    // Who can't be told is told nothing: then the letter is all that is left of it.
    const kept = refusal.code === 'unreadable' || !isToken(command.origin);
    if (kept) this.bury(entry ?? entryOf(message), message, command, refusal.reason);
    this.answer(message, command, refusal, revision);
  }

  private remember(seenKey: string, hash: string): void {
    this.world.recentlySeen.set(seenKey, hash);
    this.outbox.add({ key: seenKey, bytes: Buffer.from(hash) });
  }

  private repeated(message: Message, { reference, bytesHash }: ReadCommand, seenHash: string): void {
    if (seenHash === reference.hash || seenHash === bytesHash) {
      this.counts.duplicates++;
      return;
    }
    const reason = `command id ${reference.id} was used with other content`;
    this.answer(message, reference, { code: 'command-id-reused', reason }, this.world.cache.revision(message));
  }

  private drainInbox(): void {
    while (this.inbox.length > 0) {
      this.overflows();
      const next = this.inbox.shift();
      if (next) this.receive(next);
    }
  }

  /** Also for what waits to be handled: each may yet be a message of the commit. Once it is true, all of that is stored, oldest first. */
  private overflows(): boolean {
    if (this.overflowed || !(this.full || this.size + this.inbox.length + this.waiting.length >= this.budget))
      return this.overflowed;
    const isSent = ({ sender }: Message): boolean => sender.kind === 'actor';
    for (const message of [...this.waiting, ...this.inbox]) if (isSent(message)) this.outbox.send(message);
    this.waiting = this.waiting.filter((message) => !isSent(message));
    this.inbox = this.inbox.filter((message) => !isSent(message));
    this.overflowed = true;
    return true;
  }

  /** Loads receivers and asks sourcing again where its view may lag, until nobody waits. */
  private async finishWaiting(): Promise<void> {
    while (this.waiting.length > 0 || this.questions.length > 0) {
      const { waiting, questions } = this;
      this.waiting = [];
      this.waitingFor.clear();
      this.questions = [];
      if (questions.length > 0) await this.world.sourcing.refresh();
      await this.world.cache.load(waiting.map(({ entity, id }) => this.addressOf(entity, id)));
      for (const { message, question } of questions) this.plan(message, question);
      this.inbox.push(...waiting);
      this.drainInbox();
    }
  }

  private receive(message: Message, entry?: LogEntry): void {
    const actor = this.world.cache.get(message.entity, message.id);
    const name = `${message.entity}.${message.id}`;
    if (!actor || this.waitingFor.has(name)) {
      this.waiting.push(message);
      this.waitingFor.add(name);
      return;
    }
    // What an actor judged is fenced, also when it changes nothing: another owner may have changed it since, and would not say the same.
    this.touchedPartitions.add(actor.partition);
    let step: Step<unknown>;
    try {
      step = actor.kind.handle(actor.snapshot, extended(message, { handledAt: this.world.now() }));
    } catch (error) {
      this.failed(message, entry, error);
      return;
    }
    this.apply(actor, message, step, entry);
  }

  private apply(actor: CachedActor, message: Message, step: Step<unknown>, entry?: LogEntry): void {
    const command = message.sender.kind === 'command' ? message.sender.command : undefined;
    if (step.kind === 'ignored') {
      if (command) this.counts.duplicates++;
      return;
    }
    if ('snapshot' in step && step.snapshot !== undefined) this.change(actor, step.snapshot, message);
    if (step.kind === 'refused') {
      if (command) this.refuse(message, entry, command, step.refusal, step.revision);
      return;
    }
    for (const effect of step.effects) this.perform(message, effect, actor);
    if (command && step.kind === 'applied' && !step.deferred) this.answer(message, command, undefined, step.revision);
  }

  private change(actor: CachedActor, snapshot: unknown, message: Message): void {
    actor.snapshot = snapshot;
    actor.changedIn = this.number;
    this.touched.add(actor);
    if (actor.kind.paged) this.pages.touch(actor, message.payload);
  }

  private perform(about: Message, effect: Effect, actor: CachedActor): void {
    if (effect.effect === 'send') this.send(about, effect);
    else if (effect.effect === 'source') this.plan(about, effect.question);
    else if (effect.effect === 'answer') this.answer(about, effect.command, effect.refusal, revisionOf(actor));
    else {
      if (effect.effect === 'event' && about.entity === 'store' && !this.world.isVoid()) {
        this.world.sourcing.observe(about.id, effect.name, effect.payload);
      }
      if (effect.effect === 'event' && about.entity === 'store' && isStoreNote(effect.name)) {
        this.stores.add(about, effect.name, effect.payload as unknown as StoreEvents[typeof effect.name]);
      } else this.outbox.effect(about, effect);
    }
  }

  private send(about: Message, effect: Extract<Effect, { effect: 'send' }>): void {
    const { entity, id, name, payload } = effect;
    const sender: Sender = { kind: 'actor', entity: about.entity, id: about.id };
    const message: Message = { entity, id, name, payload, sender, at: about.at };
    if (about.trace) message.trace = about.trace;
    if (this.world.owns(this.addressOf(entity, id).partition) && !this.overflows()) this.inbox.push(message);
    else this.outbox.send(message);
  }

  private plan(about: Message, question: SourcingQuestion): void {
    const plan = this.world.sourcing.plan(question);
    if (plan.unassigned.length > 0 && this.world.sourcing.mayLag() && !this.asked.has(question)) {
      this.asked.add(question);
      this.questions.push({ message: about, question });
      return;
    }
    const { entity, id, at, trace } = about;
    const message: Message = { entity, id, name: 'sourced', payload: { plan }, sender: { kind: 'sourcing' }, at };
    if (trace) message.trace = trace;
    this.inbox.push(message);
  }

  private answer(about: Addressed, command: CommandReference, refusal: Refusal | undefined, revision: number): void {
    if (refusal) this.counts.rejected++;
    else this.counts.applied++;
    this.outbox.outcome(about, command, refusal, revision);
  }

  private failed(message: Message, entry: LogEntry | undefined, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const command = message.sender.kind === 'command' ? message.sender.command : undefined;
    this.bury(entry ?? entryOf(message), message, command, text);
    if (!command) return;
    const reason = 'handling failed; the command is kept in DEAD';
    this.answer(message, command, { code: 'internal-error', reason }, this.world.cache.revision(message));
  }

  private bury(
    entry: LogEntry,
    address: { entity: string; id: string; name: string; trace?: string | undefined },
    command: CommandReference | undefined,
    error: string,
  ): void {
    this.counts.dead++;
    const { entity, id, name, trace } = address;
    const { subject, sequence, bytes, contentType } = entry;
    this.outbox.dead({ entity, id, name, trace, subject, sequence, bytes, contentType, error, command: command?.id });
  }

  /** The commit without its cursors. Marks the actors' snapshots as what the bucket will hold. */
  async build(): Promise<CommitMessage[]> {
    const built: CommitMessage[] = [];
    let actors = 0;
    for (const actor of this.touched) {
      const parts = actor.kind.parts(actor.snapshot, actor.stored);
      this.world.cache.resize(actor, parts);
      actor.stored = actor.snapshot;
      for (const part of parts) {
        const name = part.name ? key.part(actor.entity, actor.id, part.name) : key.record(actor.entity, actor.id);
        built.push({ key: name, bytes: part.bytes });
      }
      if (++actors % BREATH_RECORDS === 0) await this.world.breathe();
    }
    const said = [...this.outbox.take(), ...this.outbox.takeTimers(built)];
    for (const { about, effect } of this.stores.effects()) this.outbox.effect(about, effect);
    return [...built, ...this.outbox.take(), ...said];
  }

  /** The commit happened. */
  committed(): void {
    for (const local of this.locals) local.done();
  }

  /** Nothing of it happened. */
  abandoned(error: Error): void {
    for (const local of this.locals) local.failed(error);
  }
}

const textOf = (bytes?: Uint8Array): string | undefined => bytes && Buffer.from(bytes).toString();
