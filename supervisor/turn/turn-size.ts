/**
 * How large turns are. One that can't be stored is not stored at all: its entries are handled again in smaller turns, until one that
 * still can't be is alone in its turn. That one becomes a dead letter, and the partition goes on.
 */

/** No new entries beyond this many messages: what the last entry adds must fit into a batch too. */
const TURN_MESSAGES = 850;
const SHRINKS_BY = 8;

interface Tried {
  /** Entries that it handled. */
  readonly handled: number;
  /** Names the first of them. */
  readonly first: string;
}

export class TurnSize {
  /** Why, by the name of the entry. */
  readonly unstorable = new Map<string, string>();
  private aim = TURN_MESSAGES;
  /** Entries of the last turn that could not be stored, as far as they were not handled again. */
  private suspects = 0;

  /** Messages that a turn aims at. */
  get budget(): number {
    return this.aim;
  }

  /** Throws where not even the dead letter of an entry can be stored. */
  tooMuch({ handled, first }: Tried, error: Error): void {
    this.suspects = Math.max(this.suspects, handled);
    if (handled > 1) this.aim = Math.max(1, Math.floor(Math.min(this.aim, TURN_MESSAGES) / SHRINKS_BY));
    else if (this.unstorable.has(first)) throw error;
    else this.unstorable.set(first, error.message);
  }

  stored(turn: Tried): void {
    // Most turns have no name to be asked for.
    if (this.unstorable.size > 0) this.unstorable.delete(turn.first);
    this.suspects -= turn.handled;
    if (this.suspects > 0) return;
    this.suspects = 0;
    this.aim = TURN_MESSAGES;
  }
}
