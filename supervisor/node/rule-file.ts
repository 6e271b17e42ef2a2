/** Commission rules as somebody wrote them: in a file of their own, or within the configuration. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Compile } from 'typebox/compile';
import { bookProblems } from '../../actors/commission/check-rules.ts';
import { brokenRule } from '../../protocols/broken-rule.ts';
import { RULE_BOOK, type RuleBook } from '../../protocols/commission.ts';
import { messageOf } from '../../protocols/thrown.ts';

const validator = Compile(RULE_BOOK);
const MOST_SHOWN = 20;

/** Throws an error that lists what is wrong, a line each. */
export function readRuleFile(file: string): RuleBook {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`);
  }
  return checkedRules(parsed, file);
}

/** `commission` of the configuration: rules, or the file that holds them (as seen from the configuration's). */
export function configuredRules(given: unknown, source: string): RuleBook {
  if (given === undefined) return { versions: [] };
  if (typeof given === 'string') return readRuleFile(resolve(dirname(source), given));
  return checkedRules(given, `${source}: commission`);
}

function checkedRules(given: unknown, source: string): RuleBook {
  const problems = validator.Check(given) ? bookProblems(given) : formProblems(given);
  if (problems.length > 0) {
    const more = problems.length > MOST_SHOWN ? [`and ${problems.length - MOST_SHOWN} more`] : [];
    throw new Error([`${source}:`, ...problems.slice(0, MOST_SHOWN), ...more].join('\n  '));
  }
  return given as RuleBook;
}

/** The first rule that each field breaks; of what an object misses, the first. */
function formProblems(given: unknown): string[] {
  const errors = [...validator.Errors(given)];
  return [...new Set(errors.map(({ instancePath }) => instancePath))].map((field) => {
    const { path, rule } = brokenRule(errors.filter(({ instancePath }) => instancePath === field));
    return `${path.slice(1).replaceAll('/', '.') || 'the rules'} ${rule}`;
  });
}
