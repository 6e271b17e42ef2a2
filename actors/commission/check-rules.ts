/** What is wrong with a rule book that has the right form: each problem names the rule, the field and what must hold. */
import type { CommissionRule, RuleBook, RuleVersion } from '../../protocols/commission.ts';
import { exponentOf } from '../../protocols/currency.ts';
import { parseRate } from '../../protocols/rate.ts';
import { coversOf } from './unreachable.ts';

const MOST_NAMED = 5;

export function bookProblems({ versions }: RuleBook): string[] {
  return [...versionProblems(versions), ...versions.flatMap(ruleProblems)];
}

/** Of what is published already only this is asked: a version never changes, so what rules must hold today can't be asked of it. */
export function versionProblems(versions: readonly RuleVersion[]): string[] {
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
  if (rules.length === 0) return [`version ${version}: rules: must have at least one`];
  const covers = coversOf(rules);
  const names = new Set<string>();
  return rules.flatMap((rule, index) => {
    const problems = [...ownProblems(rule)];
    if (names.has(rule.rule)) problems.push('rule: the name is used twice');
    names.add(rule.rule);
    const cover = covers[index];
    if (cover) problems.push(`unreachable: ${named(cover)} all that it could`);
    return problems.map((problem) => `version ${version}, rule ${index + 1} (${rule.rule}): ${problem}`);
  });
}

function named(cover: readonly string[]): string {
  if (cover.length === 1) return `rule ${cover[0]} before it matches`;
  const more = cover.length > MOST_NAMED ? ` and ${cover.length - MOST_NAMED} more` : '';
  return `rules ${cover.slice(0, MOST_NAMED).join(', ')}${more} before it together match`;
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
  // A unit may cost less than the least of a line, but never more than the most of one.
  if (fixed !== undefined && maximum !== undefined && fixed > maximum)
    found.push(`fixed: ${fixed} is above maximum ${maximum}`);
  return found;
}
