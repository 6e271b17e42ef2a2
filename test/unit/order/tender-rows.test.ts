/** What several tenders pay, or get back, of the same goods is reckoned as one; each of their rows carries its part. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import { explain } from '../../../supervisor/explain/explain.ts';
import { Replay } from '../../../supervisor/report/replay.ts';
import { factsOf, wrongFigures } from '../explain/wrong-figures.ts';
import {
  A,
  claimed,
  confirmed,
  declared,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

type Place = OrderCommands['place'];

/** The same order, paid by a gift card and cards, in this order. */
function paidBy(place: Place, amounts: readonly number[]): Place {
  const { payment, ...rest } = place;
  const payments = amounts.map((authorised, index) => ({
    ...paymentOf(place),
    method: index === 0 ? 'gift-card' : 'visa',
    transaction: `pi_${index}`,
    authorised,
  }));
  return { ...rest, payments };
}

function readyFor(place: Place, rules: RuleBook = { versions: [] }): Scenario {
  const units = Object.fromEntries(place.lines.map(({ line, quantity }) => [line, quantity]));
  return scenario('A1', { ruleBook: () => rules }).given(
    shop.place(place),
    plan({ 'store-a': units }),
    reserved('A1-1'),
    A.ready(),
  );
}

/** Of every entry of the customer's money that is under way, as the gateway has it. */
function confirmAll(order: Scenario): Scenario {
  for (let round = 0; round < 9; round++) {
    for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
  }
  return order;
}

/** `entry: gross, net, tax, commission, share` of the rows of goods since the first `before`. */
const goods = ({ rows }: Scenario, before = 0): string[] =>
  rows
    .slice(before)
    .filter(({ subject, gross }) => subject === 'line' && gross !== 0)
    .map(({ entry, gross, net, tax, commission, storeShare }) =>
      [`${entry}:`, gross, net, tax, commission, storeShare].join(' '),
    );

const since = (order: Scenario, ...steps: Parameters<Scenario['given']>): string[] => {
  const before = order.rows.length;
  order.given(...steps);
  return goods(order, before);
};

describe('100.00 of which a gift card pays 30.00 and a card the rest', () => {
  const sold = () => readyFor(paidBy(simple(1, 10_000), [3000, 7000])).given(confirmed('A1-c1'), confirmed('A1-c2'));
  const SALE = ['A1-c1: 3000 2500 500 375 2625', 'A1-c2: 7000 5833 1167 875 6125'];
  const BACK = SALE.map((row) => row.replaceAll(/ (?=\d)/g, ' -'));

  test('is a sale whose commission and tax both bear their part of', () => {
    const order = sold();
    expect(goods(order)).toEqual(SALE);
    // So nothing else is needed to reckon them under other rules.
    expect(order.rows.filter(({ basis }) => basis !== undefined)).toEqual([]);
    const replay = new Replay({ versions: [] });
    for (const row of order.rows) replay.add(row, true);
    expect(replay.result().map(({ difference }) => difference)).toEqual([0, 0]);
  });

  test('comes back the same way', () => {
    const order = confirmAll(sold()).given(A.ship(), declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    expect(since(order, confirmed('A1-r1'))).toEqual([]);
    expect(since(order, confirmed('A1-r2'))).toEqual([
      'A1-r1: -7000 -5833 -1167 -875 -6125',
      'A1-r2: -3000 -2500 -500 -375 -2625',
    ]);
  });

  test.each([
    ['A1-c1', 'A1-c2'],
    ['A1-c2', 'A1-c1'],
  ])('is taken back to the cent when %s fails late, and booked again when it is taken after all', (late) => {
    const order = sold();
    expect(since(order, failedLate(late))).toEqual(BACK);
    expect(since(order, confirmed(late, 9000))).toEqual(SALE);
  });

  test('is explained without goodwill that nobody gave', () => {
    const order = confirmAll(sold());
    const history = { facts: factsOf(order), rows: order.rows, steps: [], outcomes: [], commands: [], calls: [] };
    const all = order.rows.map(({ row }) => JSON.stringify(explain(row, history)?.figures));
    expect(all.filter((words) => words.includes('goodwill'))).toEqual([]);
    expect(all.some((words) => words.includes('what other tenders carry of it'))).toBe(true);
    expect(wrongFigures(order)).toEqual([]);
  });
});

test('refunds that come back one by one, of goods of which one tender was refunded alone, bring their own part each', () => {
  const order = readyFor(paidBy(simple(1, 10_000), [3000, 7000])).given(confirmed('A1-c1'), shop.cancel());
  order.given(failedLate('A1-c2')).given(confirmed('A1-c2', 9000), confirmed('A1-r1'), confirmed('A1-r2'));
  expect(since(order, failedLate('A1-r1', 20_000))).toEqual(['A1-r1: 3000 2500 500 375 2625']);
  expect(since(order, failedLate('A1-r2', 20_000))).toEqual(['A1-r2: 7000 5833 1167 875 6125']);
});

test('a refund whose goods another one under way pays too has its own part of their tax, once a capture was lost and found', () => {
  const order = readyFor(paidBy(simple(2, 5000), [3000, 7000])).given(
    ...[shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), confirmed('A1-c1'), failedLate('A1-c1')],
    ...[confirmed('A1-c2'), confirmed('A1-c1', 9000)],
  );
  expect(since(order, confirmed('A1-r2'))).toEqual(['A1-r2: -3000 -2500 -500 -375 -2625']);
  expect(since(order, confirmed('A1-r1'))).toEqual(['A1-r1: -2000 -1667 -333 -250 -1750']);
});

