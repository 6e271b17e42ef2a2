/** What of the customer's money is not booked yet, entry by entry. */

import type { OrderRecord } from '../record.ts';
import { takesMoney } from './ledger.ts';

/** A confirmed entry of the customer's money, and what of its amount is not booked yet. */
export interface Room {
  /** Position. */
  readonly entry: number | undefined;
  room: number;
}

export function roomsOf({ ledger }: OrderRecord): Map<number, Room> {
  const money = new Map<number, Room>();
  ledger.forEach((entry, position) => {
    if (entry.state !== 'confirmed' || !(takesMoney(entry) || entry.kind === 'refund')) return;
    money.set(position, { entry: position, room: entry.amount });
  });
  return money;
}

/** The lead and what came with it. */
export function together({ ledger }: OrderRecord, money: ReadonlyMap<number, Room>, lead: number): Room[] {
  return ledger.flatMap((entry, position) =>
    position === lead || entry.with === lead ? (money.get(position) ?? []) : [],
  );
}

/** `amount` of them, oldest first. */
export function takeOut(rooms: readonly Room[], amount: number): Room[] {
  let left = amount;
  return rooms.flatMap((source) => {
    const room = Math.min(left, source.room);
    if (room <= 0) return [];
    left -= room;
    source.room -= room;
    return [{ entry: source.entry, room }];
  });
}

/** What nothing was paid with of what was taken out. */
export function putBack(money: ReadonlyMap<number, Room>, unused: readonly Room[]): void {
  for (const { entry, room } of unused) {
    const source = entry === undefined ? undefined : money.get(entry);
    if (source) source.room += room;
  }
}
