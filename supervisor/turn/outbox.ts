/** What a turn says: the messages of its commit beside the records. */
import type { CommandReference, Message, Refusal } from '../../protocols/actor.ts';
import { partitionOf } from '../../protocols/partition.ts';
import * as stored from './messages.ts';
import type { CommitMessage } from './ports.ts';

export class Outbox {
  private messages: CommitMessage[] = [];
  bytes = 0;
  private readonly batch: string;
  private readonly partitions: number;
  private uniques = 0;

  constructor(batch: string, partitions: number) {
    this.batch = batch;
    this.partitions = partitions;
  }

  get size(): number {
    return this.messages.length;
  }

  /** All that was said since the last time. */
  take(): CommitMessage[] {
    const { messages } = this;
    this.messages = [];
    return messages;
  }

  add(message: CommitMessage): void {
    this.messages.push(message);
    this.bytes += message.bytes.length;
  }

  /** For an actor that hears it in another turn. */
  send(message: Message): void {
    const partition = partitionOf(message.entity, message.id, this.partitions);
    this.add(stored.sendMessage(message, partition, this.unique()));
  }

  effect(about: Message, effect: stored.StoredEffect): void {
    this.add(stored.effectMessage(about, effect, this.unique(), this.partitions));
  }

  outcome(about: stored.Addressed, command: CommandReference, refusal: Refusal | undefined, revision: number): void {
    const outcome = stored.outcomeMessage(about, command, refusal, revision, this.unique());
    if (outcome) this.add(outcome);
  }

  dead(letter: stored.DeadLetter): void {
    this.add(stored.deadMessage(letter, this.unique()));
  }

  private unique(): string {
    return `${this.batch}-${(this.uniques++).toString(36)}`;
  }
}
