/** The state of an order, read off its record. It never leaves `fulfilled`, `closed` or `cancelled` for an earlier one. */
import type { OrderState } from '../../protocols/views.ts';
import { isConfirmed, isFailed, isOwed, isPending } from './ledger.ts';
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
    record.ledger.some((entry) => (owesWhenFailed(entry) ? isOwed(entry) : isPending(entry))) ||
    record.obligations.some((obligation) => isWaiting(record, obligation))
  );
}

/** What was not taken is not owed. */
const owesWhenFailed = ({ kind }: Entry): boolean => kind !== 'capture' && kind !== 'reauthorisation';

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
