import { describe, expect, test } from 'vitest';
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
});

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
