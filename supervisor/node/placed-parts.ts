/** The parts that run on one node at a time: placement says on which, with each change of who lives. */
import { placed } from './placement.ts';
import type { PartOptions, StartPart, Supervisor } from './supervise.ts';

export interface PlacedPart extends PartOptions {
  name: string;
  start: StartPart;
}

export class PlacedParts {
  private readonly node: string;
  private readonly supervisor: Supervisor;
  private readonly parts: readonly PlacedPart[];
  private readonly held = new Set<string>();
  private placing: Promise<void> = Promise.resolve();
  private beside: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(node: string, supervisor: Supervisor, parts: readonly PlacedPart[]) {
    this.node = node;
    this.supervisor = supervisor;
    this.parts = parts;
  }

  viewChanged(live: readonly string[]): void {
    this.placing = this.placing.then(() => this.placeAll(live)).catch(() => undefined);
  }

  /** Resolves when all parts run that are placed here. */
  async settled(): Promise<void> {
    await this.placing;
    await this.beside;
  }

  /** All at once: none waits for what another has under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.placing;
    await Promise.all([...this.held].map((name) => this.supervisor.remove(name)));
  }

  private async placeAll(live: readonly string[]): Promise<void> {
    for (const { name, start, ...options } of this.parts) {
      const mine = placed(name, live) === this.node;
      if (this.stopping || mine === this.held.has(name)) continue;
      if (mine) {
        this.held.add(name);
        const adding = this.supervisor.add(name, start, options);
        // What the node can do without holds up nothing that it can't.
        if (options.essential === false) this.beside = adding;
        else await adding;
      } else {
        this.held.delete(name);
        await this.supervisor.remove(name);
      }
    }
  }
}
