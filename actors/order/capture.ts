/** Money is taken when goods are ready, for what is ready: which units, how much, under which entry. */
import type { Effect } from '../../protocols/actor.ts';
import { isConfirmed, reserveTogether } from './ledger.ts';
import { nextPiece, unitsIn } from './pieces.ts';
import { at, type Entry, type Fulfilment, type OrderPolicy, type OrderRecord, type Piece } from './record.ts';
import type { UnitsByLine } from './requested-units.ts';
import { shippingToCapture } from './still-to-capture.ts';
import { awaitedFromExchange, drawDown, hasExpired, prepaidLeft, prepaymentLead, roomOf } from './tenders.ts';

export interface CapturePlan {
  /** By position of the line: units that money is taken for. Empty where none is taken now. */
  pieces: Map<number, Piece>;
  /** New ledger entries, if the gateway is asked: one for each tender that is drawn. */
  entries: readonly Entry[];
  effects: Effect[];
  /** Why a person must look: the goods are ready and can't be paid. */
  blocked?: { code: string; reason: string };
}

const NO_MONEY: CapturePlan = { pieces: new Map(), entries: [], effects: [] };

export function planCapture(
  record: OrderRecord,
  fulfilment: Fulfilment,
  units: UnitsByLine,
  now: number,
  policy: OrderPolicy,
): CapturePlan {
  if (record.mode === 'reserve-and-collect') return NO_MONEY;
  const shipping = shippingToCapture(record);
  const pieces = piecesOf(record, units, record.ledger.length);
  const amount = [...pieces.values()].reduce((sum, { gross }) => sum + gross, shipping);
  if (amount === 0) return { ...NO_MONEY, pieces: piecesOf(record, units, undefined) };
  const prepaid = Math.max(0, Math.min(prepaidLeft(record), amount));
  if (prepaid === amount) return { ...NO_MONEY, pieces: piecesOf(record, units, prepaymentLead(record)) };
  const draws = drawDown(record, amount - prepaid, now);
  if (!draws && awaitedFromExchange(record) > 0) return NO_MONEY;
  if (!draws) return { ...NO_MONEY, blocked: whyNot(record, amount - prepaid, now) };
  const wanted = draws.map((draw) => ({ ...draw, kind: 'capture' as const, fulfilment: fulfilment.id }));
  const lead = { ...at(wanted, 0), shipping, ...(prepaid > 0 ? { prepaid } : {}) };
  const books = reserveTogether(record, [lead, ...wanted.slice(1)], now, policy);
  return { pieces, entries: books.record.ledger.slice(record.ledger.length), effects: books.effects };
}

function piecesOf(record: OrderRecord, units: UnitsByLine, entry: number | undefined): Map<number, Piece> {
  const pieces = new Map<number, Piece>();
  for (const [position, count] of units) {
    pieces.set(position, nextPiece(at(record.items, position), at(record.lines, position), count, entry));
  }
  return pieces;
}

function whyNot(record: OrderRecord, amount: number, now: number): NonNullable<CapturePlan['blocked']> {
  const expired = record.tenders.find((tender) => hasExpired(tender, now));
  if (expired) {
    const reason = `the authorisation ended at ${expired.captureBefore}: nothing was captured`;
    return { code: 'authorisation-expired', reason };
  }
  const left = record.tenders.reduce((sum, _, position) => sum + roomOf(record, position, now), 0);
  // Only a capture that was told failed, made again, and then told confirmed after all leads here.
  return { code: 'authorisation-exhausted', reason: `${amount} to capture, ${left} of the authorisation is left` };
}

/** Goods may leave: every unit has its money, confirmed, or costs nothing. */
export function isFunded(record: OrderRecord, fulfilment: Fulfilment): boolean {
  return fulfilment.lines.every(
    ({ quantity, pieces }) =>
      unitsIn(pieces) === quantity && pieces.every(({ entry }) => entry === undefined || isConfirmed(record, entry)),
  );
}
