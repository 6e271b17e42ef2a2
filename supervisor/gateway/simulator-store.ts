/**
 * A simulated account's state, kept true to its log. Entries are applied after they are in the log, never before, so a refused
 * append leaves nothing to undo: what others appended is read and applied, then the append is tried again.
 */

import type { SimulatorLog } from './ports.ts';
import { decodeBatch, encodeBatch, type SimulatorBatch } from './simulator-entry.ts';
import { type Reaction, SimulatorState } from './simulator-state.ts';

/** Of one group; more means that the log can't be reached or that others write it all the time. */
const MAX_APPENDS = 10;

export type Reactions = (Reaction | undefined)[];

export class SimulatorStore {
  readonly state = new SimulatorState();
  private readonly log: SimulatorLog;
  private sequence = 0;

  constructor(log: SimulatorLog) {
    this.log = log;
  }

  /** Rejects when it is not known whether the batch is in the log. */
  async append(batch: SimulatorBatch): Promise<Reactions> {
    const bytes = encodeBatch(batch);
    for (let tries = 0; tries < MAX_APPENDS; tries++) {
      const sequence = await this.tryAppend(bytes);
      if (sequence !== undefined) return this.apply(sequence, batch);
      const reactions = await this.catchUp(bytes);
      if (reactions) return reactions;
    }
    throw new Error(`the simulator's log refused ${MAX_APPENDS} appends`);
  }

  /** Applies what is new in the log; what the batch of these bytes brought about, if it is there: an id alone may be another's. */
  async catchUp(batch?: Uint8Array): Promise<Reactions | undefined> {
    let found: Reactions | undefined;
    for await (const { sequence, bytes } of this.log.read(this.sequence)) {
      const reactions = this.apply(sequence, decodeBatch(bytes));
      if (batch && Buffer.compare(batch, bytes) === 0) found = reactions;
    }
    return found;
  }

  /** Undefined: others were faster, or the answer was lost. The log tells which. */
  private async tryAppend(bytes: Uint8Array): Promise<number | undefined> {
    try {
      const appended = await this.log.append(this.sequence, bytes);
      return appended === 'stale' ? undefined : appended.sequence;
    } catch {
      return undefined;
    }
  }

  private apply(sequence: number, { entries }: SimulatorBatch): Reactions {
    this.sequence = sequence;
    return entries.map((entry) => this.state.apply(entry));
  }
}
