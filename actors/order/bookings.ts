/**
 * What of an order's money is booked, in the words of the report to the ERP: a function of the record alone, so that what a step
 * moved is the difference of two of them (attribution.ts).
 *
 * B1  Σ gross over the bookings of a confirmed entry of the customer is its amount, refunds with a minus: so the sum of all is
 *     captured − refunded. Entries in any other state have none.
 *     What an amount step leaves out of an entry is booked with it, as `transit`: zero over all, and `rounding` once nothing can change it.
 * B2  Σ settled of a party is what it holds (holdings.ts); Σ netted over all orders is minus what it owes.
 */
import { halfUpProduct } from '../money/round.ts';
import { isStepped } from './amount-steps.ts';
import { type Brought, feeBrought, feeGivenBack } from './fee-earners.ts';
import { isFranchise, isRefunded, NO_UNITS, nettedBy, type Sum, settledBy } from './holdings.ts';
import { isConfirmed, isPending, takesMoney } from './ledger.ts';
import { isWaiting } from './lifecycle.ts';
import { at, type Obligation, type OrderRecord, type Piece } from './record.ts';
import { putBack, type Room, roomsOf, takeOut, together } from './rooms.ts';
import { stillToCapture } from './still-to-capture.ts';

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
  /** Given back for units whose capture was lost: headquarters bears it, and it says nothing of the units that are kept. */
  lost: number;
}

type Identity = Pick<
  Booking,
  'movement' | 'subject' | 'entry' | 'obligation' | 'handling' | 'fulfilment' | 'line' | 'party'
>;
type Amounts = Pick<Booking, 'quantity' | 'gross' | 'settled' | 'netted' | 'held'>;
export type Bookings = Map<string, Booking>;

export const NOTHING_HELD: Held = { ...NO_UNITS, lost: 0 };
const NOTHING: Amounts = { quantity: 0, gross: 0, settled: 0, netted: 0, held: NOTHING_HELD };

export function bookings(record: OrderRecord): Bookings {
  const booked: Bookings = new Map();
  const money = roomsOf(record);
  bookSales(record, booked, money);
  record.ledger.forEach(({ kind, transit = 0 }, lead) => {
    if (kind !== 'refund' || transit === 0 || !isConfirmed(record, lead)) return;
    const own = together(record, money, lead);
    bookTransit(booked, own, own, transit, -1);
  });
  bookRefunds(record, booked, money);
  for (const [entry, { room }] of money) {
    if (room !== 0) bookRest(record, booked, entry, room);
  }
  bookRounding(record, booked);
  bookHandling(record, booked);
  record.ledger.forEach((entry, position) => {
    const [settled, netted] = [settledBy(record, entry), nettedBy(entry)];
    if (settled === 0 && netted === 0) return;
    const identity = { movement: 'settlement', subject: 'party', entry: position, party: entry.party } as const;
    book(booked, identity, { ...NOTHING, settled, netted });
  });
  return booked;
}

/** Of franchises, also where they get nothing for it: what headquarters' own stores handle costs it nothing more. */
function bookHandling(record: OrderRecord, booked: Bookings): void {
  record.handlings?.forEach(({ store, line, quantity }, handling) => {
    if (!isFranchise(record, store)) return;
    book(
      booked,
      { movement: 'handling-fee', subject: 'party', handling, line, party: store },
      { ...NOTHING, quantity },
    );
  });
}

/** What entries pay for together, in a fixed order: so that each entry goes on paying for the same, whatever comes back. */
interface Item {
  readonly identity: Omit<Identity, 'movement' | 'entry'>;
  readonly amounts: Amounts;
}

/**
 * Prepayments pay for their units and what other captures draw on them; a capture with those that came with it for its own. What was
 * drawn and pays for nothing is the prepayment's again, once all that was drawn is known.
 */
