/** At the counter: what the customer takes of a fulfilment, and what he leaves there. */
import type { Refusal } from '../../../protocols/actor.ts';
import { refuse } from '../../chart.ts';
import { at, type Fulfilment, type OrderRecord } from '../record.ts';
import type { UnitsByLine } from './requested-units.ts';

export function beyond(
  record: OrderRecord,
  { id }: Fulfilment,
  offered: UnitsByLine,
  taken: UnitsByLine,
): { refuse: Refusal } | undefined {
  for (const [position, count] of taken) {
    const most = offered.get(position) ?? 0;
    if (count > most) {
      const { line } = at(record.items, position);
      return refuse('exceeds-allocated', `line ${line}: ${count} of ${most} in ${id}`);
    }
  }
  return undefined;
}

export function leftBehind(offered: UnitsByLine, taken: UnitsByLine): Map<number, number> {
  const left = new Map<number, number>();
  for (const [position, quantity] of offered) {
    const rest = quantity - (taken.get(position) ?? 0);
    if (rest > 0) left.set(position, rest);
  }
  return left;
}
