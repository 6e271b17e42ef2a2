/** What led to an entry or a row, back to a command that somebody sent. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_EXPIRY } from '../../../actors/order/capture/expiry.ts';
import { DEFAULT_PAYOUT } from '../../../actors/order/payout/payout-period.ts';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import type { AskedCommand, Cause } from '../../../supervisor/explain/causes.ts';
import { explain, type History } from '../../../supervisor/explain/explain.ts';
import { bought, type ExchangedOrders, instead } from '../order/exchanged-orders.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
  timer,
  told,
} from '../order/scenario.ts';
import { factsOf } from './wrong-figures.ts';

const from = (entity: string, id: string, said: Said): Said => ({ ...said, sender: { kind: 'actor', entity, id } });

/** Commands to R1 before the order hears the claim. */
const RETURNED: AskedCommand[] = (['request', 'receive', 'inspect'] as const).map((name) => ({
  id: `id-${name}`,
  origin: 'store-c',
  entity: 'return',
  of: 'R1',
  name,
  at: '2026-11-22T09:00:00.000Z',
}));

function causes(order: Scenario, what: string, commands: readonly AskedCommand[] = []): string[] {
  const { archive } = order;
  const history: History = {
    facts: factsOf(order),
    ...archive,
    commands: [...archive.commands, ...commands],
    calls: [],
  };
  const explanation = explain(what, history);
  if (!explanation) throw new Error(`${what} is not explained`);
  return explanation.causes.map(words);
}

const words = ({ what, command }: Cause): string => (command ? `${what}: ${command.name} by ${command.origin}` : what);

function rowOf(order: Scenario, is: (row: AttributionRow) => boolean): string {
  const row = order.rows.find(is);
  if (!row) throw new Error(`order ${order.id} has no such row`);
  return row.row;
}

/** BASE is with the customer, and both stores are paid. */
const delivered = (ruleBook?: RuleBook): Scenario =>
  scenario('A1001', ruleBook ? { ruleBook: () => ruleBook } : {}).given(
    shop.place(BASE),
    ...bothAccept('A1001'),
    ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1')],
    ...[B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), A.ship(), B.ship()],
  );

test('of a payout is the capture that was confirmed, and the command that asked for that', () => {
  expect(causes(delivered(), 'A1001-p1')).toEqual([
    'A1001-p1 was asked for',
    'the gateway main told that A1001-c1 is confirmed',
    'A1001-c1 was asked for: ready by store-a',
  ]);
});

test('of orders that are older than what steps heard, rows say of which entry it was', () => {
  const order = delivered();
  const entries = factsOf(order).entries.map(({ heard: _, ...entry }) => entry);
  const history = { ...order.archive, facts: { ...factsOf(order), entries }, steps: [], calls: [] };
  expect(explain('A1001-p1', history)?.causes.map(words)).toEqual([
    'A1001-p1 was asked for',
    'A1001-c1 was asked for: ready by store-a',
  ]);
});