function bookSales(record: OrderRecord, booked: Bookings, money: ReadonlyMap<number, Room>): void {
  const sold = soldBy(record);
  const fees = feeBrought(record);
  const prepayments = [...money].flatMap(([entry, room]) => (at(record.ledger, entry).prepayment ? [room] : []));
  const unused: Room[] = [];
  record.ledger.forEach((entry, lead) => {
    const items = sold.get(lead) ?? [];
    if (!takesMoney(entry) || entry.with !== undefined || !isConfirmed(record, lead)) return;
    const { prepaid = 0, transit = 0 } = entry;
    items.unshift(...shippingItems(fees.get(lead)));
    if (entry.prepayment) {
      pay(booked, 'sale', prepayments, items);
      return;
    }
    const own = together(record, money, lead);
    const drawn = takeOut(prepayments, prepaid);
    const paying = [...drawn, ...own];
    bookTransit(booked, own, paying, transit, 1);
    pay(booked, entry.kind === 'till-sale' ? 'till-sale' : 'sale', paying, items);
    unused.push(...drawn);
  });
  putBack(money, unused);
}

/** What entries pay beyond their amounts, or (negative) keep for what others left out. `sign` of the money that they move. */
function bookTransit(
  booked: Bookings,
  [own]: readonly Room[],
  rooms: readonly Room[],
  transit: number,
  sign: 1 | -1,
): void {
  // A capture that failed has nothing of its own, where prepaid money took its place.
  const lead = own ?? rooms[0];
  if (!lead || transit === 0) return;
  const parts = transit > 0 ? [{ entry: lead.entry, room: -transit }] : takeOut(rooms, -transit);
  if (transit > 0) lead.room += transit;
  for (const { entry, room } of parts) {
    const by = entry === undefined ? {} : { entry };
    book(booked, { movement: 'transit', subject: 'order', ...by }, { ...NOTHING, gross: sign * room });
  }
}

/** Nothing more is taken or given back that could bring it to zero; what a later refund brings is booked the other way round. */
function bookRounding(record: OrderRecord, booked: Bookings): void {
  if (!isStepped(record)) return;
  const transits = [...booked.values()].filter(({ movement }) => movement === 'transit');
  const rest = transits.reduce((sum, { gross }) => sum + gross, 0);
  if (rest === 0 || isMoving(record)) return;
  const entry = Math.min(...transits.flatMap((transit) => transit.entry ?? []));
  book(booked, { movement: 'transit', subject: 'order', entry }, { ...NOTHING, gross: -rest });
  book(booked, { movement: 'rounding', subject: 'order', entry }, { ...NOTHING, gross: rest });
}

function isMoving(record: OrderRecord): boolean {
  return (
    record.ledger.some((entry) => (takesMoney(entry) || entry.kind === 'refund') && isPending(entry)) ||
    record.obligations.some((obligation) => isWaiting(record, obligation)) ||
    stillToCapture(record).units > 0
  );
}

/** Items of each lead entry: its units by fulfilment and line, with customers or given back since. */
function soldBy(record: OrderRecord): Map<number, Item[]> {
  const sold = new Map<number, Bookings>();
  const add = (fulfilment: number, line: number, { entry, quantity, gross, tax }: Piece): void => {
    if (entry === undefined) return;
    const units = sold.get(entry) ?? new Map();
    sold.set(entry, units);
    const held = { gross, net: gross - tax, units: quantity, allowance: 0, lost: 0 };
    book(units, { movement: 'sale', subject: 'line', fulfilment, line }, { ...NOTHING, quantity, gross, held });
  };
  record.fulfilments.forEach(({ lines }, fulfilment) => {
    for (const { line, pieces } of lines) for (const piece of pieces) add(fulfilment, line, piece);
  });
  for (const { pieces } of record.obligations) for (const piece of pieces) add(piece.fulfilment, piece.line, piece);
  return new Map([...sold].map(([entry, units]) => [entry, inOrder(units)]));
}

function inOrder(units: Bookings): Item[] {
  return [...units.values()]
    .sort((a, b) => (a.fulfilment ?? 0) - (b.fulfilment ?? 0) || (a.line ?? 0) - (b.line ?? 0))
    .map(({ subject, fulfilment, line, obligation, movement: _, ...amounts }) => ({
      identity: {
        subject,
        ...(fulfilment === undefined ? {} : { fulfilment }),
        ...(line === undefined ? {} : { line }),
        ...(obligation === undefined ? {} : { obligation }),
      },
      amounts,
    }));
}

