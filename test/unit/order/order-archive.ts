/** What is kept of an order beside its record: the commands that it heard and their outcomes, and the rows that its steps booked. */
import { Compile } from 'typebox/compile';
import { instant } from '../../../actors/order/record.ts';
import type { Effect, Message, Step } from '../../../protocols/actor.ts';
import { type AttributionRow, BOOKED } from '../../../protocols/attribution.ts';
import type { AskedCommand, BookedStep, SaidOutcome } from '../../../supervisor/explain/causes.ts';

const EVENT = Compile(BOOKED);

export class OrderArchive {
  readonly rows: AttributionRow[] = [];
  readonly steps: BookedStep[] = [];
  readonly commands: AskedCommand[] = [];
  readonly outcomes: SaidOutcome[] = [];

  /** Each event must keep its schema. */
  keep({ entity, id: of, name, sender, at }: Message, step: Step<unknown>): void {
    const when = instant(at);
    for (const effect of 'effects' in step ? step.effects.filter(isBooked) : []) {
      const { payload } = effect as Extract<Effect, { effect: 'event' }>;
      const event: unknown = { order: of, at: when, ...payload };
      if (!EVENT.Check(event)) throw new Error(JSON.stringify(EVENT.Errors(event)));
      const { rows, revision, heard } = event;
      this.rows.push(...rows);
      this.steps.push({ revision, at: when, ...(heard ? { heard } : {}) });
    }
    if (sender.kind !== 'command' || step.kind !== 'applied') return;
    const { id, origin } = sender.command;
    this.commands.push({ id, origin, entity, of, name, at: when });
    this.outcomes.push({ command: id, revision: step.revision });
  }
}

export const isBooked = (effect: Effect): boolean => effect.effect === 'event' && effect.as === 'attribution';
