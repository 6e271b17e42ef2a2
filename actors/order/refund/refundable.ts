/** What could still be given back: the bound of every refund, checked before anything is asked of the gateway. */

import { failedCaptures, stillToCapture } from '../capture/still-to-capture.ts';
import { capturedForCertain, isConfirmed, isFailed, sumOf } from '../ledger/ledger.ts';
import { prepaidBeyond, prepaidLeft } from '../ledger/tenders.ts';
import { isCaptured, isWaiting, waitsForCapture } from '../lifecycle.ts';
import { at, type GivenBack, type OrderRecord } from '../record.ts';
import type { Absorbed } from './owed-units.ts';

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

/** By position of the line; nothing for lines without confirmed money. `isAny`: also of what is not confirmed, or was lost. */
export function heldLines(record: OrderRecord, isAny = false): Map<number, HeldLine> {
  const held = new Map<number, HeldLine>();
  for (const [fulfilment, { lines }] of record.fulfilments.entries()) {
    for (const { line, pieces } of lines) {
      const counted = isAny ? pieces : pieces.filter(({ entry }) => isConfirmed(record, entry));
      const gross = counted.reduce((sum, piece) => sum + piece.gross, 0);
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
 * the units that the customer keeps as long as these are worth it. `pieces` are of what is `held`.
 */
function absorbedGoodwill(
  record: OrderRecord,
  pieces: readonly GivenBack[],
  held = heldLines(record),
): Map<number, number> {
  const given = new Map<number, number>();
  for (const { line, gross } of pieces) {
    if (at(record.lines, line).goodwill > 0) given.set(line, (given.get(line) ?? 0) + gross);
  }
  if (given.size === 0) return given;
  const absorbed = new Map<number, number>();
  for (const [position, gross] of given) {
    const beyond = gross - refundableOfLine(record, held, position);
    if (beyond > 0) absorbed.set(position, beyond);
  }
  return absorbed;
}

/** What goodwill paid before of all that is given back: of what was captured for certain first. */
export function absorbedOf(record: OrderRecord, given: readonly GivenBack[]): Absorbed {
  const certain = given.filter(({ entry }) => isConfirmed(record, entry));
  const paid = given.filter(({ entry }) => entry !== undefined);
  const ofCertain = absorbedGoodwill(record, certain);
  if (paid.length === certain.length) return { ofCertain, ofOthers: new Map() };
  const all = absorbedGoodwill(record, paid, heldLines(record, true));
  const ofOthers = [...all].map(([line, amount]) => [line, Math.max(0, amount - (ofCertain.get(line) ?? 0))] as const);
  return { ofCertain, ofOthers: new Map(ofOthers) };
}

export const absorbedIn = ({ ofCertain, ofOthers }: Absorbed): [line: number, amount: number][] => [
  ...ofCertain,
  ...ofOthers,
];

/** Captured, and neither given back nor owed back. `found`: as if that capture were taken after all. */
export function refundableShipping(record: OrderRecord, found?: number): number {
  let left = 0;
  record.ledger.forEach(({ kind, shipping }, position) => {
    if (kind === 'capture' && shipping && (position === found || isConfirmed(record, position))) left += shipping;
  });
  for (const obligation of record.obligations) {
    const isOfFound = found !== undefined && obligation.pieces.some(({ entry }) => entry === found);
    if (isOfFound || !waitsForCapture(record, obligation)) left -= obligation.shipping;
  }
  return Math.max(0, left);
}

/** Captured for certain, minus refunds whatever became of them (a failed one is owed), minus what waits to be refunded. */
export function refundable(record: OrderRecord): number {
  const refunds = sumOf(record.ledger, ({ kind, replaced }) => kind === 'refund' && !replaced);
  let waiting = 0;
  for (const obligation of record.obligations) {
    if (isWaiting(record, obligation) && isCaptured(record, obligation)) waiting += obligation.amount;
  }
  return Math.max(0, capturedForCertain(record) - refunds - waiting - undecided(record) - tied(record));
}

/** What was prepaid for units that are not ready may have to be given back for their own sake. */
function undecided(record: OrderRecord): number {
  const left = prepaidLeft(record, true);
  if (left <= 0) return 0;
  const { units, amount } = stillToCapture(record);
  return Math.min(left, units > 0 ? amount + prepaidBeyond(record) : amount);
}

/** What is confirmed of captures whose other tenders are not: it stands for units that may still be paid, or be owed as a whole. */
function tied(record: OrderRecord): number {
  let amount = 0;
  const wanted = failedCaptures(record);
  record.ledger.forEach(({ kind, with: of, prepaid = 0 }, lead) => {
    if (kind !== 'capture' || of !== undefined || isConfirmed(record, lead)) return;
    const paid =
      sumOf(record.ledger, (entry) => entry.with === lead && entry.state === 'confirmed') + confirmedOf(record, lead);
    amount += isFailed(record, lead) ? Math.min(paid, wanted.get(lead)?.amount ?? 0) : paid + prepaid;
  });
  return amount;
}

function confirmedOf({ ledger }: OrderRecord, position: number): number {
  const { state, amount } = at(ledger, position);
  return state === 'confirmed' ? amount : 0;
}
