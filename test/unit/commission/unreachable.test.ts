import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIELDS, type Sales } from '../../../actors/commission/earlier-rules.ts';
import { coversOf } from '../../../actors/commission/unreachable.ts';
import { type CommissionRule, SALE_MODES } from '../../../protocols/commission.ts';
import { RUNS } from '../money/runs.ts';

type Choices = ReadonlySet<string> | undefined;

const includes = (wide: Choices, narrow: Choices): boolean =>
  !wide || (narrow !== undefined && [...narrow].every((choice) => wide.has(choice)));
const touches = (wide: Sales, narrow: Sales): boolean =>
  FIELDS.every((field) => !wide[field] || [...(narrow[field] ?? [])].some((choice) => wide[field]?.has(choice)));

/** What is said of a rule, found by asking each one before it. */
function plainCover(sales: Sales, earlier: readonly { rule: string; sales: Sales }[]): string[] | undefined {
  const touching = earlier.filter((other) => touches(other.sales, sales));
  const whole = touching.find((other) => FIELDS.every((field) => includes(other.sales[field], sales[field])));
  if (whole) return [whole.rule];
  const parting = FIELDS.find((field) => touching.some((other) => !includes(other.sales[field], sales[field])));
  const choices = parting && sales[parting];
  if (!choices) return undefined;
  const covers = [...choices].map((choice) => plainCover({ ...sales, [parting]: new Set([choice]) }, touching));
  return covers.includes(undefined) ? undefined : [...new Set(covers.flatMap((cover) => cover ?? []))];
}

function plainCovers(rules: readonly CommissionRule[]): (string[] | undefined)[] {
  const all = rules.map((rule) => {
    const sales: Sales = { mode: new Set(SALE_MODES) };
    for (const field of FIELDS) {
      const words = rule[field];
      if (words !== undefined) sales[field] = new Set(typeof words === 'string' ? [words] : words);
    }
    return { rule: rule.rule, sales };
  });
  return all.map(({ sales }, index) => plainCover(sales, all.slice(0, index)));
}

const some = (words: readonly string[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.subarray([...words], { minLength: 1 }) },
  );

const MATCHED = fc.record({
  store: some(['x', 'y', 'z']),
  category: some(['lamps', 'lanterns']),
  mode: some(SALE_MODES),
  channel: some(['web', 'till']),
  currency: fc.constantFrom(undefined, undefined, 'EUR', 'CHF'),
});

const named = (list: readonly object[]): CommissionRule[] =>
  list.map((given, index) => {
    const fields = Object.fromEntries(Object.entries(given).filter(([, words]) => words !== undefined));
    return { rule: `r${index + 1}`, percent: '0.1', ...fields };
  });

test('who covers a rule is who is found by asking each rule before it, in the same order', () => {
  let covered = 0;
  let together = 0;
  fc.assert(
    fc.property(fc.array(MATCHED, { minLength: 1, maxLength: 16 }), (list) => {
      const rules = named(list);
      const covers = coversOf(rules);
      expect(covers).toEqual(plainCovers(rules));
      covered += covers.filter((cover) => cover).length;
      together += covers.filter((cover) => cover && cover.length > 1).length;
    }),
    RUNS,
  );
  expect([covered > 0, together > 0]).toEqual([true, true]);
});

/** Far more than they take: asking each rule of each takes half a minute and more. */
const LONG_MS = 10_000;
const PATIENCE = { timeout: 6 * LONG_MS };

test.each<[string, (index: number) => object]>([
  ['by store and category', (i) => ({ store: `s${i % 100}`, category: `c${Math.floor(i / 100)}` })],
  ['that share a store', (i) => ({ store: [`s${i}`, 'common'] })],
  ['that share what parts none of them', (i) => ({ category: ['a', 'b'], channel: ['common', `h${i}`] })],
])('ten thousand rules %s are looked through', PATIENCE, (_, shape) => {
  const rules = named(Array.from({ length: 10_000 }, (_, index) => shape(index)));
  const began = performance.now();
  expect(coversOf(rules).filter((cover) => cover)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(LONG_MS);
});
