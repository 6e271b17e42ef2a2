/**
 * A return announces units that the customer wants to give back: of which fulfilments they are is decided then, so that two returns
 * can't announce the same unit, and a unit whose window is open doesn't open that of another.
 */
import { castDraft, create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { ToOrder, ToReturn } from '../../protocols/internal.ts';
import type { RefusalCode } from '../../protocols/refusals.ts';
import type { Verdict } from '../chart.ts';
import { unitsIn } from './pieces.ts';
import { at, type DeclaredUnits, type OrderRecord, type Working } from './record.ts';
import { requestedUnits, type UnitsByLine } from './requested-units.ts';

type Declare = Message<ToOrder['declare']>;

const DAY_MS = 24 * 3600_000;

export function declare(record: OrderRecord | undefined, message: Declare): Verdict<OrderRecord> {
  if (!record) return declareRefused(message, 'unknown-order', `no order ${message.id}`);
  const requested = requestedUnits(record, message.payload.lines);
  if ('refuse' in requested) return declareRefused(message, 'unknown-line', requested.refuse.reason);
  const declared: DeclaredUnits[] = [];
  for (const [position, count] of requested.units) {
    const chosen = choose(record, message, position, count);
    if ('code' in chosen) return declareRefused(message, chosen.code, chosen.reason);
    declared.push(...chosen);
  }
  const next = create(record, (draft) => {
    const open = draft.returns.find((known) => known.return === message.payload.return);
    if (open) open.lines.push(...castDraft(declared));
    else draft.returns.push(castDraft({ return: message.payload.return, claims: [], lines: declared }));
    for (const [position, count] of requested.units) at(draft.lines, position).declared += count;
  });
  return { record: next, effects: [toReturn(message, 'declared', agreement(record, declared))] };
}

function declareRefused(message: Declare, code: RefusalCode, reason: string): Verdict<OrderRecord> {
  return { answer: [toReturn(message, 'declare-refused', { code, reason })] };
}

function toReturn<Name extends keyof ToReturn>({ payload }: Declare, name: Name, content: ToReturn[Name]): Effect {
  return { effect: 'send', entity: 'return', id: payload.return, name, payload: content };
}

/** Nobody can tell one unit from another: those that left first come back first, of those that still may. */
function choose(
  record: OrderRecord,
  { payload, at: now }: Declare,
  position: number,
  count: number,
): DeclaredUnits[] | { code: RefusalCode; reason: string } {
  const { line } = at(record.items, position);
  const held = heldUnits(record, position);
  const most = held.reduce((sum, { free }) => sum + free, 0);
  if (count > most) return { code: 'exceeds-handed-over', reason: `line ${line}: ${count} of ${most}` };
  const days = payload.lines.find((named) => named.line === line)?.windowDays;
  const chosen: DeclaredUnits[] = [];
  let left = count;
  for (const { fulfilment, free, leftAt } of held) {
    if (days !== undefined && leftAt < now - days * DAY_MS) continue;
    const declared = Math.min(free, left);
    left -= declared;
    if (declared > 0) chosen.push({ line: position, fulfilment, declared });
  }
  if (left === 0) return chosen;
  const reason = `line ${line}: ${count}, and ${count - left} were handed over within ${days} days`;
  return { code: 'return-window-closed', reason };
}

interface HeldUnits {
  /** Position. */
  fulfilment: number;
  /** Units that customers have and no return has declared. */
  free: number;
  /** Milliseconds since the epoch. What left before orders knew when has left just now: it may come back. */
  leftAt: number;
}

/** Those that left first, first. */
function heldUnits(record: OrderRecord, position: number): HeldUnits[] {
  const declared = new Map<number, number>();
  for (const { lines } of record.returns) {
    for (const units of lines) {
      if (units.line !== position) continue;
      declared.set(units.fulfilment, (declared.get(units.fulfilment) ?? 0) + units.declared);
    }
  }
  return byHandOver(record).map(({ position: fulfilment, handedOverAt, lines }) => {
    const held = lines.reduce((sum, { line, pieces }) => (line === position ? sum + unitsIn(pieces) : sum), 0);
    const leftAt = handedOverAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(handedOverAt);
    return { fulfilment, free: held - (declared.get(fulfilment) ?? 0), leftAt };
  });
}

function agreement(record: OrderRecord, declared: readonly DeclaredUnits[]): ToReturn['declared'] {
  const lines = declared.map(({ line: position, fulfilment, declared: quantity }) => {
    const { line, sku } = at(record.items, position);
    return { line, sku, store: at(record.fulfilments, fulfilment).store, quantity };
  });
  return { lines, currency: record.currency };
}

function byHandOver(
  record: OrderRecord,
): (OrderRecord['fulfilments'][number] & { handOver: number; position: number })[] {
  return record.fulfilments
    .flatMap((fulfilment, position) => {
      const { handOver } = fulfilment;
      return handOver === undefined ? [] : [{ ...fulfilment, handOver, position }];
    })
    .sort((a, b) => a.handOver - b.handOver);
}

/** What will not come is what was declared last. */
export function declareCancelled(
  record: OrderRecord,
  { payload }: Message<ToOrder['declare-cancelled']>,
): Verdict<OrderRecord> {
  const requested = requestedUnits(record, payload.lines);
  if ('refuse' in requested) throw new Error(requested.refuse.reason);
  const gone = declaredUnits(record, payload.return, requested.units, 'newest-first');
  return { record: create(record, (draft) => undeclare(draft, payload.return, gone)), effects: [] };
}

/** Of what a return declared, each fulfilment and line once. More than that is a defect of the return. */
export function declaredUnits(
  record: OrderRecord,
  id: string,
  units: UnitsByLine,
  order: 'oldest-first' | 'newest-first',
): DeclaredUnits[] {
  const { lines = [] } = record.returns.find((known) => known.return === id) ?? {};
  const inOrder = order === 'oldest-first' ? lines : lines.toReversed();
  return [...units].flatMap(([line, count]) => {
    const byFulfilment = new Map<number, number>();
    let left = count;
    for (const known of inOrder) {
      const declared = known.line === line ? Math.min(known.declared, left) : 0;
      left -= declared;
      if (declared > 0) byFulfilment.set(known.fulfilment, (byFulfilment.get(known.fulfilment) ?? 0) + declared);
    }
    if (left > 0) throw new Error(`return ${id} decides more than it declared`);
    return [...byFulfilment].map(([fulfilment, declared]) => ({ line, fulfilment, declared }));
  });
}

/** They are decided, or will not come. */
export function undeclare(draft: Working, id: string, units: readonly DeclaredUnits[]): void {
  const { lines = [] } = draft.returns.find((known) => known.return === id) ?? {};
  for (const { line, fulfilment, declared } of units) {
    at(draft.lines, line).declared -= declared;
    let left = declared;
    for (const known of lines) {
      if (known.line !== line || known.fulfilment !== fulfilment) continue;
      const here = Math.min(known.declared, left);
      known.declared -= here;
      left -= here;
    }
  }
}
