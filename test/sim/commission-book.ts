/** Commission rules that change in the middle of a run: by store, mode and currency, a part or an amount, within bounds. */
import type { CommissionRule, RuleBook, RuleVersion } from '../../protocols/commission.ts';
import type { Random } from './random.ts';
import { START } from './world.ts';

const CHANGES_MS = [0, 9000, 18_000, 27_000];
const PERCENTS = ['0', '0.15', '0.3333', '0.07125', '0.5', '1'];
const CURRENCIES = ['EUR', 'JPY', 'KWD'];
const MODES = ['ship-from-store', 'click-and-collect', 'reserve-and-collect', 'endless-aisle'] as const;
const MOST_RULES = 4;

/** Every third run has none: stores' own commissions hold. */
export function commissionBook(random: Random): RuleBook {
  if (random.chance(0.33)) return { versions: [] };
  const versions = CHANGES_MS.slice(0, random.between(1, CHANGES_MS.length)).map((ms, index): RuleVersion => {
    const rules = Array.from({ length: random.between(1, MOST_RULES) }, (_, rule) => newRule(random, `r${rule + 1}`));
    if (random.chance(0.5)) rules.push({ rule: 'rest', percent: random.pick(PERCENTS), shipping: 'store' });
    return { version: `v${index + 1}`, validFrom: new Date(START + ms).toISOString(), rules };
  });
  return { versions };
}

function newRule(random: Random, rule: string): CommissionRule {
  const matched = {
    rule,
    ...(random.chance(0.5) ? { store: `store-${random.between(1, 4)}` } : {}),
    ...(random.chance(0.4) ? { mode: random.pick(MODES) } : {}),
    ...(random.chance(0.6) ? { shipping: random.pick(['headquarters', 'store', 'store'] as const) } : {}),
  };
  const currency = random.chance(0.6) ? random.pick(CURRENCIES) : undefined;
  if (currency === undefined) return { ...matched, percent: random.pick(PERCENTS) };
  const amounts = {
    ...(random.chance(0.3) ? { minimum: random.between(0, 300) } : {}),
    ...(random.chance(0.3) ? { maximum: random.between(300, 3000) } : {}),
    ...(random.chance(0.6) ? { handlingFee: random.between(0, 500) } : {}),
  };
  const takes = random.chance(0.5) ? { percent: random.pick(PERCENTS) } : { fixed: random.between(0, 2000) };
  return { ...matched, currency, ...takes, ...amounts };
}
