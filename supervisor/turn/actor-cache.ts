/**
 * The actors in memory. Least recently used ones are passivated when a bound is passed: their record is in the bucket, so
 * nothing is written. What was changed by a turn that is not committed yet stays.
 */
import type { ActorKind } from '../../protocols/actor.ts';
import type { Bucket, StoredPart } from './ports.ts';

export interface CacheBounds {
  maxActors: number;
  maxBytes: number;
}

export interface ActorAddress {
  entity: string;
  id: string;
  partition: number;
}

interface Missing extends ActorAddress {
  kind: ActorKind;
}

export interface CachedActor {
  readonly kind: ActorKind;
  readonly entity: string;
  readonly id: string;
  readonly partition: number;
  /** Undefined: there is no record. */
  snapshot: unknown;
  /** What the bucket will hold once the turns under way are committed. */
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

export function revisionOf(actor: CachedActor): number {
  const snapshot = actor.snapshot as { context?: { record?: { revision?: number } } } | undefined;
  return snapshot?.context?.record?.revision ?? 0;
}

export class ActorCache {
  private readonly actors = new Map<string, CachedActor>();
  /** Reads under way, by the actors that they are for. */
  private readonly loading = new Map<string, Promise<void>>();
  private bytes = 0;
  /** Counts partitions that were given up. */
  private drops = 0;
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

  /** Whether the records of an entity list the commands that they handled. */
  remembers(entity: string): boolean {
    return this.kinds.get(entity)?.remembersCommands ?? false;
  }

  get(entity: string, id: string): CachedActor | undefined {
    const name = `${entity}.${id}`;
    const actor = this.actors.get(name);
    if (!actor) return undefined;
    this.actors.delete(name);
    this.actors.set(name, actor);
    return actor;
  }

  /** 0 of what is not there. */
  revision({ entity, id }: { entity: string; id: string }): number {
    const actor = this.get(entity, id);
    return actor ? revisionOf(actor) : 0;
  }

  /** Resolves when all of them are in memory, as used just now; those that are not yet are read in one batch. */
  async load(wanted: readonly ActorAddress[]): Promise<void> {
    const missing = new Map<string, Missing>();
    const others = new Set<Promise<void>>();
    for (const address of wanted) {
      const name = `${address.entity}.${address.id}`;
      const kind = this.kinds.get(address.entity);
      if (!kind || this.get(address.entity, address.id)) continue;
      const loading = this.loading.get(name);
      if (loading) others.add(loading);
      else missing.set(name, { kind, ...address });
    }
    if (missing.size > 0) await this.read(missing);
    if (others.size === 0) return;
    await Promise.allSettled(others);
    // Should somebody else's read have failed, ours says why.
    await this.load(wanted);
  }

  private read(missing: ReadonlyMap<string, Missing>): Promise<void> {
    const reading = this.readRecords(missing).finally(() => {
      for (const name of missing.keys()) this.loading.delete(name);
    });
    for (const name of missing.keys()) this.loading.set(name, reading);
    return reading;
  }

  private async readRecords(missing: ReadonlyMap<string, Missing>): Promise<void> {
    const addresses = [...missing.values()].map(({ entity, id, kind }) => ({ entity, id, paged: kind.paged }));
    const { drops } = this;
    const records = await this.bucket.records(addresses);
    // Meanwhile another node may have had a partition, and written.
    if (drops !== this.drops) return this.readRecords(missing);
    let index = 0;
    for (const address of missing.values()) this.add(address, records[index++] ?? []);
  }

  private add({ kind, entity, id, partition }: Missing, parts: StoredPart[]): void {
    const snapshot = kind.load(parts);
    const sizes = new Map(parts.map((part) => [part.name, part.bytes.length]));
    const actor: CachedActor = { kind, entity, id, partition, snapshot, stored: snapshot, changedIn: 0, sizes };
    this.actors.set(`${entity}.${id}`, actor);
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
    this.drops++;
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
