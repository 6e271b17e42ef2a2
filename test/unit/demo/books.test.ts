import { describe, expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import { type Books, balances, reconcile } from '../../../supervisor/demo/books.ts';
import type { JournalRow } from '../../../supervisor/gateway/simulator-journal.ts';

type Entry = OrderView['ledger'][number];
const at = '2026-11-23T09:00:00Z';

function entry(kind: Entry['kind'], amount: number, party = 'customer'): Entry {
  return { entry: `${kind}-${amount}`, kind, amount, state: 'confirmed', party, at };
}

function order(id: string, ledger: Entry[], captured: number, refunded: number, stores: object): OrderView {
  const held = Object.values<number>({ ...stores }).reduce((sum, amount) => sum + amount, 0);
  const open = { capture: 0, refund: 0, payout: 0 };
  return {
    order: id,
    revision: 1,
    state: 'fulfilled',
    channel: 'web',
    currency: 'GBP',
    placedAt: at,
    fulfilment: 'ship',
    totals: { ordered: captured, authorised: captured, captured, refunded, voided: 0, attributed: held, open },
    fulfilments: [
      { fulfilment: `${id}-1`, store: 'store-bristol', state: 'handed-over', lines: [], captured, funded: true },
    ],
    lines: [],
    ledger,
    parties: { headquarters: captured - refunded - held, ...stores },
    sourcing: [],
    capturing: [],
    attention: [],
  };
}

function moved(kind: JournalRow['kind'], of: string, amount: number, party?: string): JournalRow {
  const row = { key: `${of}-${kind}`, kind, order: of, transaction: `tx-${of}`, method: 'visa', currency: 'GBP' };
  return { ...row, amount, outcome: 'ok', at, ...(party !== undefined && { party }) };
}

// One order through the gateway with a refund, one at a franchise's till with a part of it given back there.
const shipped = [entry('capture', 1000), entry('payout', 700, 'store-bristol'), entry('refund', 200)];
const atTill = [entry('till-sale', 500, 'store-bristol'), entry('refund', 100, 'store-bristol')];
const commission = entry('payout-reversal', 60, 'store-bristol');
const orders = [
  order('A', [...shipped, entry('payout-reversal', 140, 'store-bristol')], 1000, 200, { 'store-bristol': 560 }),
  order('B', [...atTill, commission], 500, 100, { 'store-bristol': 340 }),
];
const journal = [
  moved('capture', 'A', 1000),
  moved('payout', 'A', 700, 'store-bristol'),
  moved('refund', 'A', 200),
  moved('payout-reversal', 'A', 140, 'store-bristol'),
  moved('payout-reversal', 'B', 60, 'store-bristol'),
];

const broken = ({ checks }: Books): string[] =>
  checks.filter(({ left, right }) => left !== right).map(({ what }) => what);

describe('the books', () => {
  test('balance where the journal moved what orders and tills say', () => {
    const books = reconcile(orders, journal);
    expect([balances(books), broken(books), books.differing]).toEqual([true, [], []]);
    expect(books.till).toEqual({ taken: 500, givenBack: 100 });
    expect(books.gateway).toEqual({ captured: 1000, refunded: 200, voided: 0, paidOut: 700, reversed: 200 });
  });

  test('say of each party what it sold, was paid and holds', () => {
    const { parties } = reconcile(orders, journal);
    expect(parties.map(({ party, holds }) => [party, holds])).toEqual([
      ['headquarters', 300],
      ['store-bristol', 900],
    ]);
    expect(parties[1]).toMatchObject({ handedOver: 2, till: 400, paidOut: 700, reversed: 200 });
  });

  test('name the parties in one order, whoever was heard of first', () => {
    const stores = ['store-leeds', 'store-bristol'].map((store) => moved('payout', 'A', 1, store));
    const named = (rows: JournalRow[]) => reconcile(orders, rows).parties.map(({ party }) => party);
    expect(named(stores)).toEqual(['headquarters', 'store-bristol', 'store-leeds']);
    expect(named(stores.reverse())).toEqual(named(stores));
  });

  test('do not balance where a capture was made twice', () => {
    const books = reconcile(orders, [...journal, moved('capture', 'A', 1000)]);
    expect([balances(books), books.differing]).toEqual([false, ['A']]);
  });

  test('do not balance where two orders differ and the sums agree', () => {
    const swapped = [...journal, moved('capture', 'A', 1), moved('refund', 'B', 1)];
    const books = reconcile(orders, swapped);
    expect([balances(books), broken(books), books.differing]).toEqual([false, [], ['A', 'B']]);
  });

  test('do not balance where a store was paid twice', () => {
    const books = reconcile(orders, [...journal, moved('payout', 'A', 700, 'store-bristol')]);
    expect(broken(books)).toEqual(['store-bristol holds what it was paid, with its till']);
  });

  test('do not balance where the gateway moved money of an order that nobody knows', () => {
    const books = reconcile(orders, [...journal, moved('capture', 'Z', 5)]);
    expect([balances(books), books.differing]).toEqual([false, ['Z']]);
  });

  const exchanged = (kind: 'capture' | 'refund', amount: number, exchange: string): Entry => ({
    ...entry(kind, amount),
    exchange,
  });
  const given = order('C', [entry('capture', 50), exchanged('refund', 50, 'D')], 50, 50, {});
  const taken = (amount: number) => order('D', [exchanged('capture', amount, 'C')], amount, 0, {});

  test('balance where a return pays for another order, and the gateway moved nothing for it', () => {
    const books = reconcile([given, taken(50)], [moved('capture', 'C', 50)]);
    expect([balances(books), books.exchanged]).toEqual([true, { taken: 50, given: 50 }]);
  });

  test('do not balance where an order has more than a return gave it', () => {
    const books = reconcile([given, taken(60)], [moved('capture', 'C', 50)]);
    expect(broken(books)).toContain('what returns gave to other orders, these have');
    expect(books.differing).toEqual([]);
  });
});
