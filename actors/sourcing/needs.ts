/** The lines as a covering problem: which stores can satisfy which line. Stores are positions in the ranking. */
import type { Wanted } from '../../protocols/sourcing.ts';
import type { Ranked } from './rank.ts';
import type { Supply } from './supply.ts';

export interface Need {
  /** As much as there is, where that is less than what is wanted. */
  readonly quantity: number;
  /** Units by store, of those that may take part: only those that have the whole line, where there are any. */
  readonly offers: ReadonlyMap<number, number>;
}

/** One for each line that somebody can give something of. */
export function needsOf(lines: readonly Wanted[], ranked: readonly Ranked[], supply: Supply): Need[] {
  return lines.map((line) => needOf(line, ranked, supply)).filter(({ quantity }) => quantity > 0);
}

function needOf(line: Wanted, ranked: readonly Ranked[], supply: Supply): Need {
  const whole = new Map<number, number>();
  const some = new Map<number, number>();
  let total = 0;
  for (const [position, { candidate }] of ranked.entries()) {
    const units = supply.of(candidate, line);
    if (units === 0) continue;
    total += units;
    some.set(position, units);
    if (units >= line.quantity) whole.set(position, units);
  }
  return { quantity: Math.min(line.quantity, total), offers: whole.size > 0 ? whole : some };
}

export function isMet({ quantity, offers }: Need, stores: readonly number[]): boolean {
  let units = 0;
  for (const store of stores) units += offers.get(store) ?? 0;
  return units >= quantity;
}
