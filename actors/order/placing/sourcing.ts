/** Who fulfils what: plans become offers, stores reserve or not, offers run out. */
import { create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import { extended } from '../../../protocols/extended.ts';
import type { ToOrder, Units } from '../../../protocols/internal.ts';
import type { Assignment } from '../../../protocols/sourcing.ts';
import type { Verdict } from '../../chart.ts';
import { cut } from '../fulfilment/cut.ts';
import { namedUnits } from '../fulfilment/requested-units.ts';
import {
  aboutStock,
  askToReserve,
  startOfferTimer,
  stopOfferTimer,
  tellAssigned,
  tellWithdrawn,
  unitsOf,
} from '../fulfilment/store-work.ts';
import { withDebtor } from '../payout/netting.ts';
import {
  at,
  type Fulfilment,
  fulfilmentAt,
  isOpen,
  type OrderPolicy,
  type OrderRecord,
  positionOf,
} from '../record.ts';
import { frozenRules } from './commission.ts';
import { afterLoss, exclude, giveUp, unfulfillable } from './losing-a-store.ts';
import { frozenTerms } from './store-terms.ts';

/** A plan answers for the units that still wait: some may have been cancelled since it was asked for. */
export function sourced(record: OrderRecord, { payload, at: now }: Message<ToOrder['sourced']>): Verdict<OrderRecord> {
  if (record.held) return { ignore: 'held: asked again on release' };
  const { assignments, unassigned, reason, unknown = [] } = payload.plan;
  const waiting = record.lines.map((line) => line.waiting);
  const offers = assignments.flatMap((assignment) => offerOf(record, assignment, waiting));
  const fulfilments = offers.map((offer, index) =>
    extended(offer, { id: `${record.id}-${record.fulfilments.length + index + 1}` }),
  );
  const lines = record.lines.map((line, position) => ({ ...line, waiting: at(waiting, position) }));
  const nobody = stillWaiting(record, unassigned, waiting);
  if (fulfilments.length === 0 && nobody.size === 0) return { ignore: 'nothing waits to be sourced' };
  const sourcing = [...record.sourcing, reason];
  const offered = { ...record, sourcing, lines, fulfilments: [...record.fulfilments, ...fulfilments] };
  const next =
    nobody.size === 0 ? offered : create(offered, (draft) => giveUp(draft, record, nobody, now, new Set(unknown)));
  const reserves = fulfilments.map((offer) => askToReserve(record, offer));
  return { record: next, effects: [...reserves, ...unfulfillable(record, nobody, unknown)] };
}

function offerOf(record: OrderRecord, { store, lines }: Assignment, waiting: number[]): Omit<Fulfilment, 'id'>[] {
  const units = stillWaiting(record, lines, waiting);
  if (units.size === 0) return [];
  const offered = [...units].map(([line, quantity]) => ({ line, asked: quantity, quantity, ready: 0, pieces: [] }));
  return [{ store, state: 'offered', lines: offered }];
}

/** Takes what it answers out of `waiting`. */
function stillWaiting(record: OrderRecord, lines: Assignment['lines'], waiting: number[]): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, quantity } of lines) {
    const position = positionOf(record, line);
    if (position === undefined) throw new Error(`a plan for ${record.id} names line ${line}`);
    const count = Math.min(quantity, at(waiting, position));
    if (count === 0) continue;
    waiting[position] = at(waiting, position) - count;
    units.set(position, (units.get(position) ?? 0) + count);
  }
  return units;
}

/** The store holds the stock: its terms are frozen, its people get to work (at once where they need not accept). */
export function reserved(
  record: OrderRecord,
  { payload, at: now }: Message<ToOrder['reserved']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const position = fulfilmentAt(record, payload.fulfilment);
  const before = at(record.fulfilments, position);
  if (before.terms) return { ignore: `${before.id} is reserved` };
  const cancelledMeanwhile = new Map<number, number>();
  for (const { line, asked, quantity } of before.lines)
    if (asked > quantity) cancelledMeanwhile.set(line, asked - quantity);
  const known = payload.owes ? withDebtor(record, before.store) : record;
  const state = before.state === 'offered' && payload.accepted ? 'accepted' : before.state;
  const terms = frozenTerms(payload.terms, policy);
  const fulfilment = extended(before, { state, terms, ...withRules(record, before, policy) });
  const next = { ...known, fulfilments: known.fulfilments.with(position, fulfilment) };
  const release = aboutStock(record, before, 'release', cancelledMeanwhile);
  if (before.state !== 'offered') return { record: next, effects: release };
  const effects = [...release, tellAssigned(next, fulfilment, payload.accepted), assigned(next, fulfilment)];
  if (!payload.accepted) effects.push(startOfferTimer(fulfilment, now, policy));
  return { record: next, effects };
}

