/**
 * Keeps the partitions that this node works on equal to those that placement gives it.
 *
 * A partition that another live node held is taken after a grace, so that it can finish its turn; a dead node's at once. One
 * that was lost to a competitor, or can't be read, is taken again after a backoff: back off, don't fight.
 */
import type { Logger } from 'pino';
import { Backoff } from './backoff.ts';
import { placedPartitions } from './placement.ts';

/** Covers the view of the change reaching the old owner and its last commit. */
const HANDOVER_GRACE_MS = 250;
const RETRY_MS = 200;

export interface OwnershipWorld {
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
  log: Logger;
  escalate(part: string, error: Error): void;
}

/** The part of the engine that is used here. */
export interface PartitionHolder {
  readonly owned: readonly number[];
  acquire(partitions: readonly number[]): Promise<void>;
  release(partition: number): Promise<void>;
}

export class Ownership {
  private readonly node: string;
  private readonly partitions: number;
  private readonly world: OwnershipWorld;
  private holder: PartitionHolder | undefined;
  private live: readonly string[] = [];
  private wanted = new Set<number>();
  private readonly notBefore = new Map<number, number>();
  private readonly backoffs = new Map<number, Backoff>();
  private whenSettled: () => void = () => undefined;
  private cancelTimer: (() => void) | undefined;
  private reconciling: Promise<void> = Promise.resolve();

  constructor(node: string, partitions: number, world: OwnershipWorld) {
    this.node = node;
    this.partitions = partitions;
    this.world = world;
  }

  /** Undefined while the engine is being restarted. */
  hold(holder: PartitionHolder | undefined): void {
    this.holder = holder;
    this.reconcile();
  }

  viewChanged(live: readonly string[]): void {
    const before = this.live;
    this.live = [...live];
    this.wanted = placedPartitions(this.node, live, this.partitions);
    const othersHeld = before.filter((node) => node !== this.node && live.includes(node));
    const first = before.length === 0;
    const grace = this.world.now() + HANDOVER_GRACE_MS;
    for (const partition of this.wanted) {
      const heldBefore = first
        ? live.length > 1
        : othersHeld.some((node) => placedPartitions(node, before, this.partitions).has(partition));
      if (heldBefore) this.notBefore.set(partition, grace);
    }
    this.world.log.info({ live, partitions: this.wanted.size }, 'placement');
    this.reconcile();
  }

  /** Another node has it, or its logs could not be read. */
  lost(partition: number, error: Error): void {
    const backoff = this.backoffs.get(partition) ?? new Backoff();
    this.backoffs.set(partition, backoff);
    const wait = backoff.failed(this.world.now(), this.world.random());
    if (wait === 'give-up') {
      this.world.escalate(`partition ${partition}`, error);
      return;
    }
    this.world.log.warn({ partition, reason: error.message, waitMs: wait }, 'partition lost');
    this.notBefore.set(partition, this.world.now() + wait);
    this.reconcile();
  }

  /** Resolves when every partition that is wanted is owned, for the first time. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.whenSettled = resolve;
      this.reconcile();
    });
  }

  stop(): Promise<void> {
    this.cancelTimer?.();
    this.holder = undefined;
    return this.reconciling;
  }

  private reconcile(): void {
    this.reconciling = this.reconciling
      .then(() => this.reconcileOnce())
      .catch((error: Error) => {
        this.world.log.warn({ err: error }, 'taking partitions over failed');
        this.later(RETRY_MS);
      });
  }

  private async reconcileOnce(): Promise<void> {
    const { holder, wanted } = this;
    if (!holder) return;
    const owned = new Set(holder.owned);
    await Promise.all(
      [...owned].filter((partition) => !wanted.has(partition)).map((partition) => holder.release(partition)),
    );
    const now = this.world.now();
    const missing = [...wanted].filter((partition) => !owned.has(partition));
    const due = missing.filter((partition) => (this.notBefore.get(partition) ?? 0) <= now);
    await holder.acquire(due);
    const taken = new Set(holder.owned);
    const waits = missing
      .filter((partition) => !taken.has(partition))
      .map((partition) => Math.max(RETRY_MS, (this.notBefore.get(partition) ?? now) - now));
    if (waits.length > 0) this.later(Math.min(...waits));
    else if (this.live.length > 0) this.whenSettled();
  }

  private later(ms: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.world.after(ms + 1, () => this.reconcile());
  }
}
