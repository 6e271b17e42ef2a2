/** An order that is never stored and read again: what it keeps beside its record makes no difference to what it says. */
import { isDeepStrictEqual } from 'node:util';
import type { AnyMachineSnapshot } from 'xstate';
import type { ActorKind, Effect, Message } from '../../../protocols/actor.ts';

type Snapshot = AnyMachineSnapshot | undefined;

export class StayingOrder {
  private readonly order: ActorKind<AnyMachineSnapshot>;
  private snapshot: Snapshot;
  private last: Snapshot;

  constructor(order: ActorKind<AnyMachineSnapshot>) {
    this.order = order;
  }

  /** `before` and `after`: the order that is read again; a test may have made another one of it. `said`: what that one says. */
  handle(message: Message, before: Snapshot, after: Snapshot, said: readonly Effect[]): void {
    if (before !== this.last) this.snapshot = before;
    const step = this.order.handle(this.snapshot, message);
    if ('snapshot' in step && step.snapshot) this.snapshot = step.snapshot;
    const effects = 'effects' in step ? step.effects : [];
    if (!isDeepStrictEqual(effects, said))
      throw new Error(`in memory it says ${JSON.stringify(effects)}, and not ${JSON.stringify(said)}`);
    this.last = after;
  }
}
