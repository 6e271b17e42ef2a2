/** Units that are ready and have no money on them: what the capture planner decides about. */

import type { UnitsByLine } from '../fulfilment/requested-units.ts';
import { weighedPiece } from '../fulfilment/weighed.ts';
import { at, type Fulfilment, isOpen, type OrderRecord, type Piece, type Weighed } from '../record.ts';
import { unitsIn } from './pieces.ts';
import { stillToCapture } from './still-to-capture.ts';

/** Of one fulfilment. */
export interface Parcel {
  readonly fulfilment: string;
  /** Of the fulfilment. */
  readonly position: number;
  readonly units: UnitsByLine;
}

/** What the scales said of a line's units that wait. */
function weighedOf({ fulfilments }: OrderRecord, { position }: Parcel, line: number): Weighed | undefined {
  return at(fulfilments, position).lines.find((work) => work.line === line)?.weighed;
}

/** Reserve-and-collect is paid at the till. */
export function awaitingFunds(record: OrderRecord): Parcel[] {
  if (record.mode === 'reserve-and-collect') return [];
  return record.fulfilments.flatMap((fulfilment, position) => {
    const units = unfunded(fulfilment);
    return units.size > 0 ? [{ fulfilment: fulfilment.id, position, units }] : [];
  });
}

export function isAwaitingFunds(record: OrderRecord, fulfilment: Fulfilment): boolean {
  return record.mode !== 'reserve-and-collect' && (unfunded(fulfilment).size > 0 || hasLapsed(record, fulfilment));
}

/** Its capture could not leave before the authorisation ended, and nothing has paid in its place yet. */
export function hasLapsed({ ledger }: OrderRecord, fulfilment: Fulfilment): boolean {
  if (!isOpen(fulfilment)) return false;
  const leads = new Set(fulfilment.lines.flatMap(({ pieces }) => pieces.map(({ entry }) => entry)));
  return ledger.some(
    ({ lapsed, replaced, state, with: of }, position) =>
      lapsed === true && !replaced && state === 'failed' && leads.has(of ?? position),
  );
}

function unfunded(fulfilment: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  if (!isOpen(fulfilment)) return units;
  for (const { line, ready, pieces } of fulfilment.lines) {
    const count = ready - unitsIn(pieces);
    if (count > 0) units.set(line, count);
  }
  return units;
}

/** Nothing but these can still become ready, or is. */
export function areTheLast(record: OrderRecord, parcels: readonly Parcel[]): boolean {
  let units = 0;
  for (const parcel of parcels) for (const count of parcel.units.values()) units += count;
  return stillToCapture(record).uncaptured === units;
}

/** The units of each parcel with their amounts, by position of the line: as if money took them now, one parcel after another. */
export function priced(record: OrderRecord, parcels: readonly Parcel[], entry?: number): Map<number, Piece>[] {
  const taken = new Map<number, number>();
  return parcels.map((parcel) => {
    const pieces = new Map<number, Piece>();
    for (const [position, count] of parcel.units) {
      const line = at(record.lines, position);
      const from = taken.get(position) ?? line.taken;
      const weighed = record.weighed ? weighedOf(record, parcel, position) : undefined;
      const piece = weighedPiece(at(record.items, position), { ...line, taken: from }, count, weighed, entry);
      pieces.set(position, piece);
      taken.set(position, from + count);
    }
    return pieces;
  });
}
