/** Takes back all or some of what was not handed over, before or after it got ready. */
import { create } from 'mutative';
import type { Effect, Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { refuse, type Verdict } from '../../chart.ts';
import type { Books } from '../ledger/ledger.ts';
import { at, type Fulfilment, isOpen, type OrderRecord } from '../record.ts';
import { cancelUnits } from './cancel-units.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { aboutStock, stopOfferTimer, tellWithdrawn } from './store-work.ts';

type Cancel = OrderCommands['cancel'];

export function cancel(record: OrderRecord, { payload }: Message<Cancel>): Verdict<OrderRecord> {
  const wanted = unitsToCancel(record, payload);
  return 'refuse' in wanted ? wanted : cancelled(record, wanted, payload.reason);
}

/** By position of the line. */
export function notReady(record: OrderRecord): Map<number, number> {
  const units = new Map<number, number>();
  record.lines.forEach(({ waiting }, position) => {
    if (waiting > 0) units.set(position, waiting);
  });
  for (const fulfilment of record.fulfilments) {
    if (!isOpen(fulfilment)) continue;
    for (const { line, quantity, ready } of fulfilment.lines) {
      if (quantity > ready) units.set(line, (units.get(line) ?? 0) + quantity - ready);
    }
  }
  return units;
}

export function cancelled(record: OrderRecord, wanted: UnitsByLine, why: string | undefined): Books {
  const { waiting, cuts } = planCuts(record, wanted);
  const next = create(record, (draft) => {
    for (const [position, count] of waiting) {
      const line = at(draft.lines, position);
      line.waiting -= count;
      line.dropped += count;
      line.cancelled += count;
    }
    cancelUnits(record, draft, cuts);
  });
  const reason = why === undefined ? {} : { reason: why };
  const event: Effect = {
    effect: 'event',
    name: 'lines-cancelled',
    payload: { ...reason, lines: namedUnits(record, wanted) },
  };
  return { record: next, effects: [event, ...withdrawals(record, next, cuts)] };
}

function unitsToCancel(record: OrderRecord, { lines }: Cancel): Map<number, number> | { refuse: Refusal } {
  const cancellable = new Map<number, number>();
  record.lines.forEach((line, position) => {
    const left = at(record.items, position).quantity - line.cancelled - line.handedOver;
    if (left > 0) cancellable.set(position, left);
  });
  if (cancellable.size === 0) return refuse('wrong-state', `order ${record.id} has nothing left to cancel`);
  if (!lines) return cancellable;
  const requested = requestedUnits(record, lines);
  if ('refuse' in requested) return requested;
  for (const [position, count] of requested.units) {
    const most = cancellable.get(position) ?? 0;
    if (count > most) {
      return refuse(
        'exceeds-allocated',
        `line ${at(record.items, position).line}: ${count} of ${most} that can be cancelled`,
      );
    }
  }
  return requested.units;
}

/**
 * Whose units: first those that wait for a store, then those that are not ready, then ready ones; the newest fulfilment first.
 * So the least work is lost, and the least money has to come back.
 */
function planCuts(
  record: OrderRecord,
  wanted: UnitsByLine,
): { waiting: Map<number, number>; cuts: Map<number, Map<number, number>> } {
  const left = new Map(wanted);
  const waiting = new Map<number, number>();
  const cuts = new Map<number, Map<number, number>>();
  for (const [position, count] of wanted)
    take(left, waiting, position, Math.min(count, at(record.lines, position).waiting));
  for (const kind of ['open', 'ready'] as const) {
    for (let position = record.fulfilments.length - 1; position >= 0; position--) {
      const fulfilment = at(record.fulfilments, position);
      if (!isOpen(fulfilment)) continue;
      const units = cuts.get(position) ?? new Map<number, number>();
      takeFrom(fulfilment, kind, left, units);
      if (units.size > 0) cuts.set(position, units);
    }
  }
  return { waiting, cuts };
}

function takeFrom(
  fulfilment: Fulfilment,
  kind: 'open' | 'ready',
  left: Map<number, number>,
  units: Map<number, number>,
): void {
  for (const { line, quantity, ready } of fulfilment.lines) {
    const here = kind === 'open' ? quantity - ready : ready;
    take(left, units, line, Math.min(left.get(line) ?? 0, here));
  }
}

function take(left: Map<number, number>, into: Map<number, number>, position: number, count: number): void {
  if (count === 0) return;
  into.set(position, (into.get(position) ?? 0) + count);
  left.set(position, (left.get(position) ?? 0) - count);
}

/** A store whose reservation is under way hears of it when it has reserved. */
function withdrawals(before: OrderRecord, after: OrderRecord, cuts: ReadonlyMap<number, UnitsByLine>): Effect[] {
  return [...cuts].flatMap(([position, units]) => {
    const fulfilment = at(before.fulfilments, position);
    if (!fulfilment.terms) return [];
    const gone = at(after.fulfilments, position).state === 'cancelled';
    return [
      ...(gone ? stopOfferTimer(fulfilment) : []),
      ...aboutStock(before, fulfilment, 'release', units),
      tellWithdrawn(before, fulfilment, units, 'cancelled'),
    ];
  });
}
