/**
 * How long goods wait for the customer: those of click and collect from ready on, those of reserve and collect from accepted on.
 * The timers are read off the record before and after a step, so that no step can forget them. Nothing runs out while an order is
 * held: its customer can't come; the time begins anew on release.
 */
import { create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { ToOrder } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { cancelUnits } from './cancel-units.ts';
import { at, type Fulfilment, fulfilmentAt, type OrderPolicy, type OrderRecord } from './record.ts';
import { namedUnits } from './requested-units.ts';
import { aboutStock, tellWithdrawn, unitsOf } from './store-work.ts';

type Deadline = 'not-collected' | 'reservation-expired';

const REASONS: Record<Deadline, string> = {
  'not-collected': 'not collected in time',
  'reservation-expired': 'the reservation ran out',
};

export function deadlineTimers(
  before: OrderRecord | undefined,
  after: OrderRecord,
  { at: now, sender }: Message,
  policy: OrderPolicy,
): Effect[] {
  const name = deadlineOf(after);
  if (!name) return [];
  const withinMs = name === 'not-collected' ? policy.collectWithinMs : policy.reserveForMs;
  return after.fulfilments.flatMap((fulfilment, position): Effect[] => {
    const was = before?.fulfilments[position];
    const waited = before !== undefined && was !== undefined && isWaitedFor(before, was);
    const waits = isWaitedFor(after, fulfilment);
    if (waited === waits) return [];
    const timer = `${name}-${fulfilment.id}`;
    const payload: ToOrder[Deadline] = { fulfilment: fulfilment.id };
    if (waits) return [{ effect: 'timer', timer, at: now + withinMs, name, payload }];
    // The one that has just run out needs no stopping.
    return sender.kind === 'timer' ? [] : [{ effect: 'cancel-timer', timer }];
  });
}

function deadlineOf({ mode }: OrderRecord): Deadline | undefined {
  if (mode === 'click-and-collect') return 'not-collected';
  return mode === 'reserve-and-collect' ? 'reservation-expired' : undefined;
}

function isWaitedFor({ mode, held }: OrderRecord, { state }: Fulfilment): boolean {
  return !held && (state === 'ready' || (state === 'accepted' && mode === 'reserve-and-collect'));
}

/** The stock is released, and what was paid is given back. */
export function deadlinePassed(record: OrderRecord, { payload }: Message<ToOrder[Deadline]>): Verdict<OrderRecord> {
  const name = deadlineOf(record);
  const position = fulfilmentAt(record, payload.fulfilment);
  const fulfilment = at(record.fulfilments, position);
  if (!name || !isWaitedFor(record, fulfilment)) return { ignore: `${fulfilment.id} is ${fulfilment.state}` };
  const units = unitsOf(fulfilment);
  const next = create(record, (draft) => {
    cancelUnits(record, draft, new Map([[position, units]]));
    if (name !== 'reservation-expired') return;
    for (const work of at(draft.fulfilments, position).lines) work.expired = units.get(work.line) ?? 0;
  });
  const { id, store } = fulfilment;
  return {
    record: next,
    effects: [
      ...aboutStock(record, fulfilment, 'release', units),
      tellWithdrawn(record, fulfilment, units, REASONS[name]),
      { effect: 'event', name, payload: { fulfilment: id, store, lines: namedUnits(record, units) } },
    ],
  };
}

/** The units whose reservation ran out. A till may not have heard of it: its ticket is money that was taken. */
export function expiredUnits({ state, lines }: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  if (state !== 'cancelled') return units;
  for (const { line, expired = 0 } of lines) if (expired > 0) units.set(line, expired);
  return units;
}
