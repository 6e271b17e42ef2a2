import { describe, expect, test } from 'vitest';
import { fewestStores } from '../../../actors/sourcing/plan.ts';
import type { SourcingPlan, StoreCandidate } from '../../../protocols/sourcing.ts';
import { NETWORK } from '../../../supervisor/sample/network.ts';
import type { Place } from '../../../supervisor/sample/place-order.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { Demand, seedStock } from '../../../supervisor/sample/seed-stock.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';

const places = weekToTrade(readWeek(), new Date('2026-11-23T09:00:00Z')).journeys.map(({ placed }) => placed.place);
const demand = new Demand();
for (const place of places) demand.add(place);

describe('the stock at the start of the week', () => {
  test('most articles are enough for the week in sum, a few are not', () => {
    const stock = new Map<string, number>();
    for (const { sku, quantity } of [...seedStock(demand).values()].flat())
      stock.set(sku, (stock.get(sku) ?? 0) + quantity);
    const sold = new Map<string, number>();
    for (const { sku, quantity } of places.flatMap(({ lines }) => lines))
      sold.set(sku, (sold.get(sku) ?? 0) + quantity);
    const scarce = [...sold].filter(([sku, quantity]) => (stock.get(sku) ?? 0) < quantity).length;
    expect(scarce / sold.size).toBeGreaterThan(0.005);
    expect(scarce / sold.size).toBeLessThan(0.03);
  });

  test('orders leave from one shop, from the warehouse, and split, when each asks the first store that has all', () => {
    const ways = { shop: 0, warehouse: 0, split: 0, short: 0 };
    const stock = new Map(
      [...seedStock(demand)].map(([store, items]) => [store, new Map(items.map((i) => [i.sku, i.quantity]))]),
    );
    for (const place of places.filter(({ fulfilment }) => fulfilment === 'ship')) ways[source(stock, place)] += 1;
    const all = ways.shop + ways.warehouse + ways.split + ways.short;
    expect(ways.shop / all).toBeGreaterThan(0.1);
    expect(ways.warehouse / all).toBeGreaterThan(0.1);
    expect(ways.split / all).toBeGreaterThan(0.1);
    expect(ways.short / all).toBeGreaterThan(0.01);
    expect(ways.short / all).toBeLessThan(0.15);
  });

  test('what an order gets, and from whom, does not depend on who came before: first or last, the plan is the same', () => {
    const stock = new Map(
      [...seedStock(demand)].map(([store, items]) => [store, new Map(items.map((i) => [i.sku, i.quantity]))]),
    );
    const onHand = (store: string, sku: string) => stock.get(store)?.get(sku) ?? 0;
    for (const place of places) {
      const own = ofOwn(place);
      const left = (store: string, sku: string) =>
        Math.max(0, onHand(store, sku) - (demand.sold.get(sku) ?? 0) + (own.get(sku) ?? 0));
      const excluded: Record<string, string[]> = {};
      // Once more without the stores that were asked first.
      for (let asked = 0; asked < 2; asked += 1) {
        const first = plan(
          place,
          excluded,
          candidates(onHand, (index) => index),
        );
        const last = plan(
          place,
          excluded,
          candidates(left, (index) => -index),
        );
        expect(given(last)).toBe(given(first));
        for (const { store, lines } of first.assignments)
          for (const { line } of lines) excluded[line] = [...(excluded[line] ?? []), store];
      }
    }
  });
});

const given = ({ assignments, unassigned }: SourcingPlan): string => JSON.stringify([assignments, unassigned]);

function ofOwn({ lines }: Place): Map<string, number> {
  const own = new Map<string, number>();
  for (const { sku, quantity } of lines) own.set(sku, (own.get(sku) ?? 0) + quantity);
  return own;
}

function candidates(available: (store: string, sku: string) => number, load: (index: number) => number) {
  return NETWORK.map(({ id, country, latitude, longitude, priority = 0 }, index): StoreCandidate => {
    const where = { country, latitude, longitude, priority, load: load(index) };
    return { store: id, open: true, ...where, available: (sku) => available(id, sku) };
  });
}

function plan(
  { lines, destination, collectAt }: Place,
  excluded: Record<string, string[]>,
  stores: readonly StoreCandidate[],
) {
  const wanted = lines.map(({ line, sku, quantity }) => ({
    line,
    sku,
    quantity,
    ...(collectAt && { store: collectAt }),
  }));
  return fewestStores({ order: 'any', lines: wanted, excluded, ...(destination && { destination }) }, stores);
}

/** Much plainer than the system's sourcing, and enough to see that there is something to source. */
function source(stock: Map<string, Map<string, number>>, { lines }: Place): 'shop' | 'warehouse' | 'split' | 'short' {
  const wanted = new Map<string, number>();
  for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  const shopsFirst = [...stock].sort(([a], [b]) => Number(a === 'store-warehouse') - Number(b === 'store-warehouse'));
  const whole = shopsFirst.find(([, items]) =>
    [...wanted].every(([sku, quantity]) => (items.get(sku) ?? 0) >= quantity),
  );
  const from = whole ? [whole] : shopsFirst.reverse();
  for (const [, items] of from) {
    for (const [sku, quantity] of wanted) {
      const taken = Math.min(quantity, items.get(sku) ?? 0);
      items.set(sku, (items.get(sku) ?? 0) - taken);
      wanted.set(sku, quantity - taken);
    }
  }
  if ([...wanted.values()].some((quantity) => quantity > 0)) return 'short';
  if (whole === undefined) return 'split';
  return whole[0] === 'store-warehouse' ? 'warehouse' : 'shop';
}