test('of a currency without cents the odd units of tax and commission go where they fall due', () => {
  const place = { ...simple(1, 101, { currency: 'JPY' }) };
  const order = readyFor(paidBy(place, [33, 68])).given(confirmed('A1-c1'), confirmed('A1-c2'));
  // 101: 84 net, 17 tax, 13 commission, 88 share.
  expect(goods(order)).toEqual(['A1-c1: 33 27 6 4 29', 'A1-c2: 68 57 11 9 59']);
});

test('what was paid before (at once, on request, by an exchange) and what a card pays of the same goods are one sale', () => {
  const place = paidBy(simple(1, 10_000), [3000, 7000]);
  const [gift, card] = place.payments ?? [];
  const payments = gift && card ? [{ ...gift, captured: 3000 }, card] : [];
  const order = readyFor({ ...place, payments }).given(confirmed('A1-c2'));
  expect(goods(order)).toEqual(['A1-c1: 3000 2500 500 375 2625', 'A1-c2: 7000 5833 1167 875 6125']);
});

const RULES: RuleBook = {
  versions: [
    {
      version: 'v1',
      validFrom: '2026-01-01T00:00:00Z',
      rules: [{ rule: 'least', currency: 'EUR', percent: '0.15', minimum: 500, maximum: 5000 }],
    },
  ],
} as RuleBook;

test('a least commission is borne by all that paid, not by the first alone', () => {
  const order = readyFor(paidBy(simple(1, 1000), [100, 900]), RULES);
  order.given(confirmed('A1-c1'), confirmed('A1-c2'));
  expect(goods(order)).toEqual(['A1-c1: 100 83 17 50 50', 'A1-c2: 900 750 150 450 450']);
});

const trade = fc.record({
  lines: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 4 }),
      unitPrice: fc.integer({ min: 1, max: 3000 }),
      taxRate: fc.constantFrom('0.2', '0.08875', '0'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  cuts: fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 3 }),
  discount: fc.nat(300),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  taxIncluded: fc.boolean(),
  rules: fc.constantFrom(RULES, { versions: [] }),
  goodwill: fc.constantFrom(0, 0, 77),
  back: fc.integer({ min: 1, max: 4 }),
  late: fc.nat(3),
});

type Trade = typeof trade extends fc.Arbitrary<infer T> ? T : never;

/** All of it ready, paid by as many tenders as the cuts say, and shipped. */
function shipped(
  { lines, discount, currency, taxIncluded, rules }: Omit<Trade, 'cuts'>,
  cuts: readonly number[],
): Scenario {
  const place: Place = {
    ...simple(1, 1),
    currency,
    taxIncluded,
    lines: lines.map((line, index) => ({ ...line, line: `${index + 1}`, sku: `S${index}` })),
    discount: Math.min(
      discount,
      lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
    ),
  };
  const probe = { ...place, payment: { ...paymentOf(place), authorised: 1_000_000 } };
  const { ordered } = scenario('probe').given(shop.place(probe)).view.totals;
  const ends = [...cuts.map((cut) => Math.floor((cut * ordered) / 1000)), ordered].sort((one, other) => one - other);
  const amounts = ends.map((end, index) => end - (ends[index - 1] ?? 0)).filter((amount) => amount > 0);
  return confirmAll(readyFor(amounts.length > 0 ? paidBy(place, amounts) : place, rules)).given(A.ship());
}

/** Sold, failed late and found again, given back in two parts: everything that is booked of goods. */
function traded(asked: Trade, cuts: readonly number[]): Scenario {
  const order = shipped(asked, cuts);
  const captures = order.view.ledger.filter(({ kind }) => kind === 'capture');
  const late = captures[asked.late % Math.max(1, captures.length)]?.entry;
  if (late !== undefined) confirmAll(order.given(failedLate(late), confirmed(late, 9000)));
  if (asked.goodwill > 0) confirmAll(order.when(ops.refund(asked.goodwill, '1')));
  for (const [claim, back] of [asked.back, 4].entries()) {
    confirmAll(comesBack(order, `R${claim}`, back));
  }
  return order;
}

/** As many units of each line as there are, at most `most`. */
function comesBack(order: Scenario, id: string, most: number): Scenario {
  const units = order.view.lines.map(({ line, handedOver, returned }) => [line, Math.min(most, handedOver - returned)]);
  const wanted = Object.fromEntries(units.filter(([, count]) => Number(count) > 0)) as Record<string, number>;
  if (Object.keys(wanted).length === 0) return order;
  order.given(declared(id, wanted));
  const accepted = Object.entries(wanted).map(([line, count]): [string, [number, number]] => [line, [count, 0]]);
  return order.given(claimed(id, Object.fromEntries(accepted)));
}

