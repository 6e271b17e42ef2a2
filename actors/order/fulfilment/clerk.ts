/** What a store's people say before the goods are ready: accept, decline, short-pick. */
import { create } from 'mutative';
import type { Message } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { afterLoss, exclude } from '../placing/losing-a-store.ts';
import { giveToNext } from '../placing/sourcing.ts';
import { at, type Fulfilment, type OrderRecord } from '../record.ts';
import { addressed, inState } from './addressed.ts';
import { cut } from './cut.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { aboutStock, stopOfferTimer } from './store-work.ts';

export function accept(record: OrderRecord, message: Message<OrderCommands['accept']>): Verdict<OrderRecord> {
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const wrong = inState(fulfilment, 'offered');
  if (wrong) return wrong;
  const next = create(record, (draft) => {
    at(draft.fulfilments, position).state = 'accepted';
  });
  const payload = { fulfilment: fulfilment.id, store: fulfilment.store };
  return { record: next, effects: [...stopOfferTimer(fulfilment), { effect: 'event', name: 'accepted', payload }] };
}

export function decline(record: OrderRecord, message: Message<OrderCommands['decline']>): Verdict<OrderRecord> {
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const wrong = inState(fulfilment, 'offered', 'accepted');
  if (wrong) return wrong;
  if (fulfilment.lines.some(({ ready }) => ready > 0)) {
    return refuse('wrong-state', `${fulfilment.id} is partly ready: say what is missing with short-pick`);
  }
  const { reason } = message.payload;
  const payload = { fulfilment: fulfilment.id, store: fulfilment.store, ...(reason === undefined ? {} : { reason }) };
  return giveToNext(record, position, message.at, (units) => [
    ...stopOfferTimer(fulfilment),
    ...aboutStock(record, fulfilment, 'release', units),
    { effect: 'event', name: 'declined', payload },
  ]);
}

export function shortPick(record: OrderRecord, message: Message<OrderCommands['short-pick']>): Verdict<OrderRecord> {
  const requested = requestedUnits(record, message.payload.lines);
  if ('refuse' in requested) return requested;
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const missing = requested.units;
  const wrong = inState(fulfilment, 'offered', 'accepted') ?? notAllocated(record, fulfilment, missing);
  if (wrong) return wrong;
  const next = create(record, (draft) => {
    cut(record, draft, position, missing, 'waiting');
    exclude(draft, record, fulfilment.store, missing, message.at);
  });
  const gone = at(next.fulfilments, position).state === 'cancelled';
  const payload = { fulfilment: fulfilment.id, store: fulfilment.store, lines: namedUnits(record, missing) };
  return {
    record: next,
    effects: [
      ...(gone ? stopOfferTimer(fulfilment) : []),
      ...aboutStock(record, fulfilment, 'short', missing),
      { effect: 'event', name: 'short-picked', payload },
      ...afterLoss(record, next, missing),
    ],
  };
}

/** More than is allocated to this fulfilment and not ready yet. */
export function notAllocated(
  record: OrderRecord,
  fulfilment: Fulfilment,
  units: UnitsByLine,
): ReturnType<typeof refuse> | undefined {
  const left = new Map(fulfilment.lines.map(({ line, quantity, ready }) => [line, quantity - ready]));
  for (const [position, count] of units) {
    const allocated = left.get(position) ?? 0;
    if (count <= allocated) continue;
    const { line } = at(record.items, position);
    return refuse('exceeds-allocated', `line ${line}: ${count} of ${allocated} that ${fulfilment.id} has open`);
  }
  return undefined;
}
