/** Reserve and collect: the customer pays at the till, takes what he wants, and the rest goes back to the shelf. */
import { castDraft, create } from 'mutative';
import type { Effect, Message, Refusal } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { halfUpProduct } from '../money/round.ts';
import { addressed, inState } from './addressed.ts';
import { cut } from './cut.ts';
import { markHandedOver } from './hand-over.ts';
import { nextKey } from './ledger.ts';
import { nextPiece } from './pieces.ts';
import { at, type Entry, type Fulfilment, instant, type OrderRecord, type Piece } from './record.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { aboutStock, stopOfferTimer, unitsOf } from './store-work.ts';

type Sell = OrderCommands['sell'];

export function sell(record: OrderRecord, message: Message<Sell>): Verdict<OrderRecord> {
  if (record.mode !== 'reserve-and-collect') return refuse('wrong-state', `order ${record.id} is not paid at a till`);
  const requested = requestedUnits(record, message.payload.lines);
  if ('refuse' in requested) return requested;
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const sold = requested.units;
  const wrong = inState(fulfilment, 'accepted', 'ready') ?? beyondAllocated(record, fulfilment, sold);
  if (wrong) return wrong;
  const pieces = pricedPieces(record, message.payload, sold);
  if ('refuse' in pieces) return pieces;
  const unsold = remainder(fulfilment, sold);
  const entry = tillSale(record, fulfilment, message);
  const next = create(record, (draft) => {
    cut(record, draft, position, unsold, 'cancelled');
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
  return { record: next, effects: [...stopOfferTimer(fulfilment), ...said(record, fulfilment, sold, unsold, entry)] };
}

function said(
  record: OrderRecord,
  fulfilment: Fulfilment,
  sold: UnitsByLine,
  unsold: UnitsByLine,
  { key, amount, gatewayReference }: Entry,
): Effect[] {
  const { id, store } = fulfilment;
  const lines = namedUnits(record, sold);
  const cancelled = namedUnits(record, unsold);
  const payload = { fulfilment: id, store, entry: key, amount, ticket: gatewayReference, lines, cancelled };
  return [
    ...aboutStock(record, fulfilment, 'hand-over', sold),
    ...aboutStock(record, fulfilment, 'release', unsold),
    { effect: 'event', name: 'sold', payload },
  ];
}

function beyondAllocated(
  record: OrderRecord,
  fulfilment: Fulfilment,
  sold: UnitsByLine,
): { refuse: Refusal } | undefined {
  const allocated = unitsOf(fulfilment);
  for (const [position, count] of sold) {
    const most = allocated.get(position) ?? 0;
    if (count > most) {
      const { line } = at(record.items, position);
      return refuse('exceeds-allocated', `line ${line}: ${count} of ${most} in ${fulfilment.id}`);
    }
  }
  return undefined;
}

/** The till may go below the price of the order (a discount at the counter), never above it. */
function pricedPieces(
  record: OrderRecord,
  { lines, tenders }: Sell,
  sold: UnitsByLine,
): Map<number, Piece> | { refuse: Refusal } {
  const paid = tenders.reduce((sum, { amount }) => sum + amount, 0);
  const asked = lines.reduce((sum, { amount }) => sum + amount, 0);
  if (paid !== asked) return refuse('wrong-amount', `tenders are ${paid}, lines are ${asked}`);
  const amounts = new Map<string, number>();
  for (const { line, amount } of lines) amounts.set(line, (amounts.get(line) ?? 0) + amount);
  const pieces = new Map<number, Piece>();
  for (const [position, count] of sold) {
    const item = at(record.items, position);
    const full = nextPiece(item, at(record.lines, position), count, record.ledger.length);
    const amount = amounts.get(item.line) ?? 0;
    if (amount > full.gross)
      return refuse('wrong-amount', `line ${item.line}: ${amount} asked, its price is ${full.gross}`);
    pieces.set(position, soldFor(full, amount));
  }
  return pieces;
}

function soldFor(full: Piece, gross: number): Piece {
  if (gross === full.gross) return full;
  return { ...full, gross, tax: halfUpProduct(full.tax, gross, full.gross) };
}

function remainder(fulfilment: Fulfilment, sold: UnitsByLine): Map<number, number> {
  const left = new Map<number, number>();
  for (const [position, quantity] of unitsOf(fulfilment)) {
    const rest = quantity - (sold.get(position) ?? 0);
    if (rest > 0) left.set(position, rest);
  }
  return left;
}

/** The money is in the store's till: nobody has to be asked for it. */
function tillSale(record: OrderRecord, { id, store }: Fulfilment, { payload, at: now }: Message<Sell>): Entry {
  return {
    key: nextKey(record, 'till-sale'),
    kind: 'till-sale',
    amount: payload.tenders.reduce((sum, { amount }) => sum + amount, 0),
    state: 'confirmed',
    fulfilment: id,
    party: store,
    gatewayReference: payload.ticket,
    at: instant(now),
  };
}
