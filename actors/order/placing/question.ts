/** What sourcing is asked: for whom, what, and who was tried before. */
import type { Effect } from '../../../protocols/actor.ts';
import type { SourcingQuestion } from '../../../protocols/sourcing.ts';
import type { UnitsByLine } from '../fulfilment/requested-units.ts';
import { at, type OrderRecord } from '../record.ts';

/** Nothing is asked while the order is held: `release` asks for all that waits. */
export function ask(record: OrderRecord, units: UnitsByLine): Effect[] {
  if (record.held || units.size === 0) return [];
  // No prototype: a line may be called `__proto__`.
  const excluded: Record<string, string[]> = Object.create(null);
  const lines = [...units].map(([position, quantity]) => {
    const { line, sku, pin } = at(record.items, position);
    const tried = at(record.lines, position).excluded;
    if (tried.length > 0) excluded[line] = [...tried];
    return { line, sku, quantity, ...(pin === undefined ? {} : { store: pin }) };
  });
  const question: SourcingQuestion = { order: record.id, lines, excluded };
  if (record.destination) question.destination = { ...record.destination };
  return [{ effect: 'source', question }];
}
