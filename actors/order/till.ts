/**
 * Reserve and collect: the customer pays at the till what no exchange has paid, takes what he wants, and the rest goes back to the shelf. A ticket that comes
 * after the reservation ran out is money that was taken and goods that are gone: it is booked all the same.
 */
import { castDraft, create } from 'mutative';
import type { Effect, Message, Refusal } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { formatMinor } from '../../protocols/currency.ts';
import { refuse, type Verdict } from '../chart.ts';
import { addressed, inState } from './addressed.ts';
import { raise } from './attention.ts';
import { beyond, leftBehind } from './counter.ts';
import { cut } from './cut.ts';
import { expiredUnits } from './deadlines.ts';
import { markHandedOver } from './hand-over.ts';
import { nextKey } from './ledger.ts';
import { lifecycle } from './lifecycle.ts';
import { prepaidKept } from './owe.ts';
import { nextPiece } from './pieces.ts';
import {
  at,
  type Entry,
  type Fulfilment,
  instant,
  isOpen,
  type OrderRecord,
  type Piece,
  type Working,
} from './record.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { aboutStock, stopOfferTimer, unitsOf } from './store-work.ts';
import { taxWithin } from './weighed.ts';

type Sell = OrderCommands['sell'];

export function sell(record: OrderRecord, message: Message<Sell>): Verdict<OrderRecord> {
  if (record.mode !== 'reserve-and-collect') return refuse('wrong-state', `order ${record.id} is not paid at a till`);
  const state = lifecycle(record);
  const isWorking = state === 'sourcing' || state === 'fulfilling';
  if (!isWorking && !record.fulfilments.some(ranOut)) return refuse('wrong-state', `order ${record.id} is ${state}`);
  const requested = requestedUnits(record, message.payload.lines);
  if ('refuse' in requested) return requested;
  const found = addressed(record, message, (fulfilment) => isOpen(fulfilment) || ranOut(fulfilment));
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const sold = requested.units;
  const late = ranOut(fulfilment);
  const offered = late ? expiredUnits(fulfilment) : unitsOf(fulfilment);
  const wrong =
    (late ? undefined : notWorking(record, fulfilment)) ??
    beyond(record, fulfilment, offered, sold) ??
    notExchanged(record, message.payload);
  if (wrong) return wrong;
  const pieces = pricedPieces(record, message.payload, sold);
  if ('refuse' in pieces) return pieces;
  const sale: Sale = { position, sold, unsold: late ? NOTHING : leftBehind(offered, sold), pieces, late };
  const entry = tillSale(record, fulfilment, message);
  const next = create(record, (draft) => {
    if (late) reviveUnits(draft, sale, entry, message.at);
    else cut(record, draft, position, sale.unsold, 'cancelled');
    for (const work of at(draft.fulfilments, position).lines) {
      const piece = pieces.get(work.line);
      if (!piece) continue;
      work.ready = work.quantity;
      work.pieces = [castDraft(piece)];
      at(draft.lines, work.line).taken += piece.quantity;
    }
    markHandedOver(draft, record, position, message.at);
    draft.ledger.push(castDraft(entry));
  });
  return { record: next, effects: [...stopOfferTimer(fulfilment), ...said(record, fulfilment, sale, entry)] };
}

interface Sale {
  position: number;
  sold: UnitsByLine;
  unsold: UnitsByLine;
  pieces: ReadonlyMap<number, Piece>;
  /** The reservation ran out before the till said so. */
  late: boolean;
}

const NOTHING: UnitsByLine = new Map();

const ranOut = (fulfilment: Fulfilment): boolean => expiredUnits(fulfilment).size > 0;

function notWorking(record: OrderRecord, fulfilment: Fulfilment): { refuse: Refusal } | undefined {
  if (record.held) return refuse('wrong-state', `order ${record.id} is held`);
  return inState(fulfilment, 'accepted', 'ready');
}

