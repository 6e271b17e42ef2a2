/**
 * What of an order's money is booked, in the words of the report to the ERP: a function of the record alone, so that what a step
 * moved is the difference of two of them (attribution.ts).
 *
 * B1  Σ gross over the bookings of a confirmed entry of the customer is its amount, refunds with a minus: so the sum of all is
 *     captured − refunded. Entries in any other state have none.
 *     What an amount step leaves out of an entry is booked with it, as `transit`: zero over all, and `rounding` once nothing can change it.
 * B2  Σ settled of a party is what it holds (holdings.ts); Σ netted over all orders is minus what it owes.
 */
import { halfUpProduct } from '../../money/round.ts';
import { stillToCapture } from '../capture/still-to-capture.ts';
import { isStepped } from '../ledger/amount-steps.ts';
import { isConfirmed, isPending, takesMoney } from '../ledger/ledger.ts';
import { putBack, type Room, roomsOf, takeOut, together } from '../ledger/rooms.ts';
import { isWaiting } from '../lifecycle.ts';
import { isFranchise, isRefunded, nettedBy, settledBy } from '../payout/holdings.ts';
import { at, type OrderRecord, type Piece } from '../record.ts';
import {
  type Amounts,
  addHeld,
  type Booking,
  type Bookings,
  book,
  type Held,
  type Identity,
  NOTHING,
  NOTHING_HELD,
  negative,
  sumOf,
} from './booking.ts';
import { type Brought, feeBrought, feeGivenBack } from './fee-earners.ts';

/** Of what customers pay and get back, and of what is done for it. */
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
  return booked;
}

/** Of what stores got and gave back. */
export function settlements(record: OrderRecord): Bookings {
  const booked: Bookings = new Map();
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

/** Amounts of lines of fulfilments. */
class LineItems {
  private readonly amounts = new Map<number, Amounts>();
  private readonly lines: number;

  constructor({ lines }: OrderRecord) {
    this.lines = lines.length;
  }

  add(fulfilment: number, line: number, amounts: Amounts): void {
    const key = fulfilment * this.lines + line;
    this.amounts.set(key, sumOf(this.amounts.get(key) ?? NOTHING, amounts));
  }

  /** By fulfilment, then by line. */
  inOrder(more: Pick<Identity, 'obligation'> = {}): Item[] {
    return [...this.amounts]
      .sort(([one], [other]) => one - other)
      .map(([key, amounts]) => {
        const line = key % this.lines;
        return { identity: { subject: 'line', fulfilment: (key - line) / this.lines, line, ...more }, amounts };
      });
  }
}

/** Items of each lead entry: its units by fulfilment and line, with customers or given back since. */
function soldBy(record: OrderRecord): Map<number, Item[]> {
  const sold = new Map<number, LineItems>();
  const add = (fulfilment: number, line: number, { entry, quantity, gross, tax }: Piece): void => {
    if (entry === undefined) return;
    const units = sold.get(entry) ?? new LineItems(record);
    sold.set(entry, units);
    const held = { gross, net: gross - tax, units: quantity, allowance: 0, lost: 0 };
    units.add(fulfilment, line, { quantity, gross, settled: 0, netted: 0, held });
  };
  record.fulfilments.forEach(({ lines }, fulfilment) => {
    for (const { line, pieces } of lines) for (const piece of pieces) add(fulfilment, line, piece);
  });
  for (const { pieces } of record.obligations) for (const piece of pieces) add(piece.fulfilment, piece.line, piece);
  return new Map([...sold].map(([entry, units]) => [entry, units.inOrder()]));
}

/** Entries pay item after item, each as far as it goes, and carry their part of what is held. Units go with the first that pays. */
function pay(booked: Bookings, movement: Booking['movement'], rooms: readonly Room[], items: readonly Item[]): void {
  const sign = movement === 'refund' ? -1 : 1;
  const by = (identity: Item['identity'], entry: number | undefined): Identity =>
    entry === undefined ? { movement, ...identity } : { movement, entry, ...identity };
  for (const { identity, amounts } of items) {
    let paid = 0;
    let rest = amounts;
    for (const room of rooms) {
      const part = Math.min(amounts.gross - paid, room.room);
      if (part <= 0) continue;
      room.room -= part;
      const before = paid;
      paid += part;
      const held = heldBetween(amounts, before, paid);
      book(booked, by(identity, room.entry), { ...rest, gross: sign * part, held });
      rest = { ...NOTHING, held: addHeld(rest.held, negative(held)) };
    }
    if (rest === amounts) {
      // It costs nothing, or is kept from the refund; or an entry that paid for it was lost.
      const freed = Math.min(0, amounts.gross);
      const [first] = rooms;
      const held = withUnmoved(movement, amounts.held, amounts.gross - freed);
      book(booked, by(identity, first?.entry), { ...amounts, gross: sign * freed, held });
      if (first) first.room -= freed;
    } else if (paid < amounts.gross) {
      // An entry that paid for some of it was lost: that part is nobody's.
      book(booked, by(identity, undefined), { ...rest, held: withUnmoved(movement, rest.held, amounts.gross - paid) });
    }
  }
}

/** What a refund gave back before its money moved, or after it was lost, says nothing of the goods that are kept. */
const withUnmoved = (movement: Booking['movement'], held: Held, amount: number): Held =>
  movement === 'refund' ? { ...held, lost: held.lost - amount } : held;

/** What its gross from `before` to `paid` carries of what is held of an item. */
function heldBetween(amounts: Amounts, before: number, paid: number): Held {
  if (before === 0 && paid === amounts.gross) return amounts.held;
  return addHeld(heldOfFirst(amounts, paid), negative(heldOfFirst(amounts, before)));
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
  const { entry: lead, amount, shipping, cause } = at(record.obligations, obligation);
  const items = refundedLines(record, obligation);
  const goods = items.reduce((sum, { amounts }) => sum + amounts.gross, 0);
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
function refundedLines(record: OrderRecord, obligation: number): Item[] {
  const { pieces, allowances } = at(record.obligations, obligation);
  const units = new LineItems(record);
  for (const piece of pieces) {
    const { line, fulfilment, quantity, absorbed = 0 } = piece;
    const gross = piece.gross - absorbed;
    const held = isConfirmed(record, piece.entry)
      ? { gross: -piece.gross, net: piece.tax - piece.gross, units: -quantity, allowance: 0, lost: 0 }
      : { ...NOTHING_HELD, lost: gross };
    units.add(fulfilment, line, { ...NOTHING, quantity: -quantity, gross, held });
  }
  for (const { line, fulfilment, amount } of allowances) {
    units.add(fulfilment, line, { ...NOTHING, gross: amount, held: { ...NOTHING_HELD, allowance: amount } });
  }
  return units.inOrder({ obligation });
}

/** Nobody has earned it yet, or it waits for what pays (or is given back) together with it. */
function bookRest({ ledger }: OrderRecord, booked: Bookings, entry: number, room: number): void {
  const isRefund = at(ledger, entry).kind === 'refund';
  const gross = isRefund ? -room : room;
  book(booked, { movement: 'prepayment', subject: 'order', entry }, { ...NOTHING, gross });
}
