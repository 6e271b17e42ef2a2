/** One of the amounts that an order has booked (bookings.ts), and how they are added up and compared. */
import { NO_UNITS, type Sum } from '../payout/holdings.ts';
import { at } from '../record.ts';

export interface Booking {
  readonly movement:
    | 'sale'
    | 'till-sale'
    | 'refund'
    | 'prepayment'
    | 'transit'
    | 'rounding'
    | 'settlement'
    | 'handling-fee';
  readonly subject: 'line' | 'shipping' | 'fee' | 'order' | 'party';
  /** Position of the entry that moved the money; none where nothing was left to pay. */
  readonly entry?: number;
  readonly obligation?: number;
  /** Position of what a store took back for another. */
  readonly handling?: number;
  /** Position; of a line, or of a shipping fee that its goods brought. */
  readonly fulfilment?: number;
  readonly line?: number;
  readonly party?: string;
  /** Units, signed. */
  readonly quantity: number;
  readonly gross: number;
  readonly settled: number;
  /** With what the store owes headquarters. */
  readonly netted: number;
  readonly held: Held;
}

/** What it adds to the part of a line that shares and taxes are reckoned from. */
export interface Held extends Sum {
  /**
   * What was given back for units whose capture was lost; less what was not given back of units that were, as its refund is under way,
   * or was lost. So much of what moved has nothing to do with what is held.
   */
  lost: number;
}

export type Identity = Pick<
  Booking,
  'movement' | 'subject' | 'entry' | 'obligation' | 'handling' | 'fulfilment' | 'line' | 'party'
>;
export type Amounts = Pick<Booking, 'quantity' | 'gross' | 'settled' | 'netted' | 'held'>;
export type Bookings = Map<string, Booking>;

export const NOTHING_HELD: Held = { ...NO_UNITS, lost: 0 };
export const NOTHING: Amounts = { quantity: 0, gross: 0, settled: 0, netted: 0, held: NOTHING_HELD };

export function book(booked: Bookings, identity: Identity, amounts: Amounts): void {
  const { movement, subject, entry, obligation, handling, fulfilment, line } = identity;
  const what = `${movement} ${subject} ${entry ?? ''} ${obligation ?? ''} ${handling ?? ''}`;
  const key = `${what} ${fulfilment ?? ''} ${line ?? ''}`;
  const { quantity, gross, settled, netted, held } = sumOf(booked.get(key) ?? NOTHING, amounts);
  booked.set(key, { quantity, gross, settled, netted, held, ...identity });
}

export function sumOf(one: Amounts, other: Amounts): Amounts {
  return {
    quantity: one.quantity + other.quantity,
    gross: one.gross + other.gross,
    settled: one.settled + other.settled,
    netted: one.netted + other.netted,
    held: addHeld(one.held, other.held),
  };
}

/** As one: of the first's identity. */
export function joined(all: readonly Booking[]): Booking {
  return { ...at(all, 0), ...all.reduce<Amounts>(sumOf, NOTHING) };
}

export function addHeld(one: Held, other: Held): Held {
  const { gross, net, units, allowance } = addUnits(one, other);
  return { gross, net, units, allowance, lost: one.lost + other.lost };
}

export function addUnits(one: Sum, other: Sum): Sum {
  return {
    gross: one.gross + other.gross,
    net: one.net + other.net,
    units: one.units + other.units,
    allowance: one.allowance + other.allowance,
  };
}

export function negative({ gross, net, units, allowance, lost }: Held): Held {
  return { gross: -gross, net: -net, units: -units, allowance: -allowance, lost: -lost };
}

/** What the later one has beyond the earlier one; undefined where they are the same. */
export function difference(before: Booking | undefined, after: Booking | undefined): Booking | undefined {
  const identity = after ?? before;
  if (!identity || before === after) return undefined;
  const [was, is]: [Amounts, Amounts] = [before ?? NOTHING, after ?? NOTHING];
  if (areSame(was, is)) return undefined;
  return {
    ...identity,
    quantity: is.quantity - was.quantity,
    gross: is.gross - was.gross,
    settled: is.settled - was.settled,
    netted: is.netted - was.netted,
    held: addHeld(is.held, negative(was.held)),
  };
}

function areSame(one: Amounts, other: Amounts): boolean {
  return (
    one.quantity === other.quantity &&
    one.gross === other.gross &&
    one.settled === other.settled &&
    one.netted === other.netted &&
    one.held.gross === other.held.gross &&
    one.held.net === other.held.net &&
    one.held.units === other.held.units &&
    one.held.allowance === other.held.allowance &&
    one.held.lost === other.held.lost
  );
}
