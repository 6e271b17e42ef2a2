/** What waits for the next turn in one partition: bounded, so that a reader reads no more than can be committed. */
import type { Incoming } from './incoming.ts';
import type { Reader, StoredCursor } from './ports.ts';

export interface QueueBounds {
  maxEntries: number;
  maxBytes: number;
}

export const QUEUE_BOUNDS: QueueBounds = { maxEntries: 512, maxBytes: 512 * 1024 };

export class PartitionQueue {
  readonly partition: number;
  /** As the bucket holds it, commits under way included only once they are answered. */
  cursor: StoredCursor;
  reader: Reader | undefined;
  /** No more entries are taken: the partition is being given up. */
  closing = false;
  private waiting: Incoming[] = [];
  private bytes = 0;
  private readonly bounds: QueueBounds;
  /** Both logs of the partition may wait for room. */
  private held: (() => void)[] = [];

  constructor(partition: number, cursor: StoredCursor, bounds: QueueBounds) {
    this.partition = partition;
    this.cursor = cursor;
    this.bounds = bounds;
  }

  get length(): number {
    return this.closing ? 0 : this.waiting.length;
  }

  /** Resolves at once, or when there is room again. */
  push(incoming: Incoming): void | Promise<void> {
    this.waiting.push(incoming);
    if (incoming.kind === 'local') return;
    this.bytes += incoming.entry.bytes.length;
    if (this.waiting.length < this.bounds.maxEntries && this.bytes < this.bounds.maxBytes) return;
    return new Promise((resolve) => this.held.push(resolve));
  }

  /** At least one, however large. */
  take(most: number, mostBytes: number): Incoming[] {
    if (this.closing) return [];
    let count = 0;
    let bytes = 0;
    for (const incoming of this.waiting) {
      const size = incoming.kind === 'entry' ? incoming.entry.bytes.length : 0;
      if (count === most || (count > 0 && bytes + size > mostBytes)) break;
      count++;
      bytes += size;
    }
    const taken = this.waiting.splice(0, count);
    this.bytes -= bytes;
    const { maxEntries, maxBytes } = this.bounds;
    if (this.waiting.length < maxEntries / 2 && this.bytes < maxBytes / 2) this.letGo();
    return taken;
  }

  /** Drops everything; local deliveries are told, so that their source delivers them again. */
  async close(reason: Error): Promise<void> {
    this.closing = true;
    const { waiting, reader } = this;
    this.waiting = [];
    this.bytes = 0;
    this.reader = undefined;
    this.letGo();
    for (const incoming of waiting) if (incoming.kind === 'local') incoming.failed(reason);
    await reader?.stop();
  }

  private letGo(): void {
    for (const resume of this.held.splice(0)) resume();
  }
}

/** Takes turns between partitions, so that a busy one delays nobody: `rotation` says whose is the first. */
export function takeTurns(
  queues: readonly PartitionQueue[],
  rotation: number,
  most: number,
  mostBytes: number,
): Incoming[] {
  const waiting = queues.filter((queue) => queue.length > 0);
  const share = Math.max(1, Math.ceil(most / Math.max(1, waiting.length)));
  const shareBytes = Math.ceil(mostBytes / Math.max(1, waiting.length));
  const taken: Incoming[] = [];
  for (let index = 0; index < waiting.length && taken.length < most; index++) {
    const queue = waiting[(rotation + index) % waiting.length];
    if (queue) taken.push(...queue.take(share, shareBytes));
  }
  return taken;
}
