/** Goods are ready for the customer or the carrier: their money is taken now, or as soon as it can be. */
import { create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { addressed, inState } from './addressed.ts';
import { planCaptures } from './capture.ts';
import { notAllocated } from './clerk.ts';
import { isReady } from './cut.ts';
import { at, type Fulfilment, type OrderPolicy, type OrderRecord } from './record.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { stopOfferTimer } from './store-work.ts';

export function ready(
  record: OrderRecord,
  message: Message<OrderCommands['ready']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const { lines } = message.payload;
  const requested = lines ? requestedUnits(record, lines) : undefined;
  if (requested && 'refuse' in requested) return requested;
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const units = requested?.units ?? notReady(fulfilment);
  // From an offer it means accepted and ready at once.
  const wrong = inState(fulfilment, 'offered', 'accepted') ?? notAllocated(record, fulfilment, units);
  if (wrong) return wrong;
  if (units.size === 0) return refuse('exceeds-allocated', `${fulfilment.id} has nothing open`);
  const books = planCaptures(markReady(record, position, units), message.at, policy);
  const event = readyEvent(record, books.record, fulfilment, units);
  return { record: books.record, effects: [...stopOfferTimer(fulfilment), event, ...books.effects] };
}

function notReady(fulfilment: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, quantity, ready } of fulfilment.lines) if (quantity > ready) units.set(line, quantity - ready);
  return units;
}

function markReady(record: OrderRecord, position: number, units: UnitsByLine): OrderRecord {
  return create(record, (draft) => {
    const fulfilment = at(draft.fulfilments, position);
    at(record.fulfilments, position).lines.forEach(({ line }, index) => {
      at(fulfilment.lines, index).ready += units.get(line) ?? 0;
    });
    fulfilment.state = fulfilment.lines.every(isReady) ? 'ready' : 'accepted';
  });
}

/** With the capture that it brought, if any. */
function readyEvent(before: OrderRecord, after: OrderRecord, { id, store }: Fulfilment, units: UnitsByLine): Effect {
  const entries = after.ledger.slice(before.ledger.length);
  const [lead] = entries;
  const amount = entries.reduce((sum, entry) => sum + entry.amount, 0);
  const money = lead ? { entry: lead.key, amount } : {};
  const payload = { fulfilment: id, store, lines: namedUnits(before, units), ...money };
  return { effect: 'event', name: 'ready', payload };
}
