/** Units with their amounts. However they are split, the parts sum to the whole, gross and tax each on its own. */
import { amountOfUnits, taxedUnits } from '../../money/units.ts';
import type { Item, Line, OrderRecord, Piece } from '../record.ts';

/** The next `count` units of a line, from the bottom. */
export function nextPiece(item: Item, line: Line, count: number, entry: number | undefined): Piece {
  const { gross, tax } = taxedUnits(item, item.quantity, line.taken, line.taken + count);
  return { quantity: count, gross, tax, ...(entry === undefined ? {} : { entry }) };
}

export function unitsIn(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.quantity, 0);
}

/** All units that money was taken for, those given back included. */
export function* piecesOf({ fulfilments, obligations }: OrderRecord): Iterable<Piece> {
  for (const { lines } of fulfilments) for (const line of lines) yield* line.pieces;
  for (const obligation of obligations) yield* obligation.pieces;
}

interface Split {
  front: Piece[];
  back: Piece[];
}

/** The first `count` units of `pieces`, and the rest. */
export function splitPieces(pieces: readonly Piece[], count: number): Split {
  const front: Piece[] = [];
  const back: Piece[] = [];
  let wanted = count;
  for (const piece of pieces) {
    const here = Math.min(wanted, piece.quantity);
    wanted -= here;
    if (here === piece.quantity) front.push(piece);
    else if (here === 0) back.push(piece);
    else {
      front.push(partOf(piece, 0, here));
      back.push(partOf(piece, here, piece.quantity));
    }
  }
  return { front, back };
}

function partOf(piece: Piece, from: number, to: number): Piece {
  return {
    ...piece,
    quantity: to - from,
    gross: amountOfUnits(piece.gross, piece.quantity, from, to),
    tax: amountOfUnits(piece.tax, piece.quantity, from, to),
  };
}
