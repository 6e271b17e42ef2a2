/** What is owed, and for which units. */
import { extended } from '../../../protocols/extended.ts';
import { halfUpProduct } from '../../money/round.ts';
import { isConfirmed } from '../ledger/ledger.ts';
import { at, type GivenBack, type Obligation, type OrderRecord } from '../record.ts';

/** What goodwill paid before, by position of the line: of units that were captured for certain, and of those that may have been, or be. */
export interface Absorbed {
  readonly ofCertain: ReadonlyMap<number, number>;
  readonly ofOthers: ReadonlyMap<number, number>;
}

/**
 * Of units that were cancelled after money took them: one for each capture, as each waits for its own: confirmed, it is refunded; failed,
 * there is nothing to give back.
 */
export function obligationsFor(
  record: OrderRecord,
  given: readonly GivenBack[],
  { ofCertain, ofOthers }: Absorbed,
): Obligation[] {
  const [certain, others] = [new Map(ofCertain), new Map(ofOthers)];
  return [...byCapture(given)].map(([entry, captured]) => {
    const pieces = absorb(isConfirmed(record, entry) ? certain : others, captured);
    return { cause: 'cancelled', amount: worth(pieces), shipping: 0, pieces, allowances: [] };
  });
}

export function byCapture(given: readonly GivenBack[]): Map<number, GivenBack[]> {
  const groups = new Map<number, GivenBack[]>();
  for (const piece of given) {
    // What cost nothing is owed nothing.
    if (piece.entry === undefined) continue;
    const group = groups.get(piece.entry);
    if (group) group.push(piece);
    else groups.set(piece.entry, [piece]);
  }
  return groups;
}

/** What is paid for them. */
export function worth(pieces: readonly GivenBack[]): number {
  return pieces.reduce((sum, { gross, absorbed = 0 }) => sum + gross - absorbed, 0);
}

/**
 * What of it `amount` pays, goods before shipping, and the rest: which has the fee that is kept. A unit goes with the first that pays
 * for it; the rest has its money without it.
 */
export function splitOwed(owed: Obligation, amount: number): [Obligation, Obligation] {
  const [first, rest]: [GivenBack[], GivenBack[]] = [[], []];
  let left = amount;
  for (const piece of owed.pieces) {
    const here = Math.min(left, worth([piece]));
    left -= here;
    if (here === 0) rest.push(piece);
    else if (here === worth([piece])) first.push(piece);
    else {
      const gross = here + (piece.absorbed ?? 0);
      const tax = halfUpProduct(piece.tax, gross, piece.gross);
      const { absorbed: _, ...without } = piece;
      first.push({ ...piece, gross, tax });
      rest.push({ ...without, quantity: 0, gross: piece.gross - gross, tax: piece.tax - tax });
    }
  }
  const shipping = Math.min(left, owed.shipping);
  const { fees: _, ...withoutFees } = owed;
  return [
    { ...withoutFees, amount, shipping, pieces: first },
    { ...owed, amount: owed.amount - amount, shipping: owed.shipping - shipping, pieces: rest, allowances: [] },
  ];
}

/** What is owed at these positions as two: the first `amount` of it, and what is left. */
export function apart(
  record: OrderRecord,
  positions: readonly number[],
  amount: number,
): { record: OrderRecord; first: number[]; rest: number[] } {
  if (owedBy(record, positions) === amount) return { record, first: [...positions], rest: [] };
  const obligations = [...record.obligations];
  const [first, rest]: [number[], number[]] = [[], []];
  let left = amount;
  for (const position of positions) {
    const owed = at(obligations, position);
    const here = Math.max(0, Math.min(left, owed.amount));
    left -= here;
    if (here === 0) rest.push(position);
    else first.push(position);
    if (here === 0 || here === owed.amount) continue;
    const [part, others] = splitOwed(owed, here);
    obligations[position] = part;
    rest.push(obligations.length);
    obligations.push(others);
  }
  return { record: { ...record, obligations }, first, rest };
}

export const owedBy = (record: OrderRecord, positions: readonly number[]): number =>
  positions.reduce((sum, position) => sum + at(record.obligations, position).amount, 0);

/** By the entry at position `entry`. What it is waiting for is said once, and not any more when it is done. */
export function executed(record: OrderRecord, positions: readonly number[], entry: number): OrderRecord {
  const about = new Set(positions.map((position) => owedName(record, position)));
  const obligations = record.obligations.map((obligation, position) =>
    positions.includes(position) ? extended(obligation, { entry }) : obligation,
  );
  const said = record.attention.some((known) => known.about !== undefined && about.has(known.about));
  const attention = said
    ? record.attention.filter((known) => known.about === undefined || !about.has(known.about))
    : record.attention;
  return { ...record, obligations, attention };
}

/** Names an obligation that no entry executes. */
export const owedName = ({ id }: OrderRecord, position: number): string => `${id}-owed-${position + 1}`;

/** The pieces with what goodwill paid of them before; takes it out of `left`. */
export function absorb(left: Map<number, number>, pieces: readonly GivenBack[]): GivenBack[] {
  return pieces.map((piece) => {
    const absorbed = Math.min(piece.gross, left.get(piece.line) ?? 0);
    if (absorbed === 0) return piece;
    left.set(piece.line, (left.get(piece.line) ?? 0) - absorbed);
    return { ...piece, absorbed };
  });
}
