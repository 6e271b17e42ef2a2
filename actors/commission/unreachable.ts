/** Rules that no sale can come to, because rules before them, one or several together, match all that they could. */
import { type CommissionRule, SALE_MODES } from '../../protocols/commission.ts';

/** So many parts of what a rule matches are looked at; one that would take more counts as reachable. */
const MOST_PARTS = 10_000;

const FIELDS = ['store', 'category', 'mode', 'channel', 'currency'] as const;

/** What may stand in each field. One that is not given allows everything, also what no rule names. */
type Sales = Partial<Record<(typeof FIELDS)[number], Choices>>;
type Choices = ReadonlySet<string>;

interface Matcher {
  readonly rule: string;
  readonly sales: Sales;
}

/** For each rule the names of those before it that leave nothing to it; undefined where it can be reached. */
export function coversOf(rules: readonly CommissionRule[]): (readonly string[] | undefined)[] {
  const matchers = rules.map((rule): Matcher => ({ rule: rule.rule, sales: salesOf(rule) }));
  return matchers.map(({ sales }, index) => coverOf(sales, matchers.slice(0, index), { parts: MOST_PARTS }));
}

function salesOf(rule: CommissionRule): Sales {
  // Of modes alone it is known which there are: a rule for each of them leaves nothing to a rule for any.
  const sales: Sales = { mode: new Set(SALE_MODES) };
  for (const field of FIELDS) {
    const words = rule[field];
    if (words !== undefined) sales[field] = new Set(typeof words === 'string' ? [words] : words);
  }
  return sales;
}

/** Where no rule matches all of them, they are parted by a field that a rule narrows, and each part needs a cover. */
function coverOf(sales: Sales, earlier: readonly Matcher[], left: { parts: number }): string[] | undefined {
  left.parts -= 1;
  const touching = earlier.filter((other) => touches(other.sales, sales));
  const whole = touching.find((other) => FIELDS.every((field) => includes(other.sales[field], sales[field])));
  if (whole) return [whole.rule];
  const parting = FIELDS.find((field) => touching.some((other) => !includes(other.sales[field], sales[field])));
  const choices = parting && sales[parting];
  if (!choices) return undefined;
  const names = new Set<string>();
  for (const choice of choices) {
    const cover = left.parts > 0 ? coverOf({ ...sales, [parting]: new Set([choice]) }, touching, left) : undefined;
    if (!cover) return undefined;
    for (const name of cover) names.add(name);
  }
  return [...names];
}

/**
 * Do both match a sale? Of a field that `narrow` does not give, only what no rule names is looked at: who matches that matches all of it.
 * A loop: rules are compared each with each.
 */
function touches(wide: Sales, narrow: Sales): boolean {
  for (const field of FIELDS) {
    const [ours, theirs] = [wide[field], narrow[field]];
    if (ours && (!theirs || !shares(ours, theirs))) return false;
  }
  return true;
}

function shares(some: Choices, others: Choices): boolean {
  for (const choice of others) if (some.has(choice)) return true;
  return false;
}

function includes(wide: Choices | undefined, narrow: Choices | undefined): boolean {
  if (!wide) return true;
  if (!narrow || narrow.size > wide.size) return false;
  for (const choice of narrow) if (!wide.has(choice)) return false;
  return true;
}
