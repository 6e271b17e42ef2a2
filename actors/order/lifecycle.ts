/** The state of an order, read off its record. It never leaves `fulfilled`, `closed` or `cancelled` for an earlier one. */
import type { OrderState } from '../../protocols/views.ts';
import { capturedForCertain, hasFailed, isConfirmed, isFailed, isOwed, isPending, sumOf } from './ledger/ledger.ts';
import { at, type Entry, type Obligation, type OrderRecord } from './record.ts';

/** Read several times a message, by the guards of the chart. */
const known = new WeakMap<OrderRecord, OrderState>();

export function lifecycle(record: OrderRecord): OrderState {
  let state = known.get(record);
  if (!state) {
    state = stateOf(record);
    known.set(record, state);
  }
  return state;
}

function stateOf(record: OrderRecord): OrderState {
  let waiting = 0;
  let open = 0;
  let handedOver = 0;
  let back = 0;
  record.lines.forEach((line, position) => {
    waiting += line.waiting;
    open += at(record.items, position).quantity - line.waiting - line.handedOver - line.cancelled;
    handedOver += line.handedOver;
    back += line.returned;
  });
  if (waiting + open > 0) {
    if (record.held) return 'held';
    return waiting > 0 ? 'sourcing' : 'fulfilling';
  }
  if (handedOver === 0) return 'cancelled';
  return back === handedOver && !hasOpenMoney(record) ? 'closed' : 'fulfilled';
}

function hasOpenMoney(record: OrderRecord): boolean {
  return (
    record.ledger.some((entry, position) => isOpenEntry(record, entry, position)) ||
    record.obligations.some((obligation) => isWaiting(record, obligation))
  );
}

function isOpenEntry(record: OrderRecord, entry: Entry, position: number): boolean {
  if (entry.kind === 'refund') return isOwedBack(record, position);
  return owesWhenFailed(entry) ? isOwed(entry) : isPending(entry);
}

/** What was not taken is not owed. */
const owesWhenFailed = ({ kind }: Entry): boolean => kind !== 'capture' && kind !== 'reauthorisation';

/** A refund that is not done, of money that is there: one that failed waits for a capture that was lost since. */
export function isOwedBack(record: OrderRecord, position: number): boolean {
  const entry = at(record.ledger, position);
  return isPending(entry) || (hasFailed(entry) && !givesBackLost(record, position));
}

/** Its captures were lost since, or there is less than that by now, whatever paid it. */
export function givesBackLost(record: OrderRecord, position: number): boolean {
  const left = capturedForCertain(record) - sumOf(record.ledger, isGivenBack);
  return left < at(record.ledger, position).amount || isOfLost(record, position);
}

const isGivenBack = ({ kind, state }: Entry): boolean => kind === 'refund' && state !== 'failed';

/** One tender's part may be there where another one's is lost. */
export function isOfLost(record: OrderRecord, position: number): boolean {
  const { with: lead = position, against = [] } = at(record.ledger, position);
  const drawn = new Set(against.map(({ entry }) => entry));
  const isThere = record.ledger.every(({ key, state }) => !drawn.has(key) || state === 'confirmed');
  return !isThere && record.obligations.some((owed) => owed.entry === lead && !isCaptured(record, owed));
}

/** Owed, and no refund is under way. What was never captured (its capture failed) is not owed: it is voided. */
export function isWaiting(record: OrderRecord, obligation: Obligation): boolean {
  if (obligation.entry !== undefined || obligation.done) return false;
  return !obligation.pieces.some(({ entry }) => isFailed(record, entry));
}

export function isCaptured(record: OrderRecord, { pieces }: Obligation): boolean {
  return pieces.every(({ entry }) => entry === undefined || isConfirmed(record, entry));
}

/** It is owed as soon as its captures are taken, or taken after all: nothing of it counts before. */
export function waitsForCapture(record: OrderRecord, { entry: by, done, pieces }: Obligation): boolean {
  return by === undefined && !done && pieces.some(({ entry }) => entry !== undefined && !isConfirmed(record, entry));
}
