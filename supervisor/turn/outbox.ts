/** What a turn says: the messages of its commit beside the records. */
import type { CommandReference, Message, Refusal } from '../../protocols/actor.ts';
import { partitionOf } from '../../protocols/partition.ts';
import { key } from '../../protocols/subjects.ts';
import * as stored from './messages.ts';
import type { CommitMessage } from './ports.ts';

export class Outbox {
  private messages: CommitMessage[] = [];
  /** The last word on each timer. */
  private readonly timers = new Map<string, CommitMessage>();
  bytes = 0;
  private readonly batch: string;
  private readonly partitions: number;
  private uniques = 0;

  constructor(batch: string, partitions: number) {
    this.batch = batch;
    this.partitions = partitions;
  }

  get size(): number {
    return this.messages.length + this.timers.size;
  }

  /** All that was said since the last time. */
  take(): CommitMessage[] {
    const { messages } = this;
    this.messages = [];
    return messages;
  }

  /** Timers that start, and the end of others, which is said by a record of the same commit where one is left: one message fewer. */
  takeTimers(records: readonly CommitMessage[]): CommitMessage[] {
    const timers = [...this.timers.values()];
    this.timers.clear();
    let carriers = 0;
    return timers.filter(({ cancelsSchedule }) => {
      const carrier = cancelsSchedule && records[carriers++];
      if (carrier) carrier.cancelsSchedule = cancelsSchedule;
      return !carrier;
    });
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
    const message = stored.effectMessage(about, effect, this.unique(), this.partitions);
    if (effect.effect === 'timer' || effect.effect === 'cancel-timer') {
      this.timers.set(key.timer(about.entity, about.id, effect.timer), message);
      this.bytes += message.bytes.length;
    } else this.add(message);
  }

  outcome(about: stored.Addressed, command: CommandReference, refusal: Refusal | undefined, revision: number): void {
    const outcome = stored.outcomeMessage(about, command, refusal, revision, this.unique());
    if (outcome) this.add(outcome);
  }

  dead(letter: stored.Unhandled): void {
    this.add(stored.deadMessage(letter, this.unique()));
  }

  private unique(): string {
    return `${this.batch}-${(this.uniques++).toString(36)}`;
  }
}
