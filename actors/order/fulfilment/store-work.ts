/** What an order says to a store: to the actor that keeps its stock, and to its people. */
import type { Effect } from '../../../protocols/actor.ts';
import type { SkuUnits, ToStore } from '../../../protocols/internal.ts';
import { at, type Fulfilment, type OrderPolicy, type OrderRecord } from '../record.ts';
import { namedUnits, skuUnits, type UnitsByLine } from './requested-units.ts';

export function unitsOf(fulfilment: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, quantity } of fulfilment.lines) if (quantity > 0) units.set(line, quantity);
  return units;
}

export function askToReserve(record: OrderRecord, fulfilment: Fulfilment): Effect {
  const lines = skuUnits(record, unitsOf(fulfilment));
  const { takenAt } = record;
  const payload: ToStore['reserve'] = {
    order: record.id,
    fulfilment: fulfilment.id,
    lines,
    ...(takenAt && { takenAt }),
  };
  return toStore(fulfilment, 'reserve', payload);
}

/** `release`, `short` and `hand-over` of stock that the store reserved for this fulfilment; `late-hand-over` of stock that it did. */
export function aboutStock(
  record: OrderRecord,
  fulfilment: Fulfilment,
  name: 'release' | 'short' | 'hand-over' | 'late-hand-over',
  units: UnitsByLine,
): Effect[] {
  if (units.size === 0) return [];
  const lines: SkuUnits[] = skuUnits(record, units);
  return [toStore(fulfilment, name, { fulfilment: fulfilment.id, lines })];
}

function toStore({ store }: Fulfilment, name: string, payload: unknown): Effect {
  return { effect: 'send', entity: 'store', id: store, name, payload };
}

export function tellAssigned(record: OrderRecord, fulfilment: Fulfilment, accepted: boolean): Effect {
  const lines = [...unitsOf(fulfilment)].map(([position, quantity]) => {
    const { line, sku, name } = at(record.items, position);
    return { line, sku, ...(name === undefined ? {} : { name }), quantity };
  });
  const payload = { fulfilment: fulfilment.id, mode: record.mode, accepted, lines };
  return { effect: 'tell', origin: fulfilment.store, name: 'assigned', payload };
}

export function tellWithdrawn(record: OrderRecord, fulfilment: Fulfilment, units: UnitsByLine, reason: string): Effect {
  const payload = { fulfilment: fulfilment.id, lines: namedUnits(record, units), reason };
  return { effect: 'tell', origin: fulfilment.store, name: 'withdrawn', payload };
}

export function startOfferTimer({ id }: Fulfilment, at: number, policy: OrderPolicy): Effect {
  const due = at + policy.offerTimeoutMs;
  return { effect: 'timer', timer: offerTimer(id), at: due, name: 'offer-expired', payload: { fulfilment: id } };
}

/** Only an offer that was reserved runs against the clock. */
export function stopOfferTimer({ id, state, terms }: Fulfilment): Effect[] {
  return state === 'offered' && terms ? [{ effect: 'cancel-timer', timer: offerTimer(id) }] : [];
}

const offerTimer = (fulfilment: string): string => `offer-${fulfilment}`;
