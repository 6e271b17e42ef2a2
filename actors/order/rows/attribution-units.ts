/** Rows of what happened to units and moved no money by itself: they left, were not found, or are not wanted any more. */

import { at, type OrderRecord } from '../record.ts';
import { type Row, unitRow } from './attribution-row.ts';

/** Steps in which a store finds less than it was asked for. */
const FINDS_LESS: ReadonlySet<string> = new Set(['short-pick', 'stock-lost']);

/** `name` is what the order heard between `before` and `after`. */
export function unitRows(before: OrderRecord, after: OrderRecord, name: string): Row[] {
  if (before.fulfilments === after.fulfilments && before.lines === after.lines) return [];
  const rows: Row[] = [];
  const lost = new Map<number, { fulfilment: number; quantity: number }[]>();
  after.fulfilments.forEach((fulfilment, position) => {
    const known = before.fulfilments[position];
    if (!known || known === fulfilment) return;
    const isLeaving = fulfilment.state === 'handed-over' && known.state !== 'handed-over';
    fulfilment.lines.forEach(({ line, quantity }, index) => {
      const gone = at(known.lines, index).quantity - quantity;
      if (gone > 0) lost.set(line, [...(lost.get(line) ?? []), { fulfilment: position, quantity: gone }]);
      if (isLeaving && quantity > 0) rows.push(unitRow(after, 'delivery', line, quantity, position));
    });
  });
  if (FINDS_LESS.has(name)) {
    for (const [line, parts] of lost) {
      for (const { fulfilment, quantity } of parts) rows.push(unitRow(after, 'short-pick', line, quantity, fulfilment));
    }
  }
  return [...rows, ...cancellations(before, after, lost)];
}

/** Units that a fulfilment lost first; others waited for a store. */
function cancellations(
  before: OrderRecord,
  after: OrderRecord,
  lost: ReadonlyMap<number, readonly { fulfilment: number; quantity: number }[]>,
): Row[] {
  if (before.lines === after.lines) return [];
  return after.lines.flatMap(({ cancelled }, line) => {
    let left = cancelled - at(before.lines, line).cancelled;
    if (left === 0) return [];
    const rows: Row[] = [];
    for (const { fulfilment, quantity } of lost.get(line) ?? []) {
      const here = Math.min(left, quantity);
      left -= here;
      if (here > 0) rows.push(unitRow(after, 'cancellation', line, here, fulfilment));
    }
    return left > 0 ? [...rows, unitRow(after, 'cancellation', line, left)] : rows;
  });
}
