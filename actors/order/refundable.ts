/** What could still be given back: the bound of every refund, checked before anything is asked of the gateway. */
import { amountOfUnits } from '../money/units.ts';
import { capturedForCertain, isConfirmed, sumOf } from './ledger.ts';
import { isWaiting } from './lifecycle.ts';
import { at, type GivenBack, type OrderRecord } from './record.ts';
import { isCaptured } from './refunds.ts';

/** A fulfilment's part of a line that customers paid for and still have. */
interface HeldPart {
  /** Position. */
  fulfilment: number;
  gross: number;
}

export interface HeldLine {
  gross: number;
  parts: HeldPart[];
}

/** By position of the line; nothing for lines without confirmed money. */
export function heldLines(record: OrderRecord): Map<number, HeldLine> {
  const held = new Map<number, HeldLine>();
  for (const [fulfilment, { lines }] of record.fulfilments.entries()) {
    for (const { line, pieces } of lines) {
      const gross = pieces.reduce((sum, piece) => (isConfirmed(record, piece.entry) ? sum + piece.gross : sum), 0);
      if (gross === 0) continue;
      const known = held.get(line) ?? { gross: 0, parts: [] };
      known.parts.push({ fulfilment, gross });
      held.set(line, { gross: known.gross + gross, parts: known.parts });
    }
  }
  return held;
}

/** Of a line, beyond the goodwill that was given on it. */
export function refundableOfLine(record: OrderRecord, held: ReadonlyMap<number, HeldLine>, position: number): number {
  return Math.max(0, (held.get(position)?.gross ?? 0) - at(record.lines, position).goodwill);
}

/**
 * Of units that are given back, by position of the line: what is not paid again, as goodwill paid it before. Goodwill stays with
 * the units that the customer keeps as long as these are worth it. `pieces` have confirmed money and are still held.
 */
export function absorbedGoodwill(record: OrderRecord, pieces: readonly GivenBack[]): Map<number, number> {
  const given = new Map<number, number>();
  for (const { line, gross } of pieces) {
    if (at(record.lines, line).goodwill > 0) given.set(line, (given.get(line) ?? 0) + gross);
  }
  if (given.size === 0) return given;
  const held = heldLines(record);
  const absorbed = new Map<number, number>();
  for (const [position, gross] of given) {
    const beyond = gross - refundableOfLine(record, held, position);
    if (beyond > 0) absorbed.set(position, beyond);
  }
  return absorbed;
}

export function refundableShipping(record: OrderRecord): number {
  let captured = 0;
  for (const { kind, state, shipping } of record.ledger) {
    if (kind === 'capture' && state === 'confirmed') captured += shipping ?? 0;
  }
  const back = record.obligations.reduce((sum, { shipping }) => sum + shipping, 0);
  return Math.max(0, captured - back);
}

/** Captured for certain, minus refunds whatever became of them (a failed one is owed), minus what waits to be refunded. */
export function refundable(record: OrderRecord): number {
  const refunds = sumOf(record.ledger, ({ kind }) => kind === 'refund');
  let waiting = 0;
  for (const obligation of record.obligations) {
    if (isWaiting(record, obligation) && isCaptured(record, obligation)) waiting += obligation.amount;
  }
  return Math.max(0, capturedForCertain(record) - refunds - waiting - undecided(record));
}

/** Settled at once: what was taken for units that are not ready may have to be given back for their own sake. */
function undecided(record: OrderRecord): number {
  if (!record.payment?.settled) return 0;
  let amount = 0;
  let units = 0;
  record.lines.forEach((line, position) => {
    const { quantity, gross } = at(record.items, position);
    amount += amountOfUnits(gross, quantity, line.taken, quantity - line.dropped);
    units += quantity - line.dropped - line.taken;
  });
  return units > 0 ? amount + record.payment.authorised - record.total : amount;
}
