/** Goods that got ready before the exchange that pays for them: their money is taken as soon as it has come. */
import { castDraft, create } from 'mutative';
import type { Effect } from '../../protocols/actor.ts';
import { type CapturePlan, planCapture } from './capture.ts';
import type { Books } from './ledger.ts';
import { unitsIn } from './pieces.ts';
import { at, type Entry, type Fulfilment, isOpen, type OrderPolicy, type OrderRecord } from './record.ts';
import { namedUnits, type UnitsByLine } from './requested-units.ts';

export function fundReady(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  if (!record.exchange || record.held) return { record, effects: [] };
  let books: Books = { record, effects: [] };
  record.fulfilments.forEach((fulfilment, position) => {
    const units = isOpen(fulfilment) ? unpaidUnits(fulfilment) : new Map<number, number>();
    if (units.size === 0) return;
    const plan = planCapture(books.record, fulfilment, units, now, policy);
    if (plan.pieces.size === 0) return;
    const effects = [...books.effects, funded(books.record, fulfilment, units, plan), ...plan.effects];
    books = { record: withMoney(books.record, position, plan), effects };
  });
  return books;
}

function unpaidUnits({ lines }: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, ready, pieces } of lines) {
    const unpaid = ready - unitsIn(pieces);
    if (unpaid > 0) units.set(line, unpaid);
  }
  return units;
}

function withMoney(record: OrderRecord, position: number, { pieces, entries }: CapturePlan): OrderRecord {
  return create(record, (draft) => {
    for (const work of at(draft.fulfilments, position).lines) {
      const piece = pieces.get(work.line);
      if (!piece) continue;
      work.pieces.push(castDraft(piece));
      at(draft.lines, work.line).taken += piece.quantity;
    }
    draft.ledger.push(...castDraft(entries as Entry[]));
  });
}

function funded(record: OrderRecord, { id, store }: Fulfilment, units: UnitsByLine, { entries }: CapturePlan): Effect {
  const [lead] = entries;
  const amount = entries.reduce((sum, entry) => sum + entry.amount, 0);
  const money = lead ? { entry: lead.key, amount } : {};
  const payload = { fulfilment: id, store, lines: namedUnits(record, units), ...money };
  return { effect: 'event', name: 'funding', payload };
}
