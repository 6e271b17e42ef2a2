/**
 * One-for-one supervision of a node's parts: a part that fails is stopped and started again after a backoff, the others go
 * on. One that keeps failing escalates, and the node leaves in order with a non-zero exit; one that is not essential is tried for ever.
 */
import type { Logger } from 'pino';
import { BACKOFF, Backoff } from './backoff.ts';

export interface Part {
  stop(): Promise<void>;
}

/** Starts a part; it calls `failed` once when it can't go on. */
export type StartPart = (failed: (error: Error) => void) => Promise<Part>;

export interface PartOptions {
  /** False: the others can do without it. */
  essential?: boolean;
}

export interface SupervisorWorld {
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
  log: Logger;
  /** The node can't go on. */
  escalate(part: string, error: Error): void;
}

interface Supervised {
  start: StartPart;
  essential: boolean;
  backoff: Backoff;
  running: Promise<Part | undefined>;
  cancelRestart: (() => void) | undefined;
  /** Counts starts: a failure of an earlier one is stale. */
  epoch: number;
}

export class Supervisor {
  private readonly parts = new Map<string, Supervised>();
  private readonly world: SupervisorWorld;
  private stopping = false;

  constructor(world: SupervisorWorld) {
    this.world = world;
  }

  get names(): string[] {
    return [...this.parts.keys()];
  }

  /** Resolves when the part has started, or when its first start failed and was scheduled again. Starts nothing once all of it stops. */
  async add(name: string, start: StartPart, { essential = true }: PartOptions = {}): Promise<void> {
    if (this.stopping) return;
    const part: Supervised = {
      start,
      essential,
      backoff: new Backoff(),
      running: Promise.resolve(undefined),
      cancelRestart: undefined,
      epoch: 0,
    };
    this.parts.set(name, part);
    this.run(name, part);
    await part.running;
  }

  async remove(name: string): Promise<void> {
    const part = this.parts.get(name);
    if (!part) return;
    this.parts.delete(name);
    await this.halt(part);
  }

  /** Nothing starts from now on, and what fails stays so: all of it is about to stop. */
  startNothing(): void {
    this.stopping = true;
  }

  /** Stops all parts, the last added first. */
  async stop(): Promise<void> {
    this.startNothing();
    for (const name of this.names.reverse()) await this.remove(name);
  }

  private run(name: string, part: Supervised): void {
    const epoch = ++part.epoch;
    const failed = (error: Error): void => {
      if (part.epoch === epoch) this.failed(name, part, error);
    };
    part.running = part.start(failed).catch((error: Error) => {
      failed(error);
      return undefined;
    });
  }

  private failed(name: string, part: Supervised, error: Error): void {
    if (this.stopping || this.parts.get(name) !== part) return;
    part.epoch++;
    const next = part.backoff.failed(this.world.now(), this.world.random());
    if (next === 'give-up') {
      this.world.log.error({ part: name, err: error }, 'part keeps failing');
      if (part.essential) {
        this.world.escalate(name, error);
        return;
      }
    }
    const wait = next === 'give-up' ? BACKOFF.mostMs : next;
    this.world.log.warn({ part: name, err: error, waitMs: wait }, 'part failed');
    const stopped = this.halt(part);
    part.cancelRestart = this.world.after(wait, () => {
      void stopped.then(() => {
        if (!this.stopping && this.parts.get(name) === part) this.run(name, part);
      });
    });
  }

  private async halt(part: Supervised): Promise<void> {
    part.epoch++;
    part.cancelRestart?.();
    const running = await part.running;
    part.running = Promise.resolve(undefined);
    await running?.stop().catch((error: Error) => this.world.log.warn({ err: error }, 'part did not stop in order'));
  }
}