function withRules(
  record: OrderRecord,
  fulfilment: Fulfilment,
  policy: OrderPolicy,
): Pick<Fulfilment, 'shipping' | 'lines'> {
  const { lines: rules, shipping } = frozenRules(record, fulfilment, policy);
  const lines = fulfilment.lines.map((line, index) => {
    const rule = rules[index];
    return rule ? extended(line, { rule }) : line;
  });
  return shipping ? { shipping, lines } : { lines };
}

function assigned(record: OrderRecord, fulfilment: Fulfilment): Effect {
  const { id, store, state } = fulfilment;
  const lines = namedUnits(record, unitsOf(fulfilment));
  return {
    effect: 'event',
    name: 'assigned',
    payload: { fulfilment: id, store, lines, accepted: state === 'accepted' },
  };
}

export function reserveRefused(
  record: OrderRecord,
  message: Message<ToOrder['reserve-refused']>,
): Verdict<OrderRecord> {
  const position = fulfilmentAt(record, message.payload.fulfilment);
  const fulfilment = at(record.fulfilments, position);
  if (fulfilment.state !== 'offered' || fulfilment.terms) return { ignore: `${fulfilment.id} is ${fulfilment.state}` };
  const short = message.payload.short && new Set(message.payload.short);
  const isShort = (line: number): boolean => short === undefined || short.has(at(record.items, line).line);
  return giveToNext(record, position, message.at, () => [], isShort);
}

export function offerExpired(record: OrderRecord, message: Message<ToOrder['offer-expired']>): Verdict<OrderRecord> {
  const position = fulfilmentAt(record, message.payload.fulfilment);
  const fulfilment = at(record.fulfilments, position);
  if (fulfilment.state !== 'offered' || !fulfilment.terms) return { ignore: `${fulfilment.id} is ${fulfilment.state}` };
  return giveToNext(record, position, message.at, (units) => [
    ...aboutStock(record, fulfilment, 'release', units),
    tellWithdrawn(record, fulfilment, units, 'nobody accepted in time'),
    { effect: 'event', name: 'offer-expired', payload: { fulfilment: fulfilment.id, store: fulfilment.store } },
  ]);
}

/** All units of an offer are sourced anew, without this store where it `hasNone`. */
export function giveToNext(
  record: OrderRecord,
  position: number,
  now: number,
  say: (units: Map<number, number>) => Effect[],
  hasNone: (line: number) => boolean = () => true,
): Verdict<OrderRecord> {
  const fulfilment = at(record.fulfilments, position);
  const units = unitsOf(fulfilment);
  const next = create(record, (draft) => {
    cut(record, draft, position, units, 'waiting');
    at(draft.fulfilments, position).state = 'declined';
    exclude(draft, record, fulfilment.store, new Map([...units].filter(([line]) => hasNone(line))), now);
  });
  return { record: next, effects: [...say(units), ...afterLoss(record, next, units)] };
}

/** A count found less than was reserved. Units that are ready were seen: only others can be missing. */
export function stockLost(
  record: OrderRecord,
  { payload, at: now }: Message<ToOrder['stock-lost']>,
): Verdict<OrderRecord> {
  const position = fulfilmentAt(record, payload.fulfilment);
  const fulfilment = at(record.fulfilments, position);
  const lost = missingUnits(record, fulfilment, payload.lines);
  if (lost.size === 0) return { ignore: `${fulfilment.id} does not need what was lost` };
  const next = create(record, (draft) => {
    cut(record, draft, position, lost, 'waiting');
    exclude(draft, record, fulfilment.store, lost, now);
  });
  const lines = namedUnits(record, lost);
  const gone = at(next.fulfilments, position).state === 'cancelled';
  return {
    record: next,
    effects: [
      ...(gone ? stopOfferTimer(fulfilment) : []),
      tellWithdrawn(record, fulfilment, lost, 'a count found less than was reserved'),
      { effect: 'event', name: 'stock-lost', payload: { fulfilment: fulfilment.id, store: fulfilment.store, lines } },
      ...afterLoss(record, next, lost),
    ],
  };
}

function missingUnits(record: OrderRecord, fulfilment: Fulfilment, lines: readonly Units[]): Map<number, number> {
  const missing = new Map<number, number>();
  if (!isOpen(fulfilment)) return missing;
  const work = new Map(fulfilment.lines.map(({ line, quantity, ready }) => [line, quantity - ready]));
  for (const { line, quantity } of lines) {
    const position = positionOf(record, line);
    const count = position === undefined ? 0 : Math.min(quantity, work.get(position) ?? 0);
    if (position !== undefined && count > 0) missing.set(position, count);
  }
  return missing;
}
