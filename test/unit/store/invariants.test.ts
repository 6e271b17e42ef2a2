import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoreRecord } from '../../../actors/store/record.ts';
import type { ChartScenario, Said } from '../../fixture/chart-scenario.ts';
import { adjust, leaving, open, reserve, restock, shop, stock } from './shop.ts';

const SEED = 20_091_201;

/** Few skus and few orders: messages must meet. */
const sku = fc.integer({ min: 0, max: 3 }).map((n) => `sku${n}`);
const units = (most: number) => fc.dictionary(sku, fc.integer({ min: 1, max: most }), { minKeys: 1, maxKeys: 3 });
const order = fc.integer({ min: 0, max: 3 }).map((n) => `A${n}`);
const message: fc.Arbitrary<Said> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(order, units(4)).map(([id, of]) => reserve(id, of)) },
  fc
    .tuple(
      fc.constantFrom('release' as const, 'short' as const, 'hand-over' as const, 'late-hand-over' as const),
      order,
      units(4),
    )
    .map(([name, id, of]) => leaving(name, id, of)),
  fc.dictionary(sku, fc.nat(12), { minKeys: 1 }).map((counts) => stock(counts)),
  fc.dictionary(sku, fc.integer({ min: -6, max: 6 }), { minKeys: 1 }).map((deltas) => adjust(deltas)),
  units(3).map((of) => restock(of)),
);

function checkHoldings({ holdings }: StoreRecord): void {
  const promised = new Map<string, number>();
  const work = holdings.pages.flatMap((page) => page.work);
  const rows = holdings.pages.flatMap((page) => page.stock);
  for (const { sku: name, quantity } of work.flatMap(({ lines }) => lines)) {
    promised.set(name, (promised.get(name) ?? 0) + quantity);
  }
  for (const [name, onHand, reserved] of rows) {
    expect(reserved).toBe(promised.get(name) ?? 0);
    expect(reserved).toBeLessThanOrEqual(onHand);
    promised.delete(name);
  }
  expect([...promised]).toEqual([]);
  expect(holdings.load).toBe(work.length);
  expect(holdings.entries).toBe(work.length + rows.length);
  expect(new Set(work.map(({ fulfilment }) => fulfilment)).size).toBe(work.length);
}

test('reserved is what open work has, and never more than is on hand, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 60, size: 'max' }), (messages) => {
      const store = shop().given(open());
      for (const next of messages) {
        store.when(next);
        checkHoldings(store.charted.record);
      }
    }),
    { seed: SEED, numRuns: 150 },
  );
});

const SKUS = Array.from({ length: 2000 }, (_, n) => `sku${n}`);

function largeStore(): ChartScenario<StoreRecord> {
  const counts = Object.fromEntries(SKUS.map((name) => [name, 10]));
  return shop().given(open(), stock(counts));
}

test('a large store rewrites the pages of an order, not itself', () => {
  const store = largeStore();
  expect(store.charted.record.holdings.pages.length).toBe(16);
  store.given(reserve('A1', { sku1: 1 }));
  expect(store.written).toHaveLength(2);
  store.given(reserve('A2', { sku1: 1, sku700: 2 }));
  expect(store.written.length).toBeLessThanOrEqual(3);
  checkHoldings(store.charted.record);
});

test('a store whose pages grow finds its stock and its work again', () => {
  const store = shop().given(open(), stock({ first: 3, second: 3 }), reserve('A1', { first: 2, second: 1 }));
  expect(store.written).toEqual(['']);
  store.given(stock({ first: 0 }), stock(Object.fromEntries(SKUS.map((name) => [name, 10]))));
  expect(store.written).toHaveLength(17);
  store.given(leaving('hand-over', 'A1', { second: 1 }));
  checkHoldings(store.charted.record);
  expect(store.charted.record.holdings.load).toBe(0);
});

test('a part of a fulfilment is found though it names none of the page that its work lies in', () => {
  const store = largeStore();
  for (const other of SKUS.slice(100, 120)) {
    const id = `A-${other}`;
    store.given(reserve(id, { sku1: 0, [other]: 2 }), leaving('release', id, { [other]: 1 }));
    expect(store.payloadOf('stock')).toMatchObject({ items: [{ sku: other, reserved: 1 }] });
  }
});
