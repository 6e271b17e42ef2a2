/** What is owed for units that were cancelled after money took them. */
import { isConfirmed } from './ledger.ts';
import type { GivenBack, Obligation, OrderRecord } from './record.ts';

/**
 * One for each capture, as each waits for its own: confirmed, it is refunded; failed, there is nothing to give back. `absorbed` is
 * what goodwill paid before, by position of the line.
 */
export function obligationsFor(
  record: OrderRecord,
  given: readonly GivenBack[],
  absorbed: ReadonlyMap<number, number>,
): Obligation[] {
  const left = new Map(absorbed);
  return [...byCapture(given)].map(([entry, pieces]) => ({
    cause: 'cancelled',
    amount: isConfirmed(record, entry) ? amountBeyond(left, pieces) : worth(pieces),
    shipping: 0,
    pieces,
    allowances: [],
  }));
}

function byCapture(given: readonly GivenBack[]): Map<number, GivenBack[]> {
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

const worth = (pieces: readonly GivenBack[]): number => pieces.reduce((sum, { gross }) => sum + gross, 0);

/** Takes what it absorbs out of `left`. */
function amountBeyond(left: Map<number, number>, pieces: readonly GivenBack[]): number {
  let amount = 0;
  for (const { line, gross } of pieces) {
    const absorbed = Math.min(gross, left.get(line) ?? 0);
    left.set(line, (left.get(line) ?? 0) - absorbed);
    amount += gross - absorbed;
  }
  return amount;
}
