/** What all parts of a simulation share. */
import type { Faults } from './faults.ts';
import type { MemoryServer } from './memory-server.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

export const START = Date.parse('2026-11-22T09:00:00Z');

export class World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly server: MemoryServer;
  readonly trace: Trace;
  /** Things that are still to happen, other than what the server holds: it is not quiet before they have. */
  private pending = 0;

  constructor(parts: { time: VirtualTime; random: Random; faults: Faults; server: MemoryServer; trace: Trace }) {
    this.time = parts.time;
    this.random = parts.random;
    this.faults = parts.faults;
    this.server = parts.server;
    this.trace = parts.trace;
  }

  /** Of one message on its way. */
  latency(): number {
    return this.faults.happens('straggler') ? this.random.between(50, 2000) : this.random.between(1, 8);
  }

  say(who: string, what: string): void {
    this.trace.line(this.time.now, who, what);
  }

  /** Something that must have happened before the world is at rest. */
  expect(ms: number, run: () => void): void {
    this.pending++;
    this.time.after(ms, () => {
      this.pending--;
      run();
    });
  }

  get expecting(): boolean {
    return this.pending > 0;
  }
}

/** One start of a node until it dies: what it set up comes to nothing afterwards. */
export class Life {
  alive = true;
  private pausedUntil = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  after(ms: number, run: () => void): () => void {
    let cancel = this.world.time.after(ms, () => {
      const wait = this.pausedUntil - this.world.time.now;
      if (!this.alive) return;
      if (wait > 0) cancel = this.after(wait, run);
      else run();
    });
    return () => cancel();
  }

  /** Stands still: what happens to it meanwhile, happens afterwards. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.world.time.now + ms);
  }

  /** There and back. What arrived at the server happens there even if the asker dies meanwhile. */
  ask<T>(atServer: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.world.time.after(this.world.latency(), () => {
        const answer = atServer();
        this.after(this.world.latency(), () => resolve(answer));
      });
    });
  }
}
