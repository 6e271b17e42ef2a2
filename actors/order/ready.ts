/** Goods are ready for the customer or the carrier: their money is taken now. */
import { castDraft, create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { addressed, inState } from './addressed.ts';
import { raise } from './attention.ts';
import { type CapturePlan, planCapture } from './capture.ts';
import { notAllocated } from './clerk.ts';
import { isReady } from './cut.ts';
import { at, type Entry, type Fulfilment, type OrderPolicy, type OrderRecord } from './record.ts';
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
  const plan = planCapture(record, fulfilment, units, message.at, policy);
  const next = markReady(record, position, units, plan, message.at);
  const event = readyEvent(record, fulfilment, units, plan);
  return { record: next, effects: [...stopOfferTimer(fulfilment), event, ...plan.effects] };
}

function notReady(fulfilment: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, quantity, ready } of fulfilment.lines) if (quantity > ready) units.set(line, quantity - ready);
  return units;
}

function markReady(
  record: OrderRecord,
  position: number,
  units: UnitsByLine,
  { pieces, entries, blocked }: CapturePlan,
  now: number,
): OrderRecord {
  return create(record, (draft) => {
    const fulfilment = at(draft.fulfilments, position);
    at(record.fulfilments, position).lines.forEach(({ line }, index) => {
      const count = units.get(line);
      if (count === undefined) return;
      const work = at(fulfilment.lines, index);
      work.ready += count;
      const piece = pieces.get(line);
      if (!piece) return;
      work.pieces.push(castDraft(piece));
      at(draft.lines, line).taken += count;
    });
    fulfilment.state = fulfilment.lines.every(isReady) ? 'ready' : 'accepted';
    draft.ledger.push(...castDraft(entries as Entry[]));
    if (blocked) raise(draft, blocked.code, fulfilment.id, blocked.reason, now);
  });
}

function readyEvent(record: OrderRecord, { id, store }: Fulfilment, units: UnitsByLine, plan: CapturePlan): Effect {
  const [lead] = plan.entries;
  const amount = plan.entries.reduce((sum, entry) => sum + entry.amount, 0);
  const money = lead ? { entry: lead.key, amount } : {};
  const payload = { fulfilment: id, store, lines: namedUnits(record, units), ...money };
  return { effect: 'event', name: 'ready', payload };
}