describe('of what a return brought', () => {
  const inspected = [
    'return R1: inspect: inspect by store-c',
    'return R1: receive: receive by store-c',
    'return R1: request: request by store-c',
  ] as const;
  const accepted = (more: Parameters<typeof claimed>[2] = {}): Said =>
    from('return', 'R1', claimed('R1', { '2': [1, 0] }, more));

  test('are its commands, as far as it had heard them', () => {
    const order = delivered().given(declared('R1', { '2': 1 }), accepted());
    const later: AskedCommand = {
      ...{ id: 'id-later', origin: 'store-c', entity: 'return', of: 'R1', name: 'inspect' },
      at: '2026-11-23T09:00:00.000Z',
    };
    const commands = [...RETURNED, later, { ...later, id: 'id-other', of: 'R2', at: '2026-11-22T09:00:00.000Z' }];
    expect(causes(order, 'A1001-r1', commands)).toEqual([
      'A1001-r1 was asked for',
      'return R1 was accepted',
      ...inspected,
    ]);
  });

  test('rows and the reversal go by the refund that was confirmed', () => {
    const order = delivered().given(declared('R1', { '2': 1 }), accepted(), confirmed('A1001-r1'));
    const behind = [
      'the gateway main told that A1001-r1 is confirmed',
      'A1001-r1 was asked for',
      'return R1 was accepted',
      ...inspected,
    ];
    const row = rowOf(order, ({ movement }) => movement === 'refund');
    expect(causes(order, row, RETURNED)).toEqual([`${row} was booked`, ...behind]);
    expect(causes(order, 'A1001-b1', RETURNED)).toEqual(['A1001-b1 was asked for', ...behind]);
  });

  test('a handling fee goes by the store that said its terms', () => {
    const rules = [{ rule: 'all', percent: '0.15', currency: 'EUR', handlingFee: 250 }];
    const order = delivered({ versions: [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules }] });
    const terms = from('store', 'store-c', told('store-terms', { store: 'store-c', terms: FRANCHISE }));
    order.given(declared('R1', { '2': 1 }), accepted({ store: 'store-c' }), terms);
    const row = rowOf(order, ({ movement }) => movement === 'handling-fee');
    const said = 'store-c, which took goods back, said its terms';
    expect(causes(order, row, RETURNED)).toEqual([`${row} was booked`, said, ...inspected]);
    expect(causes(order, 'A1001-p3', RETURNED)).toEqual(['A1001-p3 was asked for', said, ...inspected]);
  });

  test('a till that paid the customer goes by the return, and so does what follows', () => {
    const { payment: _, ...unpaid } = BASE;
    const order = scenario('A1001').given(
      shop.place({ ...unpaid, fulfilment: 'reserve-and-collect', collectAt: 'store-a' }),
      ...[plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1001-1')],
      A.sell([
        ['1', 1, 8324],
        ['2', 1, 4166],
      ]),
      ...[confirmed('A1001-b1'), declared('R1', { '2': 1 }), accepted({ store: 'store-a' })],
    );
    const row = rowOf(order, ({ movement }) => movement === 'refund');
    for (const [what, made] of [
      [row, 'booked'],
      [rowOf(order, ({ entry, settled }) => entry === 'A1001-r1' && settled !== 0), 'booked'],
      ['A1001-r1', 'asked for'],
      ['A1001-p1', 'asked for'],
    ] as const) {
      expect(causes(order, what, RETURNED)).toEqual([`${what} was ${made}`, 'return R1 was accepted', ...inspected]);
    }
  });

  describe('and was exchanged', () => {
    const exchanged = (): ExchangedOrders =>
      bought(2, 5000)
        .given('A2', shop.place(instead(8000, 5000)))
        .given('A1', declared('R1', { '1': 1 }), {
          ...claimed('R1', { '1': [1, 0] }, { exchange: 'A2' }),
          sender: { kind: 'actor', entity: 'return', id: 'R1' },
        })
        .confirmAll();

    test('the order that gave it names the return', () => {
      const { old } = exchanged();
      const row = rowOf(old, ({ exchange }) => exchange === 'A2');
      const behind = ['return R1 was accepted', ...inspected];
      expect(causes(old, row, RETURNED)).toEqual([`${row} was booked`, ...behind]);
      expect(causes(old, 'A1-r1', RETURNED)).toEqual(['A1-r1 was asked for', ...behind]);
      expect(causes(old, 'A1-b1', RETURNED)).toEqual(['A1-b1 was asked for', ...behind]);
    });

    test('the order that it pays for names the other one, and the return', () => {
      const { fresh } = exchanged();
      const row = rowOf(fresh, ({ movement }) => movement === 'prepayment');
      const behind = ['order A1 handed over 50.00 EUR by exchange, as A1-r1', ...inspected];
      expect(causes(fresh, row, RETURNED)).toEqual([`${row} was booked`, ...behind]);
      expect(causes(fresh, 'A2-c1', RETURNED)).toEqual(['A2-c1 was asked for', ...behind]);
    });
  });
});

describe('of what time brought', () => {
  const ends = (hours: number): Said => ({
    ...timer('expire-authorisation', { tender: 0 }),
    afterMs: hours * 3600_000,
  });

  test('a reauthorisation names the authorisation that ended, and who placed the order', () => {
    const payment = { ...paymentOf(BASE), credential: 'card_1' };
    const order = scenario('A1001', { expiry: { ...DEFAULT_EXPIRY, act: 'reauthorise' } })
      .given(shop.place({ ...BASE, payment }))
      .withTender(0, { reauthorise: true, validFor: { customer: 168, merchant: 120 } })
      .given(...bothAccept('A1001'), ends(168 - 24), ends(12));
    expect(causes(order, 'A1001-a1')).toEqual([
      'A1001-a1 was asked for',
      'the deadline of the authorisation pi_3Px rang',
      'the order was placed: place by channel-web',
    ]);
  });

  test('a payout by period goes by the end of the period, and by what was earned in it', () => {
    const payout = { ...DEFAULT_PAYOUT, when: 'by-period' as const };
    const order = scenario('A1', { payout }).given(
      shop.place(simple(1, 1000)),
      ...[plan({ 'store-a': { '1': 1 } }), reserved('A1-1'), A.ready(), confirmed('A1-c1')],
      { ...timer('payout-due', { store: 'store-a' }), afterMs: 24 * 3600_000 },
      from('store', 'store-a', told('payout-cleared', { key: 'A1-n1', store: 'store-a', netted: 0 })),
    );
    expect(order.view.ledger.map(({ entry }) => entry)).toEqual(['A1-c1', 'A1-p1']);
    const earned = rowOf(order, ({ storeShare }) => storeShare !== 0);
    expect(causes(order, 'A1-p1')).toEqual([
      'A1-p1 was asked for',
      'the payout period of store-a ended, and it said how much of its payout pays what it owes',
      `${earned} was booked`,
      'the gateway main told that A1-c1 is confirmed',
      'A1-c1 was asked for: ready by store-a',
    ]);
  });
});

test('each entry and row of an order goes back to a command', () => {
  const order = delivered().given(ops.refund(1000, '1'), confirmed('A1001-r1'), failed('A1001-b1'));
  const found = [...order.view.ledger.map(({ entry }) => entry), ...order.rows.map(({ row }) => row)];
  expect(found.filter((what) => !causes(order, what).at(-1)?.includes(' by '))).toEqual([]);
});
