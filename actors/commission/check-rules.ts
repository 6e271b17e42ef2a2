/** What is wrong with a rule book that has the right form: each problem names the rule, the field and what must hold. */
import type { CommissionRule, RuleBook, RuleVersion } from '../../protocols/commission.ts';
import { exponentOf } from '../../protocols/currency.ts';
import { parseRate } from '../../protocols/rate.ts';

export function problemsOf({ versions }: RuleBook): string[] {
  return [...versionProblems(versions), ...versions.flatMap(ruleProblems)];
}

function versionProblems(versions: readonly RuleVersion[]): string[] {
  const found: string[] = [];
  const names = new Set<string>();
  versions.forEach(({ version, validFrom }, index) => {
    const path = `versions[${index}] (${version})`;
    if (names.has(version)) found.push(`${path}: version is used twice`);
    names.add(version);
    const before = versions[index - 1];
    if (!before) return;
    const [earlier, later] = [Date.parse(before.validFrom), Date.parse(validFrom)];
    if (later === earlier) found.push(`${path}: overlaps ${before.version}: both are valid from ${validFrom}`);
    if (later < earlier)
      found.push(`${path}: validFrom must be later than that of ${before.version} (${before.validFrom}): out of order`);
  });
  return found;
}

function ruleProblems({ version, rules }: RuleVersion): string[] {
  return rules.flatMap((rule, index) => {
    const problems = [...ownProblems(rule)];
    const earlier = rules.slice(0, index);
    if (earlier.some((other) => other.rule === rule.rule)) problems.push('rule: the name is used twice');
    const cover = earlier.find((other) => covers(other, rule));
    if (cover) problems.push(`unreachable: rule ${cover.rule} before it matches all that it could`);
    return problems.map((problem) => `version ${version}, rule ${index + 1} (${rule.rule}): ${problem}`);
  });
}

const AMOUNTS = ['fixed', 'minimum', 'maximum', 'handlingFee'] as const;

function ownProblems(rule: CommissionRule): string[] {
  const { percent, fixed, minimum, maximum, currency } = rule;
  const found: string[] = [];
  if ((percent === undefined) === (fixed === undefined)) found.push('exactly one of percent and fixed must be given');
  const rate = percent === undefined ? undefined : parseRate(percent);
  if (rate && rate.numerator > rate.denominator) found.push(`percent: ${percent} is above 1`);
  if (currency !== undefined && exponentOf(currency) === undefined)
    found.push(`currency: ${currency} has no ISO 4217 exponent`);
  for (const field of AMOUNTS) {
    if (rule[field] !== undefined && currency === undefined)
      found.push(`${field}: an amount needs the currency that it is in`);
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    found.push(`minimum: ${minimum} is above maximum ${maximum}`);
  return found;
}

const MATCHED = ['store', 'category', 'mode', 'channel', 'currency'] as const;

/** One earlier rule is looked at at a time: that several together leave nothing is not found out. */
function covers(earlier: CommissionRule, later: CommissionRule): boolean {
  return MATCHED.every((field) => {
    const [wide, narrow] = [earlier[field], later[field]];
    if (wide === undefined) return true;
    return narrow !== undefined && choices(narrow).every((choice) => choices(wide).includes(choice));
  });
}

const choices = (words: string | readonly string[]): readonly string[] => (typeof words === 'string' ? [words] : words);
