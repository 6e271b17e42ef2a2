/**
 * What an order has booked before and after a step. Most steps change nothing of what customers pay for: they are asked for money, or a
 * store gets its share. So the bookings of the last record are kept, for as long as the order is in memory.
 */
import { isStepped } from '../ledger/amount-steps.ts';
import { takesMoney } from '../ledger/ledger.ts';
import type { Entry, OrderRecord } from '../record.ts';
import type { Bookings } from './booking.ts';
import { bookings, settlements } from './bookings.ts';

export interface OrderBooked {
  /** bookings.ts, `bookings` and `settlements`. */
  readonly customer: Bookings;
  readonly stores: Bookings;
}

export const NOTHING_BOOKED: OrderBooked = { customer: new Map(), stores: new Map() };

interface Known {
  record: OrderRecord;
  bookings: Bookings;
}

/** Items never change: they tell one order from another. */
const known = new WeakMap<OrderRecord['items'], Known>();

export function bookedIn(record: OrderRecord): OrderBooked {
  return { customer: customersIn(record), stores: settlements(record) };
}

function customersIn(record: OrderRecord): Bookings {
  const last = known.get(record.items);
  if (last && isBookedAlike(last.record, record)) {
    last.record = record;
    return last.bookings;
  }
  const booked = bookings(record);
  known.set(record.items, { record, bookings: booked });
  return booked;
}

/** A step moved nothing: the later record has booked what the earlier one had. */
export function nothingMoved(before: OrderRecord | undefined, after: OrderRecord): void {
  const last = known.get(after.items);
  if (last && before && isBookedAlike(last.record, before)) last.record = after;
}

/** What no booking of a customer's money is read from. Entries are compared one by one; lines say only whether a rounding is for good. */
const UNREAD: ReadonlySet<string> = new Set<keyof OrderRecord>([
  'revision',
  'handled',
  'refused',
  'ledger',
  'lines',
  'returns',
  'owing',
  'periods',
  'clearings',
  'cleared',
  'notices',
  'sourcing',
  'paymentRequests',
  'capturing',
  'attention',
]);

function isBookedAlike(one: OrderRecord, other: OrderRecord): boolean {
  if (one === other) return true;
  const differs = (field: string): boolean =>
    one[field as keyof OrderRecord] !== other[field as keyof OrderRecord] && !UNREAD.has(field);
  if (Object.keys(one).some(differs) || Object.keys(other).some(differs)) return false;
  if (one.lines !== other.lines && isStepped(other)) return false;
  return areBookedAlike(one.ledger, other.ledger);
}

/** Ledgers only grow. */
function areBookedAlike(one: readonly Entry[], other: readonly Entry[]): boolean {
  if (one === other) return true;
  const longer = one.length > other.length ? one : other;
  return longer.every((_, position) => {
    const [entry, same] = [one[position], other[position]];
    return entry === same || (!isBooked(entry) && !isBooked(same));
  });
}

const isBooked = (entry: Entry | undefined): boolean =>
  entry !== undefined && (takesMoney(entry) || entry.kind === 'refund');
