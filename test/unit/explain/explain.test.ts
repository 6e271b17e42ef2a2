import { describe, expect, test } from 'vitest';
import { type Explanation, explain, type History } from '../../../supervisor/explain/explain.ts';
import type { Figure } from '../../../supervisor/explain/figure.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
} from '../order/scenario.ts';
import { factsOf, wrongFigure, wrongFigures } from './wrong-figures.ts';

/** Both parts are captured, paid out and shipped. */
function soldBase(): Scenario {
  const order = assignedBase();
  order.given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'));
  order.given(B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), A.ship(), B.ship());
  return order;
}

function explained(order: Scenario, what: string, more: Partial<History> = {}): Explanation {
  const history = { facts: factsOf(order), ...order.archive, calls: [], ...more };
  const found = explain(what, history);
  if (!found) throw new Error(`${what} is not explained`);
  return found;
}

/** One line a figure, indented. */
function lines({ what, amount, of = [], basis }: Figure, depth = 0): string[] {
  return [
    `${'  '.repeat(depth)}${amount} ${what}`,
    ...[...of, ...(basis ? [basis] : [])].flatMap((part) => lines(part, depth + 1)),
  ];
}

describe('BASE', () => {
  test('a payout is gross less commission, and the commission is rounded from the net', () => {
    const [figure] = explained(soldBase(), 'A1001-p1').figures;
    expect(figure && lines(figure)).toEqual([
      '7283 payout A1001-p1',
      '  7283 share of line 1',
      '    8324 gross',
      '      6937 net',
      '      1387 tax',
      '    -1041 commission 0.15 of the net, by the store’s own terms',
    ]);
    expect(figure?.of?.[0]?.of?.[1]?.rounded).toEqual({ amount: -6937, numerator: 3, denominator: 20 });
  });

  test('a capture is its lines, from price and discounts, with the shipping fee of the first', () => {
    const order = soldBase();
    const [first] = explained(order, 'A1001-c1').figures;
    expect(first && lines(first)).toEqual([
      '8814 capture A1001-c1',
      '  8324 line 1, all 1 units',
      '    8990 1 × the unit price',
      '    -666 share of the order discount',
      '  490 shipping fee',
      '    408 net',
      '    82 tax at 0.2, inside of the gross',
    ]);
    const [second] = explained(order, 'A1001-c2').figures;
    const discount = second?.of?.[0]?.of?.[1];
    expect(discount).toMatchObject({ amount: -334, allocated: { total: -1000, weight: 4500, weights: 13_490 } });
  });

  test('a capture has its part of a fee that is taken pro rata', () => {
    const order = scenario('A1001', { shipping: 'pro-rata' }).given(
      shop.place(BASE),
      ...bothAccept('A1001'),
      B.ready(),
      confirmed('A1001-c1'),
    );
    const [figure] = explained(order, 'A1001-c1').figures;
    expect(figure && lines(figure).filter((line) => !line.startsWith('    '))).toEqual([
      '4329 capture A1001-c1',
      '  4166 line 2, all 1 units',
      '  163 part of the shipping fee, by the value of the goods that bring it',
    ]);
  });

  test('a row says who has its gross', () => {
    const order = soldBase();
    const row = order.rows.find(({ line, movement }) => line === '2' && movement === 'sale');
    const { figures, entry } = explained(order, row?.row ?? '');
    expect(entry?.entry).toBe('A1001-c2');
    expect(figures.slice(0, 2).map(({ amount, of }) => [amount, of?.map((part) => part.amount)])).toEqual([
      [4166, [3472, 694]],
      [4166, [3645, 521]],
    ]);
    expect(figures.flatMap(wrongFigure)).toEqual([]);
  });

  test('a gateway reference names its entry', () => {
    const order = soldBase();
    const reference = order.view.ledger.find(({ entry }) => entry === 'A1001-c1')?.gatewayReference ?? '';
    expect(explained(order, reference).entry?.entry).toBe('A1001-c1');
  });

  test('a refund gives back what the units were captured for, and the share follows it', () => {
    const order = soldBase();
    order.given(declared('R1', { '2': 1 }), claimed('R1', { '2': [1, 0] }, { fee: 100 }), confirmed('A1001-r1'));
    const refund = explained(order, 'A1001-r1');
    expect(refund.figures.flatMap((figure) => lines(figure))).toEqual([
      '4066 refund A1001-r1',
      '  4166 line 2, 1 units, at what they were captured for',
      '  -100 fee that is kept, as the inspection said',
    ]);
    expect(refund.linked.map(({ entry, why }) => [entry, why])).toEqual([['A1001-c1', 'gives back 40.66 EUR of it']]);
    const reversal = explained(order, 'A1001-b1');
    expect(reversal.figures[0]?.of?.map(({ what, amount }) => [what, amount])).toEqual([
      ['share of line 2', 0],
      ['payout A1001-p2', 3645],
    ]);
    expect(reversal.linked.map(({ entry }) => entry)).toEqual(['A1001-p2']);
  });

  test('a commission on what goodwill left says so, and still adds up', () => {
    const order = soldBase();
    order.given(ops.refund(1000, '1'), confirmed('A1001-r1'));
    const [figure] = explained(order, 'A1001-b1').figures;
    const share = figure?.of?.find(({ what }) => what === 'share of line 1');
    expect(share?.of?.map(({ what }) => what)).toEqual([
      'gross',
      expect.stringContaining('commission 0.15 of the net'),
    ]);
    expect(wrongFigures(order)).toEqual([]);
  });

  test('a void is what was authorised and never captured', () => {
    const order = scenario('A1001').given(shop.place(BASE), shop.cancel());
    expect(explained(order, 'A1001-v1').figures).toEqual([
      { what: 'void A1001-v1', amount: 12_980, of: [{ what: 'authorised', amount: 12_980 }] },
    ]);
  });

  test('what the order does not know is not explained', () => {
    const order = soldBase();
    expect(explain('A1001-p9', { facts: factsOf(order), ...order.archive, calls: [] })).toBeUndefined();
  });
});

test('two tenders that pay the same each say what the other one paid', () => {
  const { payment: _, ...unpaid } = BASE;
  const card = paymentOf(BASE);
  const gift = { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 5000 };
  const order = scenario('A1001').given(
    shop.place({ ...unpaid, payments: [gift, card] }),
    plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
    ...[reserved('A1001-1'), reserved('A1001-2'), A.ready(), confirmed('A1001-c1'), confirmed('A1001-c2')],
  );
  const [ofGift, ofCard] = ['A1001-c1', 'A1001-c2'].map((key) => explained(order, key).figures[0]);
  expect(ofGift && [ofGift.amount, ofGift.of?.map(({ amount }) => amount)]).toEqual([5000, [8324, 490, -3814]]);
  expect(ofCard && [ofCard.amount, ofCard.of?.map(({ amount }) => amount)]).toEqual([3814, [8324, 490, -5000]]);
  expect(wrongFigures(order)).toEqual([]);
});

test('what was asked for again is no payment of another tender', () => {
  const order = assignedBase().given(A.ready(), failed('A1001-c1'), ops.retry('A1001-c1'), confirmed('A1001-c2'));
  for (const key of ['A1001-c1', 'A1001-c2']) {
    const { figures, linked } = explained(order, key);
    expect(figures[0]?.of?.map(({ amount }) => amount)).toEqual([8324, 490]);
    expect(linked[0]?.why).toBe('asks for the same, before or again');
  }
});
