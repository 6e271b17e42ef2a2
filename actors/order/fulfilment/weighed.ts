/**
 * Goods that are sold by weight: what they cost is known when they are ready, and all that follows goes by it (capture, shares, taxes,
 * rows, refunds). Other units of the line keep what was planned for them.
 */
import { parseRate } from '../../../protocols/rate.ts';
import { captureCeiling } from '../../capability/over-capture.ts';
import { taxOfGross } from '../../money/tax.ts';
import { amountOfUnits } from '../../money/units.ts';
import { nextPiece } from '../capture/pieces.ts';
import {
  at,
  type Item,
  isOpen,
  type Line,
  type OrderRecord,
  type Piece,
  type Tender,
  type Weighed,
} from '../record.ts';

/** The next `count` units of a line, the last of which were weighed. */
export function weighedPiece(
  item: Item,
  line: Line,
  count: number,
  weighed: Weighed | undefined,
  entry: number | undefined,
): Piece {
  if (!weighed) return nextPiece(item, line, count, entry);
  const planned = nextPiece(item, line, count - weighed.quantity, entry);
  const { gross, tax } = amountsOf(item, weighed);
  return { ...planned, quantity: count, gross: planned.gross + gross, tax: planned.tax + tax };
}

const amountsOf = (item: Item, { gross }: Weighed): Amounts => ({ gross, tax: taxWithin(item, gross) });

/** Of units that cost what was said when they were ready or sold, not what was planned: also where prices exclude tax. */
export function taxWithin({ taxRate }: Item, gross: number): number {
  const rate = parseRate(taxRate);
  if (!rate) throw new Error(`${taxRate} is no rate`);
  return taxOfGross(gross, rate);
}

/** Weighed units that wait for their money, by position of the line. */
export function weighedWaiting({ fulfilments, weighed }: OrderRecord): Map<number, Weighed> {
  const found = new Map<number, Weighed>();
  if (!weighed) return found;
  for (const fulfilment of fulfilments) {
    if (!isOpen(fulfilment)) continue;
    for (const work of fulfilment.lines) {
      if (!work.weighed) continue;
      const known = found.get(work.line) ?? { quantity: 0, gross: 0 };
      found.set(work.line, {
        quantity: known.quantity + work.weighed.quantity,
        gross: known.gross + work.weighed.gross,
      });
    }
  }
  return found;
}

interface Amounts {
  gross: number;
  tax: number;
}

/** What each line costs beyond its plan (or, negative, less), by position; empty where nothing was weighed. */
export function beyondPlan(record: OrderRecord): readonly Amounts[] {
  if (!record.weighed) return [];
  const beyond = record.items.map((): Amounts => ({ gross: 0, tax: 0 }));
  const units = record.items.map(() => 0);
  const add = (line: number, quantity: number, { gross, tax }: Amounts): void => {
    const sum = at(beyond, line);
    sum.gross += gross;
    sum.tax += tax;
    units[line] = at(units, line) + quantity;
  };
  for (const { lines } of record.fulfilments)
    for (const { line, pieces } of lines) for (const piece of pieces) add(line, piece.quantity, piece);
  for (const { pieces } of record.obligations) for (const piece of pieces) add(piece.line, piece.quantity, piece);
  for (const [line, weighed] of weighedWaiting(record))
    add(line, weighed.quantity, amountsOf(at(record.items, line), weighed));
  return beyond.map(({ gross, tax }, position) => {
    const { quantity, ...item } = at(record.items, position);
    const planned = (total: number) => amountOfUnits(total, quantity, 0, at(units, position));
    return { gross: gross - planned(item.gross), tax: tax - planned(item.tax) };
  });
}

/** What the customer owes by now. */
export function orderedTotal(record: OrderRecord): number {
  return beyondPlan(record).reduce((sum, { gross }) => sum + gross, record.total);
}

/** What may be captured beyond what was authorised: for weighed goods alone. */
export function weighedSurplus(record: OrderRecord): number {
  return Math.max(0, orderedTotal(record) - record.total);
}

/** What the provider of a tender allows beyond it, minor units. */
export function mostBeyond({ authorised, capability, settled }: Tender, currency: string): number {
  return settled ? 0 : captureCeiling(authorised, capability, currency) - authorised;
}
