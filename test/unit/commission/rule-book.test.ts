import { expect, test } from 'vitest';
import { problemsOf } from '../../../actors/commission/check-rules.ts';
import { firstMatch, frozen, type Sale, versionAt } from '../../../actors/commission/rule-book.ts';
import type { CommissionRule, RuleBook, RuleVersion } from '../../../protocols/commission.ts';

const version = (...rules: CommissionRule[]): RuleVersion => ({
  version: '2026',
  validFrom: '2026-01-01T00:00:00Z',
  rules,
});
const book = (...rules: CommissionRule[]): RuleBook => ({ versions: [version(...rules)] });

const LYON: CommissionRule = { rule: 'lyon', store: 'store-lyon', percent: '0.1' };
const LAMPS: CommissionRule = { rule: 'lamps', category: ['lamps', 'lanterns'], fixed: 200, currency: 'EUR' };
const REST: CommissionRule = { rule: 'rest', percent: '0.2', handlingFee: 50, currency: 'EUR', shipping: 'store' };
const SALE: Sale = { store: 'store-lyon', mode: 'ship-from-store', channel: 'web', currency: 'EUR' };

test('the first rule that matches decides', () => {
  const rules = version(LYON, LAMPS, REST);
  const named = (sale: Partial<Sale>) => firstMatch(rules, { ...SALE, ...sale })?.rule;
  expect(named({ category: 'lamps' })).toBe('lyon');
  expect(named({ store: 'store-nice', category: 'lanterns' })).toBe('lamps');
  expect(named({ store: 'store-nice' })).toBe('rest');
  expect(named({ store: 'store-nice', currency: 'CHF' })).toBeUndefined();
});

test('what is frozen of a rule is what it decides, without what it matched', () => {
  expect(frozen('2026', REST)).toEqual({ version: '2026', rule: 'rest', percent: '0.2', handlingFee: 50 });
});

test('the version of an instant is the last one that is valid by then', () => {
  const versions = ['2026-01-01', '2026-06-01'].map((day) => ({
    version: day,
    validFrom: `${day}T00:00:00Z`,
    rules: [],
  }));
  const at = (instant: string) => versionAt({ versions }, Date.parse(instant))?.version;
  expect(at('2025-12-31T23:59:59Z')).toBeUndefined();
  expect(at('2026-01-01T00:00:00Z')).toBe('2026-01-01');
  expect(at('2026-05-31T23:59:59Z')).toBe('2026-01-01');
  expect(at('2026-06-01T02:00:00+02:00')).toBe('2026-06-01');
});

test('a book that is right has no problems', () => {
  expect(problemsOf(book(LYON, LAMPS, REST))).toEqual([]);
});

test.each<[string, CommissionRule[], string]>([
  ['percent above 1', [{ rule: 'a', percent: '1.01' }], 'rule 1 (a): percent: 1.01 is above 1'],
  ['no outcome', [{ rule: 'a' }], 'rule 1 (a): exactly one of percent and fixed must be given'],
  [
    'two outcomes',
    [{ rule: 'a', percent: '0.1', fixed: 1, currency: 'EUR' }],
    'rule 1 (a): exactly one of percent and fixed must be given',
  ],
  [
    'fixed without currency',
    [{ rule: 'a', fixed: 100 }],
    'rule 1 (a): fixed: an amount needs the currency that it is in',
  ],
  [
    'minimum above maximum',
    [{ rule: 'a', percent: '0.1', currency: 'EUR', minimum: 9, maximum: 8 }],
    'rule 1 (a): minimum: 9 is above maximum 8',
  ],
  [
    'unknown currency',
    [{ rule: 'a', percent: '0.1', currency: 'XQX' }],
    'rule 1 (a): currency: XQX has no ISO 4217 exponent',
  ],
  ['a name used twice', [LYON, { ...LAMPS, rule: 'lyon' }], 'rule 2 (lyon): rule: the name is used twice'],
  [
    'a rule after one that matches everything',
    [{ rule: 'all', percent: '0.2' }, LYON],
    'rule 2 (lyon): unreachable: rule all before it matches all that it could',
  ],
  [
    'a narrower rule after a wider one',
    [LAMPS, { rule: 'lanterns', category: 'lanterns', currency: 'EUR', channel: 'web', percent: '0.1' }],
    'rule 2 (lanterns): unreachable: rule lamps before it matches all that it could',
  ],
])('%s is a problem that names rule and field', (_, rules, problem) => {
  expect(problemsOf(book(...rules))).toEqual([`version 2026, ${problem}`]);
});

test('versions out of order, overlapping or named twice are problems', () => {
  const from = (name: string, day: string): RuleVersion => ({
    version: name,
    validFrom: `${day}T00:00:00Z`,
    rules: [],
  });
  expect(problemsOf({ versions: [from('b', '2026-02-01'), from('a', '2026-01-01')] })).toEqual([
    'versions[1] (a): validFrom must be later than that of b (2026-02-01T00:00:00Z): out of order',
  ]);
  expect(problemsOf({ versions: [from('a', '2026-01-01'), from('a', '2026-01-01')] })).toEqual([
    'versions[1] (a): version is used twice',
    'versions[1] (a): overlaps a: both are valid from 2026-01-01T00:00:00Z',
  ]);
});
