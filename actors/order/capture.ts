/** Money is taken when goods are ready, for what is ready: which units, how much, under which entry. */
import type { Effect } from '../../protocols/actor.ts';
import { capturedOrInFlight, isConfirmed, reserve, sumOf } from './ledger.ts';
import { nextPiece, unitsIn } from './pieces.ts';
import { at, type Entry, type Fulfilment, type OrderPolicy, type OrderRecord, type Piece } from './record.ts';
import type { UnitsByLine } from './requested-units.ts';

export interface CapturePlan {
  /** By position of the line: units that money is taken for. Empty where none is taken now. */
  pieces: Map<number, Piece>;
  /** The new ledger entry, if the gateway is asked. */
  entry?: Entry;
  effects: Effect[];
  /** Why a person must look: the goods are ready and can't be paid. */
  blocked?: { code: string; reason: string };
}

const NO_MONEY: CapturePlan = { pieces: new Map(), effects: [] };

export function planCapture(
  record: OrderRecord,
  fulfilment: Fulfilment,
  units: UnitsByLine,
  now: number,
  policy: OrderPolicy,
): CapturePlan {
  const { payment } = record;
  // Reserve-and-collect is paid at the till.
  if (!payment) return NO_MONEY;
  if (payment.settled) return { pieces: piecesOf(record, units, 0), effects: [] };
  const shipping = shippingToCapture(record);
  const pieces = piecesOf(record, units, record.ledger.length);
  const amount = [...pieces.values()].reduce((sum, { gross }) => sum + gross, shipping);
  if (amount === 0) return { pieces: piecesOf(record, units, undefined), effects: [] };
  const blocked = whyNot(record, amount, now);
  if (blocked) return { ...NO_MONEY, blocked };
  const wanted = { kind: 'capture', amount, fulfilment: fulfilment.id, shipping } as const;
  const { entry, effect } = reserve(record, wanted, now, policy);
  return { pieces, entry, effects: [effect] };
}

function piecesOf(record: OrderRecord, units: UnitsByLine, entry: number | undefined): Map<number, Piece> {
  const pieces = new Map<number, Piece>();
  for (const [position, count] of units) {
    pieces.set(position, nextPiece(at(record.items, position), at(record.lines, position), count, entry));
  }
  return pieces;
}

/** The full fee goes with the first capture that is made; with the next one if that one failed. */
export function shippingToCapture(record: OrderRecord): number {
  const taken = record.ledger.some(({ kind, state, shipping }) => kind === 'capture' && state !== 'failed' && shipping);
  return taken ? 0 : record.shipping;
}

function whyNot(record: OrderRecord, amount: number, now: number): CapturePlan['blocked'] {
  const { authorised = 0, captureBefore } = record.payment ?? {};
  if (hasExpired(record, now)) {
    return {
      code: 'authorisation-expired',
      reason: `the authorisation ended at ${captureBefore}: nothing was captured`,
    };
  }
  const voided = sumOf(record.ledger, ({ kind, state }) => kind === 'void' && state !== 'failed');
  const left = authorised - capturedOrInFlight(record) - voided;
  if (amount <= left) return undefined;
  // Only a capture that was told failed, made again, and then told confirmed after all leads here.
  return { code: 'authorisation-exhausted', reason: `${amount} to capture, ${left} of the authorisation is left` };
}

export function hasExpired({ payment }: OrderRecord, now: number): boolean {
  return payment?.captureBefore !== undefined && now >= Date.parse(payment.captureBefore);
}

/** Goods may leave: every unit has its money, confirmed, or costs nothing. */
export function isFunded(record: OrderRecord, fulfilment: Fulfilment): boolean {
  return fulfilment.lines.every(
    ({ quantity, pieces }) =>
      unitsIn(pieces) === quantity && pieces.every(({ entry }) => entry === undefined || isConfirmed(record, entry)),
  );
}