/** By movement, line and return. Corrections apart: a tender that did not fail has none. */
const sums = (order: Scenario): Map<string, number> =>
  sumsBy(order, ({ movement, line, return: id }) => [movement === 'correction' ? 'sale' : movement, line, id]);

function sumsBy({ rows }: Scenario, named: (row: AttributionRow) => unknown[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    if (row.subject !== 'line') continue;
    for (const amount of ['gross', 'net', 'tax', 'discountShare', 'commission', 'storeShare', 'quantity'] as const) {
      const key = [...named(row), amount].join(' ');
      found.set(key, (found.get(key) ?? 0) + row[amount]);
    }
  }
  return found;
}

test('however many tenders pay, the rows of each movement sum to what they are with one', () => {
  fc.assert(
    fc.property(trade, (asked) => {
      const order = traded(asked, asked.cuts);
      expect(sums(order)).toEqual(sums(traded(asked, [])));
      expect(wrongFigures(order)).toEqual([]);
    }),
    { numRuns: 40, seed: 20_261_126 },
  );
});

describe('a capture that is lost and found while its goods are given back', () => {
  const steps = ['A1-r1', 'A1-r2', 'lost', 'found'] as const;
  const inTurn = (late: string, order: readonly (typeof steps)[number][]): Scenario =>
    order.reduce(
      (after, step) =>
        after.given(step === 'lost' ? failedLate(late) : confirmed(step === 'found' ? late : step, 9000)),
      readyFor(paidBy(simple(1, 7000), [5000, 2000])).given(
        ...[confirmed('A1-c1'), confirmed('A1-c2'), confirmed('A1-p1'), A.ship()],
        ...[declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] })],
      ),
    );
  const byEntry = (order: Scenario): Map<string, number> => sumsBy(order, ({ entry }) => [entry]);

  test.each(['A1-c1', 'A1-c2'])(
    '%s: by entry, rows sum to what they are where nothing is lost, whenever that is',
    (late) => {
      const due = byEntry(inTurn(late, ['A1-r1', 'A1-r2']));
      expect(['A1-r1 tax', 'A1-r2 tax', 'A1-c1 storeShare'].map((name) => due.get(name))).toEqual([-333, -834, 4375]);
      for (const order of [
        ['lost', 'found', 'A1-r1', 'A1-r2'],
        ['A1-r1', 'lost', 'found', 'A1-r2'],
        ['A1-r1', 'lost', 'A1-r2', 'found'],
        ['lost', 'A1-r2', 'A1-r1', 'found'],
        ['A1-r1', 'A1-r2', 'lost', 'found'],
      ] as const) {
        expect(byEntry(inTurn(late, order))).toEqual(due);
      }
    },
  );

  const interleaved = fc.record({
    trade,
    cut: fc.integer({ min: 1, max: 999 }),
    at: fc.tuple(fc.nat(4), fc.nat(4)),
    isWhole: fc.boolean(),
  });
  type Interleaved = typeof interleaved extends fc.Arbitrary<infer T> ? T : never;

  /** Given back at once or in two parts, with news of the capture (none: nothing is lost) between those of the refunds. */
  function refunded({ trade: asked, cut, isWhole }: Interleaved, at: readonly number[]): Scenario {
    const order = shipped(asked, [cut]);
    const captures = order.view.ledger.filter(({ kind }) => kind === 'capture');
    const late = captures[asked.late % Math.max(1, captures.length)]?.entry;
    if (asked.goodwill > 0) confirmAll(order.when(ops.refund(asked.goodwill, '1')));
    if (!isWhole) comesBack(order, 'R0', asked.back);
    comesBack(order, 'R1', 4);
    const refunds = order.view.ledger.filter(({ kind, state }) => kind === 'refund' && state === 'requested');
    for (let step = 0; step <= 4; step++) {
      if (late !== undefined && step === Math.min(...at)) order.given(failedLate(late));
      if (late !== undefined && step === Math.max(...at)) order.given(confirmed(late, 9000));
      const { entry } = refunds[step] ?? {};
      if (entry !== undefined) order.given(confirmed(entry));
    }
    return confirmAll(order);
  }

  test('however its results and those of refunds come in between', () => {
    fc.assert(
      fc.property(interleaved, (asked) => {
        // Parts of a line round in their order, and goodwill has the tax of what is held when it is given: their sum is the same.
        const isExact = asked.isWhole && asked.trade.goodwill === 0;
        const names = ({ line, entry }: AttributionRow): unknown[] => (isExact ? [line, entry] : [line]);
        expect(sumsBy(refunded(asked, asked.at), names)).toEqual(sumsBy(refunded(asked, []), names));
      }),
      { numRuns: 40, seed: 20_261_127 },
    );
  });
});
