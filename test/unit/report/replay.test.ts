/** Recorded orders under other rules: each traded once under both, and replayed from the rows of the first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import { Replay } from '../../../supervisor/report/replay.ts';
import {
  by,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from '../order/scenario.ts';
import { row } from './rows.ts';

const A = by('store-a');
const EARLY = '2026-11-20T09:00:00Z';
const LATE = '2026-11-22T08:00:00Z';

const book = (first: object[], second: object[]): RuleBook =>
  ({
    versions: [
      { version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules: first },
      { version: 'v2', validFrom: '2026-11-21T00:00:00Z', rules: second },
    ],
  }) as RuleBook;
const BOOKS: RuleBook[] = [
  book([{ rule: 'third', percent: '0.3333' }], [{ rule: 'none', percent: '0' }]),
  book(
    [{ rule: 'lamps', category: 'lamps', percent: '0.5' }],
    [{ rule: 'fixed', fixed: 37, currency: 'EUR', minimum: 90 }],
  ),
  book([{ rule: 'capped', percent: '0.2', currency: 'EUR', maximum: 251 }], []),
  { versions: [] },
];

interface Story {
  placedAt: string;
  units: number;
  price: number;
  category?: string;
  steps: readonly string[];
}

/** What happens to an order whatever its rules are: the same messages. */
function traded(id: string, { placedAt, units, price, category, steps }: Story, rules: RuleBook): Scenario {
  const place = simple(units, price, { placedAt });
  const lines = place.lines.map((line) => ({
    ...line,
    taxRate: '0.07',
    ...(category === undefined ? {} : { category }),
  }));
  const order = scenario(id, { ruleBook: () => rules });
  order.given(
    shop.place({ ...place, lines }),
    plan({ 'store-a': { '1': units } }),
    reserved(`${id}-1`, FRANCHISE),
    A.ready(),
  );
  order.given(confirmed(`${id}-c1`));
  if (steps[0] === 'lost') return order.given(failed(`${id}-c1`, 4000));
  order.given(A.ship(), declared('R1', { '1': units }));
  let [refunds, claims] = [0, 0];
  steps.forEach((step, index) => {
    if (step === 'goodwill') order.when(ops.refund(1 + ((index * 37) % price)));
    else if (claims++ < units) order.when(claimed('R1', { '1': [1, 0] }, { claim: index + 1 }));
    const asked = order.requests.filter(({ kind }) => kind === 'refund').length;
    if (asked > refunds) order.given(confirmed(`${id}-r${asked}`));
    refunds = asked;
  });
  return order;
}

function replayed(rows: readonly AttributionRow[], rules: RuleBook) {
  const replay = new Replay(rules);
  for (const of of rows) replay.add(of, true);
  return { parties: replay.result(), unknown: replay.unknown };
}

const shareIn = (rows: readonly AttributionRow[]): number => rows.reduce((sum, { storeShare }) => sum + storeShare, 0);

const story: fc.Arbitrary<Story> = fc.record({
  placedAt: fc.constantFrom(EARLY, LATE),
  units: fc.integer({ min: 1, max: 5 }),
  price: fc.integer({ min: 101, max: 2999 }),
  category: fc.constantFrom('lamps', 'chairs'),
  steps: fc.array(fc.constantFrom('claim', 'claim', 'goodwill', 'lost'), { maxLength: 4 }),
});

describe('a replay', () => {
  test('under the rules that were used changes nothing, and under others gives what trading under them gives', () => {
    fc.assert(
      fc.property(
        fc.array(story, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...BOOKS),
        fc.constantFrom(...BOOKS),
        (stories, used, other) => {
          const under = (rules: RuleBook) => stories.flatMap((of, index) => traded(`D${index}`, of, rules).rows);
          const rows = under(used);
          for (const { difference } of replayed(rows, used).parties) expect(difference).toBe(0);
          const { parties, unknown } = replayed(rows, other);
          expect(unknown).toBe(0);
          expect(parties.find(({ party }) => party === 'store-a')).toMatchObject({
            was: shareIn(rows),
            would: shareIn(under(other)),
          });
          expect(parties.reduce((sum, { difference }) => sum + difference, 0)).toBe(0);
        },
      ),
      { numRuns: 25, seed: 20_261_125 },
    );
  });

  test('counts the rows of its period, and knows what came before', () => {
    const [used, other] = [BOOKS[0], BOOKS[1]];
    if (!used || !other) throw new Error('two books');
    const { rows } = traded(
      'D1',
      { placedAt: EARLY, units: 3, price: 1000, category: 'lamps', steps: ['claim'] },
      used,
    );
    const replay = new Replay(other);
    for (const of of rows) replay.add(of, of.movement === 'refund');
    // Half of three units net, 1402, becomes half of two, 935.
    expect(replay.result().find(({ party }) => party === 'store-a')).toMatchObject({ would: -(1000 - (1402 - 935)) });
  });

  test('under a draft that is valid later says that no version is, and reckons all as of then where that is asked', () => {
    const [used, other] = [BOOKS[0], BOOKS[1]];
    if (!used || !other) throw new Error('two books');
    const later = { versions: other.versions.map((of) => ({ ...of, validFrom: '2027-01-01T00:00:00Z' })) };
    const story: Story = { placedAt: LATE, units: 2, price: 1000, steps: [] };
    const { rows } = traded('D1', story, used);
    const draft = (asOf?: number) => {
      const replay = new Replay({ versions: later.versions.slice(-1) }, asOf);
      for (const of of rows) replay.add(of, true);
      return {
        withoutVersion: replay.withoutVersion,
        would: replay.result().find(({ party }) => party === 'store-a')?.would,
      };
    };
    const own = shareIn(traded('D1', story, { versions: [] }).rows);
    expect(draft()).toEqual({ withoutVersion: rows.filter(({ placedAt }) => placedAt).length, would: own });
    expect(draft()).not.toMatchObject({ withoutVersion: 0 });
    const then = shareIn(traded('D1', story, { versions: other.versions.slice(-1) }).rows);
    expect(draft(Date.parse('2027-01-02T00:00:00Z'))).toEqual({ withoutVersion: 0, would: then });
  });

  test('leaves shares that are too old to be reckoned anew, and says how many', () => {
    const old = row({
      row: 'A1-1-1',
      party: 'store-a',
      preparedBy: 'store-a',
      line: '1',
      gross: 1000,
      storeShare: 850,
    });
    const { parties, unknown } = replayed([old], BOOKS[1] ?? { versions: [] });
    expect(unknown).toBe(1);
    expect(parties).toMatchObject([
      { party: 'headquarters', difference: 0 },
      { party: 'store-a', difference: 0 },
    ]);
  });
});