/** What was cancelled with the reservation was sold after all: a person has to know, the books have to say so. */
function reviveUnits(draft: Working, { position, sold }: Sale, { gatewayReference, amount }: Entry, now: number): void {
  const { id, lines } = at(draft.fulfilments, position);
  for (const work of lines) {
    const count = sold.get(work.line) ?? 0;
    const line = at(draft.lines, work.line);
    work.quantity = count;
    work.expired = (work.expired ?? 0) - count;
    line.cancelled -= count;
    line.dropped -= count;
  }
  const reason = `ticket ${gatewayReference} over ${formatMinor(amount, draft.currency)} came after the reservation of ${id} ran out`;
  raise(draft, 'late-ticket', id, reason, now);
}

/** What a return pays of it, as the till says: a tender of this kind. */
const EXCHANGE = 'exchange';

const exchangedOf = ({ tenders }: Sell): number =>
  tenders.reduce((sum, { kind, amount }) => (kind === EXCHANGE ? sum + amount : sum), 0);

function notExchanged(record: OrderRecord, payload: Sell): { refuse: Refusal } | undefined {
  const [exchanged, most] = [exchangedOf(payload), prepaidKept(record)];
  if (exchanged <= most) return undefined;
  const [wanted, left] = [exchanged, most].map((amount) => formatMinor(amount, record.currency));
  return refuse('wrong-amount', `tenders: exchange of ${wanted}, ${left} is left of what returns paid`);
}

function said(
  record: OrderRecord,
  fulfilment: Fulfilment,
  { sold, unsold, late }: Sale,
  { key, amount, prepaid, gatewayReference }: Entry,
): Effect[] {
  const { id, store } = fulfilment;
  const lines = namedUnits(record, sold);
  const cancelled = namedUnits(record, unsold);
  const payload = {
    fulfilment: id,
    store,
    entry: key,
    amount,
    ...(prepaid === undefined ? {} : { exchanged: prepaid }),
    ticket: gatewayReference,
    lines,
    cancelled,
    ...(late ? { late } : {}),
  };
  return [
    ...aboutStock(record, fulfilment, late ? 'late-hand-over' : 'hand-over', sold),
    ...aboutStock(record, fulfilment, 'release', unsold),
    { effect: 'event', name: 'sold', payload },
  ];
}

/** The till may go below the price of the order (a discount at the counter), never above it. */
function pricedPieces(
  record: OrderRecord,
  { lines, tenders }: Sell,
  sold: UnitsByLine,
): Map<number, Piece> | { refuse: Refusal } {
  const paid = tenders.reduce((sum, { amount }) => sum + amount, 0);
  const asked = lines.reduce((sum, { amount }) => sum + amount, 0);
  const money = (amount: number): string => formatMinor(amount, record.currency);
  if (paid !== asked) return refuse('wrong-amount', `tenders are ${money(paid)}, lines are ${money(asked)}`);
  const amounts = new Map<string, number>();
  for (const { line, amount } of lines) amounts.set(line, (amounts.get(line) ?? 0) + amount);
  const pieces = new Map<number, Piece>();
  for (const [position, count] of sold) {
    const item = at(record.items, position);
    const full = nextPiece(item, at(record.lines, position), count, record.ledger.length);
    const amount = amounts.get(item.line) ?? 0;
    if (amount > full.gross)
      return refuse('wrong-amount', `line ${item.line}: ${money(amount)} asked, its price is ${money(full.gross)}`);
    pieces.set(position, amount === full.gross ? full : { ...full, gross: amount, tax: taxWithin(item, amount) });
  }
  return pieces;
}

/** The money is in the store's till: nobody has to be asked for it. What a return paid came before. */
function tillSale(record: OrderRecord, { id, store }: Fulfilment, { payload, at: now }: Message<Sell>): Entry {
  const exchanged = exchangedOf(payload);
  return {
    key: nextKey(record, 'till-sale'),
    kind: 'till-sale',
    amount: payload.tenders.reduce((sum, { amount }) => sum + amount, 0) - exchanged,
    ...(exchanged > 0 ? { prepaid: exchanged } : {}),
    state: 'confirmed',
    fulfilment: id,
    party: store,
    gatewayReference: payload.ticket,
    at: instant(now),
  };
}
