/** How many pages of its actors a turn will store, before they are encoded: an upper estimate. */
import type { CachedActor } from './actor-cache.ts';

export class PageEstimate {
  touched = 0;
  private readonly pages = new Map<CachedActor, number>();

  /** At most a page for each line or item and one for the work, and no more than there are (growth aside: it is rare). */
  touch(actor: CachedActor, payload: unknown): void {
    const { lines, items } = (payload ?? {}) as { lines?: unknown[]; items?: unknown[] };
    const before = this.pages.get(actor) ?? 0;
    const after = Math.min(before + (lines ?? items ?? []).length + 1, Math.max(1, actor.sizes.size));
    this.pages.set(actor, after);
    this.touched += after - before;
  }
}
