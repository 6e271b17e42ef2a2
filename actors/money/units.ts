/**
 * A line's amount over its units (money rules, section 1: largest remainder). Units weigh the same, so the first
 * `total mod quantity` of them carry one minor unit more, and any stretch of units is known without splitting the line.
 */

export interface Taxed {
  readonly gross: number;
  readonly net: number;
  readonly tax: number;
}

/** Minor units carried by the units `from` (included) to `to` (excluded) of a line of `quantity` units worth `total`. */
export function amountOfUnits(total: number, quantity: number, from: number, to: number): number {
  if (!(quantity > 0 && from >= 0 && from <= to && to <= quantity)) {
    throw new RangeError(`no units ${from} to ${to} of ${quantity}`);
  }
  return target(total, quantity, to) - target(total, quantity, from);
}

/** Gross and tax go to units each on its own, net is what is between them: never negative, as tax ≤ gross. */
export function taxedUnits(line: Taxed, quantity: number, from: number, to: number): Taxed {
  const gross = amountOfUnits(line.gross, quantity, from, to);
  const tax = amountOfUnits(line.tax, quantity, from, to);
  return { gross, net: gross - tax, tax };
}

/** What the first `count` units carry together. */
function target(total: number, quantity: number, count: number): number {
  const more = total % quantity;
  return ((total - more) / quantity) * count + Math.min(count, more);
}
