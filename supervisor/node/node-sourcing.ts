/**
 * Sourcing on a node: a picture of all stores. Those whose actors run here are kept by the turn itself, to the last message; others
 * by their events, which may lag a little behind what their node committed.
 */
import { fewestStores, type SourcingPolicy } from '../../actors/sourcing/plan.ts';
import { withUnknown } from '../../actors/sourcing/reason.ts';
import { StockPicture } from '../../actors/sourcing/stock-picture.ts';
import { decode } from '../../protocols/codec.ts';
import type { SourcingPlan, SourcingQuestion } from '../../protocols/sourcing.ts';
import type { StoreSource } from '../nats/store-source.ts';
import type { Sourcing } from '../turn/ports.ts';
import { learnStores } from './known-stock.ts';
import type { Part } from './supervise.ts';

export class NodeSourcing implements Sourcing {
  private readonly picture = new StockPicture();
  private readonly stores: StoreSource;
  private readonly runsStore: (store: string) => boolean;
  private readonly policy: SourcingPolicy;
  private reading: Promise<number> | undefined;
  private next: Promise<number> | undefined;
  private complete = false;

  constructor(stores: StoreSource, runsStore: (store: string) => boolean, policy: SourcingPolicy = fewestStores) {
    this.stores = stores;
    this.runsStore = runsStore;
    this.policy = policy;
  }

  /** Follows the events of all stores. */
  async follow(failed: (error: Error) => void): Promise<Part> {
    const after = await this.read();
    return this.stores.follow(
      after,
      ({ store, name, bytes }) => this.picture.apply(store, name, decode(bytes, 'json')),
      failed,
    );
  }

  plan(question: SourcingQuestion): SourcingPlan {
    return withUnknown(this.policy(question, this.picture.candidates(question)), this.picture.unknownStores(question));
  }

  observe(store: string, name: string, payload: Record<string, unknown>): void {
    this.picture.apply(store, name, payload);
  }

  mayLag(): boolean {
    if (!this.complete) return true;
    for (const store of this.picture.storeIds()) if (!this.runsStore(store)) return true;
    return false;
  }

  forget(): void {
    this.complete = false;
    this.picture.forget();
  }

  async refresh(): Promise<void> {
    await this.read();
  }

  /** A read that began before this call may miss what was committed since: it is waited for, and one more is shared. */
  private read(): Promise<number> {
    if (!this.reading) {
      this.reading = this.readOnce().finally(() => {
        this.reading = undefined;
      });
      return this.reading;
    }
    this.next ??= this.reading
      .catch(() => 0)
      .then(() => {
        this.next = undefined;
        return this.read();
      });
    return this.next;
  }

  private async readOnce(): Promise<number> {
    const { stores, sequence } = await this.stores.load();
    learnStores(this.picture, stores);
    this.complete = true;
    return sequence;
  }
}
