/**
 * Stores gateway results as messages to their orders, for partitions of other nodes. Several at a time share one atomic batch,
 * because a batch costs the same whatever its size. A result stored twice is the same message, and one that can't be stored fails alone.
 */
import type { Message } from '../../protocols/actor.ts';
import type { GatewayResult } from '../../protocols/gateway.ts';
import { partitionOf } from '../../protocols/partition.ts';
import { asError } from '../../protocols/thrown.ts';
import type { ResultSink } from '../gateway/ports.ts';
import { resultMessage, resultName, sendMessage } from '../turn/messages.ts';
import type { Bucket, CommitMessage } from '../turn/ports.ts';

const MAX_BATCH = 500;
const MAX_ATTEMPTS = 5;
const RETRY_MS = 500;

interface Waiting {
  message: CommitMessage;
  done(): void;
  failed(error: Error): void;
}

export class StoredResultSink implements ResultSink {
  private readonly bucket: Pick<Bucket, 'commit'>;
  private readonly account: string;
  private readonly partitions: number;
  /** Unique for each start of a node: names its batches. */
  private readonly run: string;
  private batches = 0;
  private waiting: Waiting[] = [];
  private storing = false;

  constructor(bucket: Pick<Bucket, 'commit'>, account: string, partitions: number, run: string) {
    this.bucket = bucket;
    this.account = account;
    this.partitions = partitions;
    this.run = run;
  }

  deliver(result: GatewayResult, order: string): Promise<void> {
    return this.send(resultMessage(result, order, this.account, 0), resultName(result));
  }

  /** Any message to an actor; one stored twice under the same name is one. */
  send(about: Message, name: string): Promise<void> {
    const message = sendMessage(about, partitionOf(about.entity, about.id, this.partitions), name);
    return new Promise((done, failed) => {
      this.waiting.push({ message, done, failed });
      if (!this.storing) void this.storeAll();
    });
  }

  private async storeAll(): Promise<void> {
    this.storing = true;
    while (this.waiting.length > 0) await this.settle(this.waiting.splice(0, MAX_BATCH));
    this.storing = false;
  }

  /** What the server never takes is looked for by halves. */
  private async settle(batch: Waiting[]): Promise<void> {
    try {
      const unstorable = await this.store(batch.map(({ message }) => message));
      if (!unstorable) for (const { done } of batch) done();
      else if (batch.length === 1) throw unstorable;
      else {
        const half = Math.ceil(batch.length / 2);
        await this.settle(batch.slice(0, half));
        await this.settle(batch.slice(half));
      }
    } catch (error) {
      for (const { failed } of batch) failed(asError(error));
    }
  }

  /** Resolves with the error where it is not stored, however often it is tried. */
  private async store(messages: CommitMessage[]): Promise<Error | undefined> {
    for (let attempt = 1; ; attempt++) {
      const batch = `${this.run}-results-${(this.batches++).toString(36)}`;
      const outcome = await this.bucket.commit({ batch, messages, revisions: new Map() });
      if (outcome.kind === 'committed') return undefined;
      if (outcome.kind === 'unstorable') return outcome.error;
      const error = outcome.kind === 'unknown' ? outcome.error : new Error('results were refused');
      if (attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
