import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookProblems } from '../../../actors/commission/check-rules.ts';
import { firstMatch, frozen, type Sale, saleOf, versionAt } from '../../../actors/commission/rule-book.ts';
import { type CommissionRule, type RuleBook, type RuleVersion, SALE_MODES } from '../../../protocols/commission.ts';
import { RUNS } from '../money/runs.ts';

const version = (...rules: CommissionRule[]): RuleVersion => ({
  version: '2026',
  validFrom: '2026-01-01T00:00:00Z',
  rules,
});
const book = (...rules: CommissionRule[]): RuleBook => ({ versions: [version(...rules)] });

const LYON: CommissionRule = { rule: 'lyon', store: 'store-lyon', percent: '0.1' };
const LAMPS: CommissionRule = { rule: 'lamps', category: ['lamps', 'lanterns'], fixed: 200, currency: 'EUR' };
const REST: CommissionRule = { rule: 'rest', percent: '0.2', handlingFee: 50, currency: 'EUR', shipping: 'store' };
/** Named by its place among the rules of a case. */
const of = (matched: Partial<CommissionRule>): CommissionRule => ({ rule: '', percent: '0.1', ...matched });
const SALE: Sale = { store: 'store-lyon', mode: 'ship-from-store', channel: 'web', currency: 'EUR' };

test('the first rule that matches decides', () => {
  const rules = version(LYON, LAMPS, REST);
  const named = (sale: Partial<Sale>) => firstMatch(rules, { ...SALE, ...sale })?.rule;
  expect(named({ category: 'lamps' })).toBe('lyon');
  expect(named({ store: 'store-nice', category: 'lanterns' })).toBe('lamps');
  expect(named({ store: 'store-nice' })).toBe('rest');
  expect(named({ store: 'store-nice', currency: 'CHF' })).toBeUndefined();
});

test('what a store sold and prepares itself is shipped from it; what another one prepares is of an endless aisle', () => {
  const modeOf = (soldBy: string | undefined, mode = 'ship') => {
    const sold = { mode, channel: 'web', currency: 'EUR', ...(soldBy === undefined ? {} : { soldBy }) };
    return saleOf(sold, { preparedBy: 'store-lyon' }).mode;
  };
  expect([undefined, 'store-lyon', 'store-nice'].map((soldBy) => modeOf(soldBy))).toEqual([
    'ship-from-store',
    'ship-from-store',
    'endless-aisle',
  ]);
  expect(modeOf('store-nice', 'click-and-collect')).toBe('click-and-collect');
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
  expect(bookProblems(book(LYON, LAMPS, REST))).toEqual([]);
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
    'an amount a unit above the maximum',
    [{ rule: 'a', fixed: 300, currency: 'EUR', maximum: 200 }],
    'rule 1 (a): fixed: 300 is above maximum 200',
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
  [
    'a rule for several stores after one for each',
    [of({ store: 'x' }), of({ store: 'y' }), of({ store: ['x', 'y'] })],
    'rule 3 (r3): unreachable: rules r1, r2 before it together match all that it could',
  ],
  [
    'a rule that is left nothing in two fields',
    [of({ store: 'x' }), of({ channel: ['web', 'till'] }), of({ store: ['x', 'y'], channel: ['web', 'till'] })],
    'rule 3 (r3): unreachable: rule r2 before it matches all that it could',
  ],
  [
    'a rule for four that are covered by twos',
    [
      of({ store: 'x', channel: 'web' }),
      of({ store: ['x', 'y'], channel: 'till' }),
      of({ store: 'y', channel: ['web', 'app'] }),
      of({ store: ['x', 'y'], channel: ['web', 'till'], category: 'lamps' }),
    ],
    'rule 4 (r4): unreachable: rules r1, r2, r3 before it together match all that it could',
  ],
  [
    'a rule for any mode after one for each',
    [
      of({ mode: ['ship-from-store', 'endless-aisle'] }),
      of({ mode: 'click-and-collect' }),
      of({ mode: 'reserve-and-collect' }),
      of({ store: 'x' }),
    ],
    'rule 4 (r4): unreachable: rules r1, r2, r3 before it together match all that it could',
  ],
])('%s is a problem that names rule and field', (_, given, problem) => {
  const rules = given.map((rule, index) => ({ ...rule, rule: rule.rule || `r${index + 1}` }));
  expect(bookProblems(book(...rules))).toEqual([`version 2026, ${problem}`]);
});

