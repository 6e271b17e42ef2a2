/** Rules that no sale can come to, because rules before them, one or several together, match all that they could. */
import { type CommissionRule, SALE_MODES } from '../../protocols/commission.ts';
import { EarlierRules, FIELDS, type Sales } from './earlier-rules.ts';

/** So many parts of what a rule matches are looked at; one that would take more counts as reachable. */
const MOST_PARTS = 10_000;

/** For each rule the names of those before it that leave nothing to it; undefined where it can be reached. */
export function coversOf(rules: readonly CommissionRule[]): (readonly string[] | undefined)[] {
  const earlier = new EarlierRules();
  return rules.map((rule) => {
    const sales = salesOf(rule);
    // Most rules have a sale that no other wants, and one is enough.
    const isReached = earlier.firstOfAll(earlier.rarest(sales)) === undefined;
    const cover = isReached ? undefined : coverOf(sales, earlier, { parts: MOST_PARTS });
    earlier.add(rule.rule, sales);
    return cover;
  });
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
function coverOf(sales: Sales, earlier: EarlierRules, left: { parts: number }): string[] | undefined {
  left.parts -= 1;
  const whole = earlier.firstOfAll(sales);
  if (whole !== undefined) return [whole];
  const parting = FIELDS.find((field) => earlier.parts(sales, field));
  const choices = parting && sales[parting];
  if (!choices) return undefined;
  const names = new Set<string>();
  for (const choice of choices) {
    const cover = left.parts > 0 ? coverOf({ ...sales, [parting]: new Set([choice]) }, earlier, left) : undefined;
    if (!cover) return undefined;
    for (const name of cover) names.add(name);
  }
  return [...names];
}
