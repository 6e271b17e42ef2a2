/**
 * The actors in memory. Least recently used ones are passivated when a bound is passed: their record is in the bucket, so
 * nothing is written. What was changed by a turn that is not committed yet stays.
 */
import type { ActorKind } from '../../protocols/actor.ts';
import type { Bucket, RecordAddress, StoredPart } from './ports.ts';

export interface CacheBounds {
  maxActors: number;
  maxBytes: number;
}

export interface CachedActor {
  readonly kind: ActorKind;
  readonly entity: string;
  readonly id: string;
  readonly partition: number;
  /** Undefined: there is no record. */
  snapshot: unknown;
  /** What the bucket holds, or will hold once the turns under way are committed. */
  stored: unknown;
  /** Number of the turn that changed it last. */
  changedIn: number;
  /** Stored size by part. */
  sizes: Map<string, number>;
}

const sizeOf = (actor: CachedActor): number => {
  let bytes = 200;
  for (const size of actor.sizes.values()) bytes += size;
  return bytes;
};

export class ActorCache {
  private readonly actors = new Map<string, CachedActor>();
  private bytes = 0;
  private readonly bucket: Pick<Bucket, 'records'>;
  private readonly kinds: ReadonlyMap<string, ActorKind>;
  private readonly bounds: CacheBounds;

  constructor(bucket: Pick<Bucket, 'records'>, kinds: ReadonlyMap<string, ActorKind>, bounds: CacheBounds) {
    this.bucket = bucket;
    this.kinds = kinds;
    this.bounds = bounds;
  }

  get size(): number {
    return this.actors.size;
  }

  get storedBytes(): number {
    return this.bytes;
  }

  remembers(entity: string): boolean {
    return this.kinds.get(entity)?.remembersCommands ?? true;
  }

  get(entity: string, id: string): CachedActor | undefined {
    const name = `${entity}.${id}`;
    const actor = this.actors.get(name);
    if (!actor) return undefined;
    this.actors.delete(name);
    this.actors.set(name, actor);
    return actor;
  }

  /** Loads those that are not in memory, in one batched read. */
  async load(wanted: Iterable<{ entity: string; id: string; partition: number }>): Promise<void> {
    const missing = new Map<string, { entity: string; id: string; partition: number; kind: ActorKind }>();
    for (const { entity, id, partition } of wanted) {
      const kind = this.kinds.get(entity);
      if (kind && !this.actors.has(`${entity}.${id}`)) missing.set(`${entity}.${id}`, { entity, id, partition, kind });
    }
    if (missing.size === 0) return;
    const addresses: RecordAddress[] = [...missing.values()].map(({ entity, id, kind }) => ({
      entity,
      id,
      paged: kind.paged,
    }));
    const records = await this.bucket.records(addresses);
    let index = 0;
    for (const address of missing.values()) this.add(address, records[index++] ?? []);
  }

  private add(of: { entity: string; id: string; partition: number; kind: ActorKind }, parts: StoredPart[]): void {
    const snapshot = of.kind.load(parts);
    const sizes = new Map(parts.map((part) => [part.name, part.bytes.length]));
    const actor: CachedActor = { ...of, snapshot, stored: snapshot, changedIn: 0, sizes };
    this.actors.set(`${of.entity}.${of.id}`, actor);
    this.bytes += sizeOf(actor);
  }

  /** Keeps the size of what was just encoded. */
  resize(actor: CachedActor, parts: readonly StoredPart[]): void {
    this.bytes -= sizeOf(actor);
    for (const part of parts) actor.sizes.set(part.name, part.bytes.length);
    this.bytes += sizeOf(actor);
  }

  /** Passivates the least recently used until the bounds hold; spares what turns after `committedTurn` changed. */
  trim(committedTurn: number): void {
    if (this.withinBounds()) return;
    for (const [name, actor] of this.actors) {
      if (actor.changedIn > committedTurn) continue;
      this.actors.delete(name);
      this.bytes -= sizeOf(actor);
      if (this.withinBounds()) return;
    }
  }

  dropPartition(partition: number): void {
    for (const [name, actor] of this.actors) {
      if (actor.partition !== partition) continue;
      this.actors.delete(name);
      this.bytes -= sizeOf(actor);
    }
  }

  private withinBounds(): boolean {
    return this.actors.size <= this.bounds.maxActors && this.bytes <= this.bounds.maxBytes;
  }
}