test.each<[string, CommissionRule[]]>([
  ['one of several stores', [of({ rule: 'a', store: 'x' }), of({ rule: 'b', store: ['x', 'y'] })]],
  ['a store that is not named', [of({ rule: 'a', store: ['x', 'y'] }), of({ rule: 'b' })]],
  [
    'one of four',
    [
      of({ rule: 'a', store: 'x', channel: 'web' }),
      of({ rule: 'b', store: 'y' }),
      of({ rule: 'c', store: ['x', 'y'], channel: ['web', 'till'] }),
    ],
  ],
  [
    'goods without a category',
    [of({ rule: 'a', store: 'x', category: 'lamps' }), of({ rule: 'b', store: 'x', mode: ['click-and-collect'] })],
  ],
])('a rule that is left %s is reachable', (_, rules) => {
  expect(bookProblems(book(...rules))).toEqual([]);
});

test('a rule is unreachable exactly where no sale of it comes to it', () => {
  const some = (words: string[]) =>
    fc.oneof(fc.constant(undefined), fc.constantFrom(...words), fc.subarray(words, { minLength: 1 }));
  const matched = fc.record({ store: some(STORES), category: some(CATEGORIES), mode: some([...SALE_MODES]) });
  fc.assert(
    fc.property(fc.array(matched, { minLength: 1, maxLength: 6 }), (list) => {
      const rules = list.map((given, index): CommissionRule => {
        const fields = Object.fromEntries(Object.entries(given).filter(([, words]) => words !== undefined));
        return { rule: `r${index + 1}`, percent: '0.1', ...fields };
      });
      const reached = new Set(everySale().map((sale) => firstMatch(version(...rules), sale)?.rule));
      const unreachable = rules.filter(({ rule }) => !reached.has(rule));
      expect(bookProblems(book(...rules))).toEqual(
        unreachable.map(({ rule }) => expect.stringContaining(`(${rule}): unreachable`)),
      );
    }),
    RUNS,
  );
});

const STORES = ['x', 'y', 'z'];
const CATEGORIES = ['lamps', 'lanterns'];

/** With a store and a category that no rule names, and goods without a category. */
function everySale(): Sale[] {
  return [...STORES, 'other'].flatMap((store) =>
    SALE_MODES.flatMap((mode) =>
      [...CATEGORIES, 'other', undefined].map((category) => ({
        ...SALE,
        store,
        mode,
        ...(category === undefined ? {} : { category }),
      })),
    ),
  );
}

test('three hundred stores, each with a rule before the one for all of them, are looked through', () => {
  const stores = Array.from({ length: 300 }, (_, index) => `s${index}`);
  const rules = [...stores.map((store) => of({ rule: store, store })), of({ rule: 'all', store: stores })];
  expect(bookProblems(book(...rules))).toEqual([
    'version 2026, rule 301 (all): unreachable: rules s0, s1, s2, s3, s4 and 295 more before it together match all that it could',
  ]);
});

test('a version without rules is a problem', () => {
  expect(bookProblems(book())).toEqual(['version 2026: rules: must have at least one']);
});

test('versions out of order, overlapping or named twice are problems', () => {
  const from = (name: string, day: string): RuleVersion => ({
    version: name,
    validFrom: `${day}T00:00:00Z`,
    rules: [REST],
  });
  expect(bookProblems({ versions: [from('b', '2026-02-01'), from('a', '2026-01-01')] })).toEqual([
    'versions[1] (a): validFrom must be later than that of b (2026-02-01T00:00:00Z): out of order',
  ]);
  expect(bookProblems({ versions: [from('a', '2026-01-01'), from('a', '2026-01-01')] })).toEqual([
    'versions[1] (a): version is used twice',
    'versions[1] (a): overlaps a: both are valid from 2026-01-01T00:00:00Z',
  ]);
});
