/**
 * Units that were promised and are not there: the newest work loses them, and its order looks elsewhere. Where more work loses than
 * one step may tell, the rest is on hand and promised until the next: nothing new is promised of it.
 */
import type { Effect } from '../../protocols/actor.ts';
import type { SkuUnits, ToOrder } from '../../protocols/internal.ts';
import type { HoldingsEdit, Work } from './holdings.ts';

/** Work that loses in one step: what is said of it is to fit into a commit, with all pages of a store. */
const MAX_LOSING = 500;

export interface Loss {
  effects: Effect[];
  /** Units that are still to be lost, by sku. */
  left: [sku: string, quantity: number][];
}

/** Leaves no row with more reserved than on hand. */
export function loseReserved(edit: HoldingsEdit): Loss {
  const missing = new Map<string, number>();
  for (const [sku, onHand, reserved] of edit.changed()) {
    if (reserved > onHand) missing.set(sku, reserved - onHand);
  }
  if (missing.size === 0) return { effects: [], left: [] };
  const concerned = edit.allWork().filter(({ lines }) => lines.some(({ sku }) => missing.has(sku)));
  const effects: Effect[] = [];
  for (const work of concerned.sort((a, b) => b.since - a.since)) {
    if (effects.length === MAX_LOSING) break;
    effects.push(...takeFrom(edit, work, missing));
  }
  const left = [...missing].filter(([, quantity]) => quantity > 0);
  for (const [sku] of left) {
    const [, , reserved] = edit.stockOf(sku);
    edit.setStock(sku, reserved, reserved);
  }
  return { effects, left };
}

function takeFrom(edit: HoldingsEdit, work: Work, missing: Map<string, number>): Effect[] {
  const lost: SkuUnits[] = [];
  const kept: SkuUnits[] = [];
  for (const line of work.lines) {
    const stillMissing = missing.get(line.sku) ?? 0;
    const quantity = Math.min(stillMissing, line.quantity);
    if (quantity > 0) {
      const [, onHand, reserved] = edit.stockOf(line.sku);
      edit.setStock(line.sku, onHand, reserved - quantity);
      missing.set(line.sku, stillMissing - quantity);
      lost.push({ ...line, quantity });
    }
    if (quantity < line.quantity) kept.push({ ...line, quantity: line.quantity - quantity });
  }
  if (lost.length === 0) return [];
  edit.changeWork(work, kept);
  const payload: ToOrder['stock-lost'] = {
    fulfilment: work.fulfilment,
    lines: lost.map(({ line, quantity }) => ({ line, quantity })),
  };
  return [{ effect: 'send', entity: 'order', id: work.order, name: 'stock-lost', payload }];
}
