/** Counts what is heard while trade goes on. Live figures only: the report asks the system itself. */
import type { Heard } from '../sample/hear.ts';

export interface CommandTally {
  applied: number;
  /** By refusal code. */
  rejected: Map<string, { count: number; example: string }>;
}

/** Events that move money, and whose. */
const MONEY = { captured: 'captured', sold: 'captured', refunded: 'refunded', 'paid-out': 'paidToStores' } as const;

export class Tally {
  placed = 0;
  outcomes = 0;
  captured = 0;
  refunded = 0;
  paidToStores = 0;
  /** Moves with everything that is heard: nothing moving is how a hang shows. */
  heard = 0;
  /** `<entity> <command>` → what became of them. */
  readonly commands = new Map<string, CommandTally>();

  note({ origin, entity, id, name, payload }: Heard): void {
    this.heard += 1;
    if (origin === null) this.noteEvent(entity, name, payload);
    else if (payload.outcome !== undefined) this.noteOutcome(`${entity} ${name}`, id, payload);
  }

  private noteEvent(entity: string, name: string, { amount, store }: Heard['payload']): void {
    if (entity !== 'order' || typeof amount !== 'number') return;
    if (name === 'payout-reversed' && store !== undefined) this.paidToStores -= amount;
    const figure = MONEY[name as keyof typeof MONEY];
    if (figure !== undefined) this[figure] += amount;
  }

  private noteOutcome(command: string, id: string, payload: Heard['payload']): void {
    this.outcomes += 1;
    if (command === 'order place') this.placed += 1;
    const tally = this.commands.get(command) ?? { applied: 0, rejected: new Map() };
    this.commands.set(command, tally);
    if (payload.outcome === 'applied') {
      tally.applied += 1;
      return;
    }
    const code = String(payload.code);
    const rejected = tally.rejected.get(code) ?? { count: 0, example: `${id}: ${String(payload.reason)}` };
    tally.rejected.set(code, { ...rejected, count: rejected.count + 1 });
  }
}