/** Entries pay item after item, each as far as it goes, and carry their part of what is held. Units go with the first that pays. */
function pay(booked: Bookings, movement: Booking['movement'], rooms: readonly Room[], items: readonly Item[]): void {
  const sign = movement === 'refund' ? -1 : 1;
  for (const { identity, amounts } of items) {
    let paid = 0;
    let rest = amounts;
    const bookPart = (entry: number | undefined, gross: number, held: Held): void => {
      const by = entry === undefined ? {} : { entry };
      book(booked, { ...identity, movement, ...by }, { ...rest, gross: sign * gross, held });
      rest = { ...NOTHING, held: addHeld(rest.held, negative(held)) };
    };
    for (const room of rooms) {
      const part = Math.min(amounts.gross - paid, room.room);
      if (part <= 0) continue;
      room.room -= part;
      const before = heldOfFirst(amounts, paid);
      paid += part;
      bookPart(room.entry, part, addHeld(heldOfFirst(amounts, paid), negative(before)));
    }
    if (rest === amounts) {
      // It costs nothing, or is kept from the refund; or an entry that paid for it was lost.
      const freed = Math.min(0, amounts.gross);
      const [first] = rooms;
      bookPart(first?.entry, freed, amounts.held);
      if (first) first.room -= freed;
    } else if (paid < amounts.gross) {
      // An entry that paid for some of it was lost: that part is nobody's.
      bookPart(undefined, 0, rest.held);
    }
  }
}

/** What the first `paid` of an item's gross carry of what is held: cumulative, so that entries add up to the item. */
function heldOfFirst({ gross, held }: Amounts, paid: number): Held {
  const of = (amount: number): number => halfUpProduct(amount, paid, gross);
  const units = paid === 0 ? 0 : held.units;
  return {
    gross: of(held.gross),
    net: of(held.gross) - of(held.gross - held.net),
    units,
    allowance: of(held.allowance),
    lost: of(held.lost),
  };
}

/** What went back before of units that are settled with it pays for them too (owe.ts, `goneBackBefore`): it is an amount below zero. */
function bookRefunds(record: OrderRecord, booked: Bookings, money: ReadonlyMap<number, Room>): void {
  const fees = feeGivenBack(record);
  const [undelivered, others]: [number[], number[]] = [[], []];
  const [before, sources]: [number[], Set<Room>] = [[], new Set()];
  record.obligations.forEach((obligation, position) => {
    if (!isRefunded(record, obligation)) return;
    const { cause, amount, entry } = obligation;
    (cause === 'undelivered' ? undelivered : others).push(position);
    if (cause === 'undelivered' && amount < 0) before.push(-amount);
    else if (cause === 'undelivered' && entry !== undefined)
      for (const room of together(record, money, entry)) sources.add(room);
  });
  for (const position of undelivered) bookRefund(record, booked, money, position, [], fees.get(position));
  const earlier = takeOut(
    [...sources],
    before.reduce((sum, amount) => sum + amount, 0),
  );
  for (const position of others) bookRefund(record, booked, money, position, earlier, fees.get(position));
  putBack(money, earlier);
}

/** What lines and shipping don't account for is a fee that was kept (or given back), or money that nobody earned. */
function bookRefund(
  record: OrderRecord,
  booked: Bookings,
  money: ReadonlyMap<number, Room>,
  obligation: number,
  earlier: readonly Room[],
  parts: readonly Brought[] = [],
): void {
  const owed = at(record.obligations, obligation);
  const { entry: lead, amount, shipping, cause } = owed;
  const lines = refundedLines(record, owed);
  const goods = lines.reduce((sum, { amounts }) => sum + amounts.gross, 0);
  const items: Item[] = lines.map(({ identity, amounts }) => ({ identity: { ...identity, obligation }, amounts }));
  const fee = amount - shipping - goods;
  for (const { identity, amounts } of shippingItems(parts))
    items.push({ identity: { ...identity, obligation }, amounts });
  const beyond: Item = { identity: { subject: 'fee', obligation }, amounts: { ...NOTHING, gross: fee } };
  // A fee that is kept makes room for what it is kept from.
  if (fee !== 0 && cause !== 'undelivered') items.unshift(beyond);
  const own = lead === undefined ? [{ entry: lead, room: 0 }] : together(record, money, lead);
  pay(booked, 'refund', [...own, ...earlier], items);
}

