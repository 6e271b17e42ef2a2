/**
 * Reserve and collect: the customer pays at the till what no exchange has paid, takes what he wants, and the rest goes back to the shelf. A ticket that comes
 * after the reservation ran out is money that was taken and goods that are gone: it is booked all the same. So is one that names more of an
 * exchange than there is any more: the goods are booked for what was paid, and a person is told what is missing.
 */
import { castDraft, create } from 'mutative';
import type { Effect, Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { allocate } from '../../money/allocate.ts';
import { raise } from '../attention/attention.ts';
import { nextPiece } from '../capture/pieces.ts';
import { nextKey } from '../ledger/ledger.ts';
import { awaitedFromExchange } from '../ledger/tenders.ts';
import { lifecycle } from '../lifecycle.ts';
import {
  at,
  type Entry,
  type Fulfilment,
  instant,
  isOpen,
  type OrderRecord,
  type Piece,
  type Working,
} from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { addressed, inState } from './addressed.ts';
import { beyond, leftBehind } from './counter.ts';
import { cut } from './cut.ts';
import { expiredUnits } from './deadlines.ts';
import { markHandedOver } from './hand-over.ts';
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
  const missing = missingOf(record, message.payload);
  const pieces = pricedPieces(record, message.payload, sold, missing);
  if ('refuse' in pieces) return pieces;
  const sale: Sale = { position, sold, unsold: late ? NOTHING : leftBehind(offered, sold), pieces, late, missing };
  const entry = tillSale(record, fulfilment, message, missing);
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
    if (missing > 0) raiseMissing(draft, fulfilment.id, message, missing);
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
  /** What the ticket says that an exchange has paid, and is not there: minor units. */
  missing: number;
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

/** More than was ever to come and no ticket has used is a mistake; what is still to come is waited for. */
function notExchanged(record: OrderRecord, payload: Sell): { refuse: Refusal } | undefined {
  const { exchange, ledger, currency } = record;
  const money = (amount: number): string => formatMinor(amount, currency);
  const named = exchangedOf(payload);
  const used = ledger.reduce((sum, { kind, prepaid = 0 }) => (kind === 'till-sale' ? sum + prepaid : sum), 0);
  const most = (exchange?.amount ?? 0) - used;
  if (named > most) {
    return refuse(
      'wrong-amount',
      `tenders: exchange of ${money(named)}, ${money(most)} is left of what a return was to pay`,
    );
  }
  if (!exchange || missingOf(record, payload) === 0 || awaitedFromExchange(record) === 0) return undefined;
  const came = `${money(prepaidKept(record))} has come from ${exchange.return} of ${exchange.order} so far`;
  return refuse('not-funded', `tenders: exchange of ${money(named)}, ${came}: say the ticket again when the rest has`);
}

const missingOf = (record: OrderRecord, payload: Sell): number =>
  Math.max(0, exchangedOf(payload) - prepaidKept(record));

/** It went back before the till said that it is used, or never came: the customer has the goods all the same. */
function raiseMissing(draft: Working, fulfilment: string, { payload, at: now }: Message<Sell>, missing: number): void {
  const [named, left] = [exchangedOf(payload), missing].map((amount) => formatMinor(amount, draft.currency));
  const reason = `ticket ${payload.ticket} names an exchange of ${named}, of which ${left} is not there: the customer owes it`;
  raise(draft, 'exchange-missing', fulfilment, reason, now);
}

function said(
  record: OrderRecord,
  fulfilment: Fulfilment,
  { sold, unsold, late, missing }: Sale,
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
    ...(missing === 0 ? {} : { missing }),
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

/** The till may go below the price of the order (a discount at the counter), never above it. What is missing counts as one. */
function pricedPieces(
  record: OrderRecord,
  { lines, tenders }: Sell,
  sold: UnitsByLine,
  missing: number,
): Map<number, Piece> | { refuse: Refusal } {
  const paid = tenders.reduce((sum, { amount }) => sum + amount, 0);
  const asked = lines.reduce((sum, { amount }) => sum + amount, 0);
  const money = (amount: number): string => formatMinor(amount, record.currency);
  if (paid !== asked) return refuse('wrong-amount', `tenders are ${money(paid)}, lines are ${money(asked)}`);
  const amounts = new Map<string, number>();
  for (const { line, amount } of lines) amounts.set(line, (amounts.get(line) ?? 0) + amount);
  const unpaid = allocate(missing, [...amounts.values()]);
  const unpaidBy = new Map([...amounts.keys()].map((line, index) => [line, at(unpaid, index)]));
  const pieces = new Map<number, Piece>();
  for (const [position, count] of sold) {
    const item = at(record.items, position);
    const full = nextPiece(item, at(record.lines, position), count, record.ledger.length);
    const amount = amounts.get(item.line) ?? 0;
    if (amount > full.gross)
      return refuse('wrong-amount', `line ${item.line}: ${money(amount)} asked, its price is ${money(full.gross)}`);
    const gross = amount - (unpaidBy.get(item.line) ?? 0);
    pieces.set(position, gross === full.gross ? full : { ...full, gross, tax: taxWithin(item, gross) });
  }
  return pieces;
}

/** The money is in the store's till: nobody has to be asked for it. What a return paid came before. */
function tillSale(
  record: OrderRecord,
  { id, store }: Fulfilment,
  { payload, at: now }: Message<Sell>,
  missing: number,
): Entry {
  const named = exchangedOf(payload);
  const exchanged = named - missing;
  return {
    key: nextKey(record, 'till-sale'),
    kind: 'till-sale',
    amount: payload.tenders.reduce((sum, { amount }) => sum + amount, 0) - named,
    ...(exchanged > 0 ? { prepaid: exchanged } : {}),
    state: 'confirmed',
    fulfilment: id,
    party: store,
    gatewayReference: payload.ticket,
    at: instant(now),
  };
}
