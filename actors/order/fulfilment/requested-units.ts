/** Units that a command or another actor names, by position of the line. */
import type { Refusal } from '../../../protocols/actor.ts';
import type { SkuUnits, Units } from '../../../protocols/internal.ts';
import { refuse } from '../../chart.ts';
import { at, type OrderRecord, positionOf } from '../record.ts';

export type UnitsByLine = ReadonlyMap<number, number>;

/** A line named twice counts twice. */
export function requestedUnits(
  record: OrderRecord,
  named: readonly Units[],
): { units: Map<number, number> } | { refuse: Refusal } {
  const units = new Map<number, number>();
  for (const { line, quantity } of named) {
    const position = positionOf(record, line);
    if (position === undefined) return refuse('unknown-line', `order ${record.id} has no line ${line}`);
    units.set(position, (units.get(position) ?? 0) + quantity);
  }
  return { units };
}

export function namedUnits(record: OrderRecord, units: UnitsByLine): Units[] {
  return [...units].map(([position, quantity]) => ({ line: at(record.items, position).line, quantity }));
}

export function skuUnits(record: OrderRecord, units: UnitsByLine): SkuUnits[] {
  return [...units].map(([position, quantity]) => {
    const { line, sku } = at(record.items, position);
    return { line, sku, quantity };
  });
}
