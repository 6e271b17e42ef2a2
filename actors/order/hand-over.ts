/** Goods leave, with the carrier or with the customer: only when they are paid for. */
import { create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { addressed, inState } from './addressed.ts';
import { isFunded } from './capture.ts';
import { at, type Fulfilment, instant, type OrderRecord, type Working } from './record.ts';
import { aboutStock, unitsOf } from './store-work.ts';

interface Delivery {
  by: 'carrier' | 'customer';
  carrier?: string;
  tracking?: string;
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
  return handOver(record, message, { by: 'customer' });
}

function handOver(
  record: OrderRecord,
  message: Message<OrderCommands['ship' | 'collect']>,
  delivery: Delivery,
): Verdict<OrderRecord> {
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const wrong = inState(fulfilment, 'ready');
  if (wrong) return wrong;
  if (!isFunded(record, fulfilment)) return refuse('not-funded', `${fulfilment.id}: its money is not confirmed`);
  const next = create(record, (draft) => {
    markHandedOver(draft, record, position, message.at);
    const { carrier, tracking } = delivery;
    if (carrier !== undefined) at(draft.fulfilments, position).carrier = carrier;
    if (tracking !== undefined) at(draft.fulfilments, position).tracking = tracking;
  });
  const effects = [
    ...aboutStock(record, fulfilment, 'hand-over', unitsOf(fulfilment)),
    handedOver(fulfilment, delivery),
  ];
  return { record: next, effects };
}

export function markHandedOver(draft: Working, record: OrderRecord, position: number, now: number): void {
  const fulfilment = at(draft.fulfilments, position);
  fulfilment.state = 'handed-over';
  fulfilment.handOver = record.fulfilments.filter(({ state }) => state === 'handed-over').length;
  fulfilment.handedOverAt = instant(now);
  for (const { line, quantity } of fulfilment.lines) at(draft.lines, line).handedOver += quantity;
}

function handedOver({ id, store }: Fulfilment, delivery: Delivery): Effect {
  return { effect: 'event', name: 'handed-over', payload: { fulfilment: id, store, ...delivery } };
}
