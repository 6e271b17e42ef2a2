/** The lines as a covering problem: which stores can satisfy which line. Stores are positions in the ranking. */
import type { Wanted } from '../../protocols/sourcing.ts';
import type { Ranked } from './rank.ts';
import type { Supply } from './supply.ts';

export class Need {
  /** As much as there is, where that is less than what is wanted. */
  readonly quantity: number;
  /** Units by store, of those that may take part. */
  readonly offers: ReadonlyMap<number, number>;
  private readonly largest: number;
  private sums: number[] | undefined;

  constructor(quantity: number, offers: ReadonlyMap<number, number>) {
    this.quantity = quantity;
    this.offers = offers;
    let largest = 0;
    for (const units of offers.values()) if (units > largest) largest = units;
    this.largest = largest;
  }

  /** Whether so many stores may give so many units; false: no stores can. */
  isWithin(stores: number, units: number): boolean {
    if (this.largest >= units) return stores > 0;
    if (this.largest * stores < units) return false;
    this.sums ??= sumsOf([...this.offers.values()].sort((a, b) => b - a));
    return (this.sums[Math.min(stores, this.sums.length) - 1] ?? 0) >= units;
  }
}

export interface Needs {
  /** A line comes from one store where any has it whole. */
  readonly whole: readonly Need[];
  /** Lines may be split; none where that could not spare a store. */
  readonly split: readonly Need[] | undefined;
}

interface Offers {
  line: Wanted;
  total: number;
  /** Of every store that has some. */
  some: Map<number, number>;
  /** Of those that have the whole line. */
  whole: Map<number, number>;
}

/**
 * One for each line that somebody can give something of, and one for all lines of a sku together that the same stores may give.
 * Stores that give all there is meet them; the other way round not always, where lines of one sku exclude different stores.
 */
export function needsOf(lines: readonly Wanted[], ranked: readonly Ranked[], supply: Supply): Needs {
  const offered = lines.map((line) => offersOf(line, ranked, supply)).filter(({ total }) => total > 0);
  const whole = offered.map(wholeNeed);
  const together = sharedNeeds(offered);
  const canBeSplit = offered.some(({ whole: { size }, some }) => size > 0 && size < some.size);
  if (together.size === 0) return { whole, split: canBeSplit ? offered.map(splitNeed) : undefined };
  const alone = offered.filter(({ line: { sku } }) => !together.has(sku));
  const sums = [...together.values()];
  return { whole: [...whole, ...sums], split: [...alone.map(splitNeed), ...sums] };
}

function offersOf(line: Wanted, ranked: readonly Ranked[], supply: Supply): Offers {
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
  return { line, total, some, whole };
}

function wholeNeed({ line, total, some, whole }: Offers): Need {
  return new Need(Math.min(line.quantity, total), whole.size > 0 ? whole : some);
}

function splitNeed({ line, total, some }: Offers): Need {
  return new Need(Math.min(line.quantity, total), some);
}

/** By sku: lines that the same stores may give, as one. */
function sharedNeeds(offered: readonly Offers[]): ReadonlyMap<string, Need> {
  const together = new Map<string, Need>();
  const bySku = new Map<string, Offers[]>();
  for (const offers of offered) {
    const same = bySku.get(offers.line.sku);
    if (same) same.push(offers);
    else bySku.set(offers.line.sku, [offers]);
  }
  for (const [sku, [first, ...others]] of bySku) {
    if (!first || others.length === 0) continue;
    const quantity = others.reduce((sum, { line }) => sum + line.quantity, first.line.quantity);
    if (others.every(({ some }) => haveSameStores(some, first.some)))
      together.set(sku, new Need(Math.min(quantity, first.total), first.some));
  }
  return together;
}

function haveSameStores(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): boolean {
  return one.size === other.size && [...one.keys()].every((store) => other.has(store));
}

function sumsOf(units: readonly number[]): number[] {
  let sum = 0;
  return units.map((count) => (sum += count));
}
