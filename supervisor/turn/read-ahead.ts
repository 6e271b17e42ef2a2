/** Reads the actors of the next turn while one is being computed: it finds them in memory. */
import type { ActorAddress } from './actor-cache.ts';
import type { LogEntry } from './ports.ts';
import { receiverOfSubject } from './read-entry.ts';

export class ReadAhead {
  private readonly breathe: () => Promise<void>;
  private readonly load: (wanted: readonly ActorAddress[]) => Promise<void>;
  private wanted: ActorAddress[] = [];

  constructor(breathe: () => Promise<void>, load: (wanted: readonly ActorAddress[]) => Promise<void>) {
    this.breathe = breathe;
    this.load = load;
  }

  /** Entries that arrive together share a read. */
  add(entry: LogEntry): void {
    const receiver = receiverOfSubject(entry);
    if (!receiver) return;
    this.wanted.push({ ...receiver, partition: entry.partition });
    if (this.wanted.length === 1) void this.readSoon();
  }

  private async readSoon(): Promise<void> {
    await this.breathe();
    const { wanted } = this;
    this.wanted = [];
    // What can't be read now is read, or fails, when its turn comes.
    await this.load(wanted).catch(() => undefined);
  }
}
