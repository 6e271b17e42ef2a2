/**
 * How long goods wait for the customer: those of click and collect from ready on, those of reserve and collect from accepted on; and,
 * where that is configured, how long those that the store prepares are waited for, from accepted on.
 * The timers are read off the record before and after a step, so that no step can forget them. Nothing runs out while an order is
 * held: its customer can't come; the time begins anew on release.
 */
import { create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import { isRaised, raise } from '../attention/attention.ts';
import { at, type Fulfilment, fulfilmentAt, type OrderPolicy, type OrderRecord } from '../record.ts';
import { cancelUnits } from './cancel-units.ts';
import { namedUnits } from './requested-units.ts';
import { aboutStock, tellWithdrawn, unitsOf } from './store-work.ts';

/** The customer does not come. */
type Absence = 'not-collected' | 'reservation-expired';

const NOT_READY = 'not-ready';
type Deadline = Absence | typeof NOT_READY;

const REASONS: Record<Absence, string> = {
  'not-collected': 'not collected in time',
  'reservation-expired': 'the reservation ran out',
};

export function deadlineTimers(
  before: OrderRecord | undefined,
  after: OrderRecord,
  { at: now, sender }: Message,
  policy: OrderPolicy,
): Effect[] {
  return deadlinesOf(after).flatMap((name) => {
    const within = withinMs(name, policy);
    if (within === undefined) return [];
    return after.fulfilments.flatMap((fulfilment, position): Effect[] => {
      const was = before?.fulfilments[position];
      const waited = before !== undefined && was !== undefined && isWaitedFor(name, before, was);
      const waits = isWaitedFor(name, after, fulfilment);
      if (waited === waits) return [];
      const timer = `${name}-${fulfilment.id}`;
      const payload: ToOrder[Deadline] = { fulfilment: fulfilment.id };
      if (waits) return [{ effect: 'timer', timer, at: now + within, name, payload }];
      // The one that has just run out needs no stopping.
      return sender.kind === 'timer' ? [] : [{ effect: 'cancel-timer', timer }];
    });
  });
}

/** A till needs nothing ready. */
function deadlinesOf({ mode }: OrderRecord): Deadline[] {
  if (mode === 'reserve-and-collect') return ['reservation-expired'];
  return mode === 'click-and-collect' ? [NOT_READY, 'not-collected'] : [NOT_READY];
}

function absenceOf({ mode }: OrderRecord): Absence | undefined {
  if (mode === 'click-and-collect') return 'not-collected';
  return mode === 'reserve-and-collect' ? 'reservation-expired' : undefined;
}

function withinMs(name: Deadline, { collectWithinMs, reserveForMs, readyWithinMs }: OrderPolicy): number | undefined {
  if (name === NOT_READY) return readyWithinMs;
  return name === 'not-collected' ? collectWithinMs : reserveForMs;
}

function isWaitedFor(name: Deadline, record: OrderRecord, { id, state }: Fulfilment): boolean {
  if (record.held) return false;
  if (name === NOT_READY) return state === 'accepted' && !isRaised(record, NOT_READY, id);
  return state === 'ready' || (state === 'accepted' && name === 'reservation-expired');
}

/** A person asks the store what became of it. */
export function readyOverdue(
  record: OrderRecord,
  { payload, at: now }: Message<ToOrder[typeof NOT_READY]>,
  { readyWithinMs }: OrderPolicy,
): Verdict<OrderRecord> {
  const fulfilment = at(record.fulfilments, fulfilmentAt(record, payload.fulfilment));
  const { id, store, state } = fulfilment;
  if (readyWithinMs === undefined || !isWaitedFor(NOT_READY, record, fulfilment))
    return { ignore: `${id} is ${state}` };
  const reason = `${store} accepted ${id} and has not made it ready in time; ready, short-pick, decline or cancel ends it`;
  const next = create(record, (draft) => raise(draft, NOT_READY, id, reason, now));
  return { record: next, effects: [{ effect: 'event', name: NOT_READY, payload: { fulfilment: id, store } }] };
}

/** What nobody waits for any more is not overdue. */
export function withoutEndedWaits(record: OrderRecord): OrderRecord {
  const isOver = ({ code, about }: OrderRecord['attention'][number]): boolean =>
    code === NOT_READY && !record.fulfilments.some(({ id, state }) => id === about && state === 'accepted');
  if (!record.attention.some(isOver)) return record;
  return { ...record, attention: record.attention.filter((known) => !isOver(known)) };
}

/** The stock is released, and what was paid is given back. */
export function deadlinePassed(record: OrderRecord, { payload }: Message<ToOrder[Absence]>): Verdict<OrderRecord> {
  const name = absenceOf(record);
  const position = fulfilmentAt(record, payload.fulfilment);
  const fulfilment = at(record.fulfilments, position);
  if (!name || !isWaitedFor(name, record, fulfilment)) return { ignore: `${fulfilment.id} is ${fulfilment.state}` };
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
