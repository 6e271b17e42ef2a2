/**
 * What lies where at the start, from what will be sold. The warehouse has nearly everything, shops a part of it, so that small
 * orders leave from a shop and large ones are split now and then; some articles are too few on purpose.
 *
 * Whoever carries an article has all that will be sold of it, and an article that is too few is bought by one order alone: what an
 * order gets, and from whom, never depends on who came before.
 */
import { draw } from './draw.ts';
import { SHOPS, WAREHOUSE } from './network.ts';
import type { Place } from './place-order.ts';

export type StockItem = { sku: string; quantity: number };

/** Of all articles: not in the warehouse, only in shops. */
const SHOPS_ONLY_SHARE = 0.02;
/** Of the articles that one order ships: in the warehouse alone, and fewer than it asks for. */
const SCARCE_SHARE = 0.06;
const SCARCE_PART = 0.7;
/** How many of the articles of the warehouse one shop carries too. */
const CARRIED_SHARE = 0.5;
const SHOPS_ONLY_CARRIED_SHARE = 0.6;
const SPARE_UNITS = 3;

type Stock = Map<string, Map<string, number>>;

/** What orders ask for. */
export class Demand {
  /** Units in all. */
  readonly sold = new Map<string, number>();
  /** How many orders ask for it. */
  readonly orders = new Map<string, number>();
  /** By store: what is to be collected there. */
  readonly collected = new Map<string, Set<string>>();

  add({ collectAt, lines }: Place): void {
    const skus = new Set(lines.map(({ sku }) => sku));
    for (const { sku, quantity } of lines) increase(this.sold, sku, quantity);
    for (const sku of skus) increase(this.orders, sku, 1);
    if (collectAt === undefined) return;
    const collected = this.collected.get(collectAt) ?? new Set<string>();
    this.collected.set(collectAt, collected);
    for (const sku of skus) collected.add(sku);
  }
}

export function seedStock({ sold, orders, collected }: Demand): Map<string, StockItem[]> {
  const stock: Stock = new Map([WAREHOUSE, ...SHOPS].map((store) => [store.id, new Map()]));
  const awaited = new Set([...collected.values()].flatMap((skus) => [...skus]));
  for (const [sku, quantity] of sold) {
    if (orders.get(sku) === 1 && !awaited.has(sku) && draw(`scarce ${sku}`) < SCARCE_SHARE) {
      stock.get(WAREHOUSE.id)?.set(sku, Math.floor(quantity * SCARCE_PART));
    } else {
      for (const store of carriers(sku)) stock.get(store)?.set(sku, quantity + SPARE_UNITS);
    }
  }
  for (const [store, skus] of collected) {
    for (const sku of skus) stock.get(store)?.set(sku, (sold.get(sku) ?? 0) + SPARE_UNITS);
  }
  return new Map([...stock].map(([store, items]) => [store, [...items].map(([sku, quantity]) => ({ sku, quantity }))]));
}

function carriers(sku: string): string[] {
  const inWarehouse = draw(`stock ${sku}`) >= SHOPS_ONLY_SHARE;
  const share = inWarehouse ? CARRIED_SHARE : SHOPS_ONLY_CARRIED_SHARE;
  const shops = SHOPS.filter(({ id }) => draw(`carried ${sku} ${id}`) < share);
  return [...(inWarehouse ? [WAREHOUSE] : []), ...shops].map(({ id }) => id);
}

function increase(units: Map<string, number>, sku: string, quantity: number): void {
  units.set(sku, (units.get(sku) ?? 0) + quantity);
}