/** Each with the fulfilment of the franchise whose goods brought that part of the fee, where one did. */
function shippingItems(parts: readonly Brought[] = []): Item[] {
  return parts.map(({ bringer, amount }) => ({
    identity: { subject: 'shipping', ...(bringer === undefined ? {} : { fulfilment: bringer }) },
    amounts: { ...NOTHING, gross: amount },
  }));
}

/** With the signs of what was sold, but for what is held. */
function refundedLines(record: OrderRecord, { pieces, allowances }: Obligation): Item[] {
  const units: Bookings = new Map();
  const identity = { movement: 'refund', subject: 'line' } as const;
  for (const piece of pieces) {
    const { line, fulfilment, quantity, absorbed = 0 } = piece;
    const gross = piece.gross - absorbed;
    const held = isConfirmed(record, piece.entry)
      ? { gross: -piece.gross, net: piece.tax - piece.gross, units: -quantity, allowance: 0, lost: 0 }
      : { ...NOTHING_HELD, lost: gross };
    const amounts = { ...NOTHING, quantity: -quantity, gross, held };
    book(units, { ...identity, fulfilment, line }, amounts);
  }
  for (const { line, fulfilment, amount } of allowances) {
    const held = { ...NOTHING_HELD, allowance: amount };
    book(units, { ...identity, fulfilment, line }, { ...NOTHING, gross: amount, held });
  }
  return inOrder(units);
}

/** Nobody has earned it yet, or it waits for what pays (or is given back) together with it. */
function bookRest({ ledger }: OrderRecord, booked: Bookings, entry: number, room: number): void {
  const isRefund = at(ledger, entry).kind === 'refund';
  const gross = isRefund ? -room : room;
  book(booked, { movement: 'prepayment', subject: 'order', entry }, { ...NOTHING, gross });
}

function book(booked: Bookings, identity: Identity, amounts: Amounts): void {
  const { movement, subject, entry, obligation, handling, fulfilment, line } = identity;
  const key = [movement, subject, entry, obligation, handling, fulfilment, line].join(' ');
  booked.set(key, { ...identity, ...sumOf(booked.get(key) ?? NOTHING, amounts) });
}

function sumOf(one: Amounts, other: Amounts): Amounts {
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

function addHeld(one: Held, other: Held): Held {
  return { ...addUnits(one, other), lost: one.lost + other.lost };
}

export function addUnits(one: Sum, other: Sum): Sum {
  return {
    gross: one.gross + other.gross,
    net: one.net + other.net,
    units: one.units + other.units,
    allowance: one.allowance + other.allowance,
  };
}

function negative({ gross, net, units, allowance, lost }: Held): Held {
  return { gross: -gross, net: -net, units: -units, allowance: -allowance, lost: -lost };
}

/** What the later one has beyond the earlier one; undefined where they are the same. */
export function difference(before: Booking | undefined, after: Booking | undefined): Booking | undefined {
  const identity = after ?? before;
  if (!identity) return undefined;
  const [{ held: had, ...was }, { held: has, ...is }] = [before ?? NOTHING, after ?? NOTHING];
  const amounts = {
    quantity: is.quantity - was.quantity,
    gross: is.gross - was.gross,
    settled: is.settled - was.settled,
    netted: is.netted - was.netted,
    held: addHeld(has, negative(had)),
  };
  const { held, ...plain } = amounts;
  const isNothing = [...Object.values(plain), ...Object.values(held)].every((amount) => amount === 0);
  return isNothing ? undefined : { ...identity, ...amounts };
}
