/**
 * A return announces units that the customer wants to give back: of which fulfilments they are is decided then, so that two returns
 * can't announce the same unit, and a unit whose window is open doesn't open that of another.
 */
import { castDraft, create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import { DAY_MS } from '../../../protocols/durations.ts';
import { extended } from '../../../protocols/extended.ts';
import type { ToOrder, ToReturn } from '../../../protocols/internal.ts';
import type { RefusalCode } from '../../../protocols/refusals.ts';
import type { Verdict } from '../../chart.ts';
import { unitsIn } from '../capture/pieces.ts';
import { requestedUnits, type UnitsByLine } from '../fulfilment/requested-units.ts';
import { at, type DeclaredUnits, type OpenReturn, type OrderRecord, type Working } from '../record.ts';

type Declare = Message<ToOrder['declare']>;

export function declare(record: OrderRecord | undefined, message: Declare): Verdict<OrderRecord> {
  if (!record) return declareRefused(message, 'unknown-order', `no order ${message.id}`);
  const requested = requestedUnits(record, message.payload.lines);
  if ('refuse' in requested) return declareRefused(message, 'unknown-line', requested.refuse.reason);
  const declared: DeclaredUnits[] = [];
  const held = heldUnits(record);
  // Of a line that is named twice the first one says it.
  const windows = new Map(message.payload.lines.toReversed().map(({ line, windowDays }) => [line, windowDays]));
  for (const [position, count] of requested.units) {
    const { line } = at(record.items, position);
    const wanted = { position, line, count, days: windows.get(line) };
    const chosen = choose(held.get(position) ?? [], wanted, message.at);
    if ('code' in chosen) return declareRefused(message, chosen.code, chosen.reason);
    declared.push(...chosen);
  }
  const lines = record.lines.map((line, position) => {
    const count = requested.units.get(position);
    return count === undefined ? line : { ...line, declared: line.declared + count };
  });
  const next = { ...record, lines, returns: withDeclared(record, message.payload.return, declared) };
  return { record: next, effects: [toReturn(message, 'declared', agreement(record, declared))] };
}

function withDeclared({ returns }: OrderRecord, id: string, declared: readonly DeclaredUnits[]): OpenReturn[] {
  const position = returns.findIndex((known) => known.return === id);
  if (position === -1) return [...returns, { return: id, claims: [], lines: declared }];
  const open = at(returns, position);
  return returns.with(position, { ...open, lines: [...open.lines, ...declared] });
}

function declareRefused(message: Declare, code: RefusalCode, reason: string): Verdict<OrderRecord> {
  return { answer: [toReturn(message, 'declare-refused', { code, reason })] };
}

function toReturn<Name extends keyof ToReturn>({ payload }: Declare, name: Name, content: ToReturn[Name]): Effect {
  return { effect: 'send', entity: 'return', id: payload.return, name, payload: content };
}

interface Wanted {
  /** Of the line. */
  position: number;
  line: string;
  count: number;
  /** How long after their hand-over units may come back. */
  days: number | undefined;
}

/** Nobody can tell one unit from another: those that left first come back first, of those that still may. */
function choose(
  held: readonly HeldUnits[],
  { position, line, count, days }: Wanted,
  now: number,
): DeclaredUnits[] | { code: RefusalCode; reason: string } {
  const most = held.reduce((sum, { free }) => sum + free, 0);
  if (count > most) return { code: 'exceeds-handed-over', reason: `line ${line}: ${count} of ${most}` };
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

/** By position of the line; those that left first, first. */
function heldUnits(record: OrderRecord): Map<number, HeldUnits[]> {
  const declared = new Map<string, number>();
  for (const { lines } of record.returns) {
    for (const units of lines) add(declared, partOf(units), units.declared);
  }
  const held = new Map<number, HeldUnits[]>();
  for (const { position: fulfilment, handedOverAt, lines } of byHandOver(record)) {
    const leftAt = handedOverAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(handedOverAt);
    const units = new Map<number, number>();
    for (const { line, pieces } of lines) add(units, line, unitsIn(pieces));
    for (const [line, count] of units) {
      const free = count - (declared.get(partOf({ line, fulfilment })) ?? 0);
      const known = held.get(line);
      if (known) known.push({ fulfilment, free, leftAt });
      else held.set(line, [{ fulfilment, free, leftAt }]);
    }
  }
  return held;
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** Names a fulfilment's part of a line. */
const partOf = ({ line, fulfilment }: Pick<DeclaredUnits, 'line' | 'fulfilment'>): string => `${line} ${fulfilment}`;

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
      return handOver === undefined ? [] : [extended(fulfilment, { handOver, position })];
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
  return { record: create(record, (draft) => undeclare(draft, record, payload.return, gone)), effects: [] };
}

/** Of what a return declared, each fulfilment and line once. More than that is a defect of the return. */
export function declaredUnits(
  record: OrderRecord,
  id: string,
  units: UnitsByLine,
  order: 'oldest-first' | 'newest-first',
): DeclaredUnits[] {
  const { lines = [] } = record.returns.find((known) => known.return === id) ?? {};
  const byLine = new Map<number, DeclaredUnits[]>();
  for (const known of order === 'oldest-first' ? lines : lines.toReversed()) {
    const others = byLine.get(known.line);
    if (others) others.push(known);
    else byLine.set(known.line, [known]);
  }
  return [...units].flatMap(([line, count]) => {
    const byFulfilment = new Map<number, number>();
    let left = count;
    for (const known of byLine.get(line) ?? []) {
      const declared = Math.min(known.declared, left);
      left -= declared;
      if (declared > 0) add(byFulfilment, known.fulfilment, declared);
    }
    if (left > 0) throw new Error(`return ${id} decides more than it declared`);
    return [...byFulfilment].map(([fulfilment, declared]) => ({ line, fulfilment, declared }));
  });
}

/** They are decided, or will not come; nothing else changed what the return of `record` declared. */
export function undeclare(draft: Working, record: OrderRecord, id: string, units: readonly DeclaredUnits[]): void {
  const gone = new Map<string, number>();
  for (const part of units) {
    at(draft.lines, part.line).declared -= part.declared;
    add(gone, partOf(part), part.declared);
  }
  const position = record.returns.findIndex((known) => known.return === id);
  if (position < 0) return;
  const left = at(record.returns, position).lines.map((known) => {
    const here = Math.min(known.declared, gone.get(partOf(known)) ?? 0);
    if (here === 0) return known;
    add(gone, partOf(known), -here);
    return { ...known, declared: known.declared - here };
  });
  at(draft.returns, position).lines = castDraft(left);
}
