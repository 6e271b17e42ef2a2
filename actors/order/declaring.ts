/** A return announces units that the customer wants to give back; two returns can't announce the same one. */
import { castDraft, create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { ToOrder } from '../../protocols/internal.ts';
import type { RefusalCode } from '../../protocols/refusals.ts';
import type { Verdict } from '../chart.ts';
import { unitsIn } from './pieces.ts';
import { at, type OpenReturn, type OrderRecord, type Working } from './record.ts';
import { requestedUnits, type UnitsByLine } from './requested-units.ts';

type Declare = Message<ToOrder['declare']>;

export function declare(record: OrderRecord | undefined, message: Declare): Verdict<OrderRecord> {
  if (!record) return declareRefused(message, 'unknown-order', `no order ${message.id}`);
  const requested = requestedUnits(record, message.payload.lines);
  if ('refuse' in requested) return declareRefused(message, 'unknown-line', requested.refuse.reason);
  const { units } = requested;
  for (const [position, count] of units) {
    const line = at(record.lines, position);
    const most = line.handedOver - line.returned - line.declared;
    const { line: id } = at(record.items, position);
    if (count > most) return declareRefused(message, 'exceeds-handed-over', `line ${id}: ${count} of ${most}`);
  }
  const next = create(record, (draft) => {
    addDeclared(record, draft, message.payload.return, units);
    for (const [position, count] of units) at(draft.lines, position).declared += count;
  });
  return { record: next, effects: [toReturn(message, 'declared', { lines: senders(record, units) })] };
}

function declareRefused(message: Declare, code: RefusalCode, reason: string): Verdict<OrderRecord> {
  return { answer: [toReturn(message, 'declare-refused', { code, reason })] };
}

function toReturn({ payload }: Declare, name: string, content: unknown): Effect {
  return { effect: 'send', entity: 'return', id: payload.return, name, payload: content };
}

function addDeclared(record: OrderRecord, draft: Working, id: string, units: UnitsByLine): void {
  const position = record.returns.findIndex((known) => known.return === id);
  const known = record.returns[position];
  if (!known) {
    const lines = [...units].map(([line, declared]) => ({ line, declared }));
    draft.returns.push(castDraft({ return: id, claims: [], lines }));
    return;
  }
  const open = at(draft.returns, position);
  const places = placesOf(known);
  for (const [line, count] of units) {
    const place = places.get(line);
    if (place === undefined) open.lines.push({ line, declared: count });
    else at(open.lines, place).declared += count;
  }
}

/** Where a return lists a line. */
const placesOf = ({ lines }: OpenReturn): Map<number, number> => new Map(lines.map(({ line }, place) => [line, place]));

/** The store whose units come back first: the oldest hand-over that the customer has units of. */
function senders(record: OrderRecord, units: UnitsByLine): { line: string; sku: string; store: string }[] {
  const stores = new Map<number, string>();
  for (const { store, lines } of byHandOver(record)) {
    for (const { line, pieces } of lines) {
      if (units.has(line) && !stores.has(line) && unitsIn(pieces) > 0) stores.set(line, store);
    }
  }
  return [...units.keys()].map((position) => {
    const { line, sku } = at(record.items, position);
    const store = stores.get(position);
    if (store === undefined) throw new Error(`nobody handed line ${line} of ${record.id} over`);
    return { line, sku, store };
  });
}

export function byHandOver(
  record: OrderRecord,
): (OrderRecord['fulfilments'][number] & { handOver: number; position: number })[] {
  return record.fulfilments
    .flatMap((fulfilment, position) => {
      const { handOver } = fulfilment;
      return handOver === undefined ? [] : [{ ...fulfilment, handOver, position }];
    })
    .sort((a, b) => a.handOver - b.handOver);
}

export function declareCancelled(
  record: OrderRecord,
  { payload }: Message<ToOrder['declare-cancelled']>,
): Verdict<OrderRecord> {
  const requested = requestedUnits(record, payload.lines);
  if ('refuse' in requested) throw new Error(requested.refuse.reason);
  const next = create(record, (draft) => undeclare(record, draft, payload.return, requested.units));
  return { record: next, effects: [] };
}

/** Units of a return that are decided, or will not come. More than it declared is a defect of the return. */
export function undeclare(record: OrderRecord, draft: Working, id: string, units: UnitsByLine): void {
  const position = record.returns.findIndex((known) => known.return === id);
  const places = placesOf(at(record.returns, position));
  const open = at(draft.returns, position);
  for (const [line, count] of units) {
    const place = places.get(line);
    const listed = place === undefined ? undefined : open.lines[place];
    if (!listed || listed.declared < count) throw new Error(`return ${id} decides more than it declared`);
    listed.declared -= count;
    at(draft.lines, line).declared -= count;
  }
}
