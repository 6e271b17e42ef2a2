/** Goods leave, with the carrier or with the customer: only when they are paid for. What he refuses at the counter is refunded at once. */
import { create } from 'mutative';
import type { Effect, Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { hasLapsed, isAwaitingFunds } from '../capture/awaiting-funds.ts';
import { isFunded, lastReason } from '../capture/capture.ts';
import { at, type Fulfilment, instant, type OrderRecord, type Working } from '../record.ts';
import { addressed, inState } from './addressed.ts';
import { cancelUnits } from './cancel-units.ts';
import { beyond, leftBehind } from './counter.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { aboutStock, unitsOf } from './store-work.ts';

interface Delivery {
  by: 'carrier' | 'customer';
  carrier?: string;
  tracking?: string;
  /** What the customer takes; all that is ready where nothing is said. */
  taken?: UnitsByLine;
}

export function ship(record: OrderRecord, message: Message<OrderCommands['ship']>): Verdict<OrderRecord> {
  if (record.mode !== 'ship') return refuse('wrong-state', `order ${record.id} is collected in a store`);
  const { carrier, tracking } = message.payload;
  const delivery: Delivery = { by: 'carrier' };
  if (carrier !== undefined) delivery.carrier = carrier;
  if (tracking !== undefined) delivery.tracking = tracking;
  return handOver(record, message, delivery);
}

export function collect(record: OrderRecord, message: Message<OrderCommands['collect']>): Verdict<OrderRecord> {
  if (record.mode === 'ship') return refuse('wrong-state', `order ${record.id} is shipped`);
  const { lines } = message.payload;
  if (!lines) return handOver(record, message, { by: 'customer' });
  const requested = requestedUnits(record, lines);
  if ('refuse' in requested) return requested;
  return handOver(record, message, { by: 'customer', taken: requested.units });
}

function handOver(
  record: OrderRecord,
  message: Message<OrderCommands['ship' | 'collect']>,
  { taken, ...delivery }: Delivery,
): Verdict<OrderRecord> {
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const offered = unitsOf(fulfilment);
  const left = taken ?? offered;
  const wrong = partlyReady(fulfilment) ?? inState(fulfilment, 'ready') ?? beyond(record, fulfilment, offered, left);
  if (wrong) return wrong;
  if (left.size > 0 && !isFunded(record, fulfilment)) return refuse('not-funded', whyNotFunded(record, fulfilment));
  const refused = leftBehind(offered, left);
  const next = create(record, (draft) => {
    cancelUnits(record, draft, new Map([[position, refused]]));
    if (left.size > 0) markHandedOver(draft, record, position, message.at);
    const { carrier, tracking } = delivery;
    if (carrier !== undefined) at(draft.fulfilments, position).carrier = carrier;
    if (tracking !== undefined) at(draft.fulfilments, position).tracking = tracking;
  });
  const effects = [
    ...aboutStock(record, fulfilment, 'hand-over', left),
    ...aboutStock(record, fulfilment, 'release', refused),
    ...(left.size > 0 ? [handedOver(fulfilment, delivery)] : []),
    ...itemsRefused(record, fulfilment, refused),
  ];
  return { record: next, effects };
}

/** It waits for the store's people, not for the customer: no time runs until they have said what becomes of the rest. */
function partlyReady({ id, state, lines }: Fulfilment): { refuse: Refusal } | undefined {
  if (state !== 'accepted' || lines.every(({ ready }) => ready === 0)) return undefined;
  return refuse('wrong-state', `${id} is partly ready: get the rest ready, or say what is missing with short-pick`);
}

function whyNotFunded(record: OrderRecord, fulfilment: Fulfilment): string {
  if (hasLapsed(record, fulfilment)) return `${fulfilment.id}: its authorisation ended before it was captured`;
  const reason = isAwaitingFunds(record, fulfilment) ? lastReason(record, fulfilment.id) : undefined;
  return `${fulfilment.id}: ${reason ?? 'its money is not confirmed'}`;
}

export function markHandedOver(draft: Working, record: OrderRecord, position: number, now: number): void {
  const fulfilment = at(draft.fulfilments, position);
  fulfilment.state = 'handed-over';
  fulfilment.handOver = record.fulfilments.filter(({ state }) => state === 'handed-over').length;
  fulfilment.handedOverAt = instant(now);
  for (const { line, quantity } of fulfilment.lines) at(draft.lines, line).handedOver += quantity;
}

function itemsRefused(record: OrderRecord, { id, store }: Fulfilment, refused: UnitsByLine): Effect[] {
  if (refused.size === 0) return [];
  const payload = { fulfilment: id, store, lines: namedUnits(record, refused) };
  return [{ effect: 'event', name: 'items-refused', payload }];
}

function handedOver({ id, store }: Fulfilment, delivery: Omit<Delivery, 'taken'>): Effect {
  return { effect: 'event', name: 'handed-over', payload: { fulfilment: id, store, ...delivery } };
}
