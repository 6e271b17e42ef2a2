/**
 * An amount and how it came about, in minor units.
 *
 * F1  Figures `of` sum to the amount.
 * F2  `rounded`: the amount is half-up(amount × numerator / denominator), halves away from zero.
 * F3  `allocated`: the amount is the share that `weight` of `weights` has of `total`, largest remainder.
 * F4  `units`: the amount is what units `from` + 1 to `to` of `quantity` carry of `total`: target(to) − target(from).
 */
export interface Figure {
  what: string;
  amount: number;
  of?: Figure[];
  rounded?: { amount: number; numerator: number; denominator: number };
  allocated?: { total: number; weight: number; weights: number };
  units?: { total: number; quantity: number; from: number; to: number };
  /** What it is reckoned from. */
  basis?: Figure;
}

/** With what is missing to the amount as a figure of its own: nothing is hidden. */
export function summed(what: string, amount: number, of: readonly Figure[], rest: string): Figure {
  const known = of.filter((figure) => figure.amount !== 0 || figure.of !== undefined);
  const missing = amount - sumOf(known);
  return { what, amount, of: missing === 0 ? known : [...known, { what: rest, amount: missing }] };
}

export function sumOf(figures: readonly Pick<Figure, 'amount'>[]): number {
  return figures.reduce((sum, { amount }) => sum + amount, 0);
}

/** The same amounts with the other sign. */
export function less({ what, amount, of, rounded, allocated, units, basis }: Figure): Figure {
  return {
    what,
    amount: negative(amount),
    ...(of ? { of: of.map(less) } : {}),
    ...(rounded ? { rounded: { ...rounded, amount: negative(rounded.amount) } } : {}),
    ...(allocated ? { allocated: { ...allocated, total: negative(allocated.total) } } : {}),
    ...(units ? { units: { ...units, total: negative(units.total) } } : {}),
    ...(basis ? { basis: less(basis) } : {}),
  };
}

/** Zero has no sign. */
const negative = (amount: number): number => (amount === 0 ? 0 : -amount);
