/** Units that were promised and are not there: the newest work loses them, and its order looks elsewhere. */
import type { Effect } from '../../protocols/actor.ts';
import type { SkuUnits, ToOrder } from '../../protocols/internal.ts';
import type { HoldingsEdit, Work } from './holdings.ts';

/** Leaves no row with more reserved than on hand. */
export function loseReserved(edit: HoldingsEdit): Effect[] {
  const missing = new Map<string, number>();
  for (const [sku, onHand, reserved] of edit.changed()) {
    if (reserved > onHand) missing.set(sku, reserved - onHand);
  }
  if (missing.size === 0) return [];
  for (const [sku] of missing) {
    const [, onHand] = edit.stockOf(sku);
    edit.setStock(sku, onHand, onHand);
  }
  const concerned = edit.allWork().filter(({ lines }) => lines.some(({ sku }) => missing.has(sku)));
  return concerned.sort((a, b) => b.since - a.since).flatMap((work) => takeFrom(edit, work, missing));
}

function takeFrom(edit: HoldingsEdit, work: Work, missing: Map<string, number>): Effect[] {
  const lost: SkuUnits[] = [];
  const left: SkuUnits[] = [];
  for (const line of work.lines) {
    const stillMissing = missing.get(line.sku) ?? 0;
    const quantity = Math.min(stillMissing, line.quantity);
    missing.set(line.sku, stillMissing - quantity);
    if (quantity > 0) lost.push({ ...line, quantity });
    if (quantity < line.quantity) left.push({ ...line, quantity: line.quantity - quantity });
  }
  if (lost.length === 0) return [];
  edit.changeWork(work, left);
  const payload: ToOrder['stock-lost'] = {
    fulfilment: work.fulfilment,
    lines: lost.map(({ line, quantity }) => ({ line, quantity })),
  };
  return [{ effect: 'send', entity: 'order', id: work.order, name: 'stock-lost', payload }];
}
