/**
 * What lies where at the start of the week, from what the week will sell. The warehouse has nearly everything, shops a part of
 * it, so that small orders leave from a shop and large ones are split now and then; some articles are too few on purpose.
 */
import { draw } from './draw.ts';
import { SHOPS, WAREHOUSE } from './network.ts';
import type { Place } from './place-order.ts';

export type StockItem = { sku: string; quantity: number };

/** Of all articles: not in the warehouse, only in shops. */
const SHOPS_ONLY_SHARE = 0.02;
/** Of all articles: in the warehouse alone, and fewer than will be sold. */
const SCARCE_SHARE = 0.015;
const SCARCE_PART = 0.7;
/** Of the articles of the warehouse, how many one shop carries too, and what part of their sales. */
const CARRIED_SHARE = 0.8;
const CARRIED_PART = 0.3;
const SHOPS_ONLY_CARRIED_SHARE = 0.6;
const SPARE_UNITS = 3;

type Stock = Map<string, Map<string, number>>;

/** What orders ask for: units in all, and units to be collected in a store. */
export class Demand {
  readonly sold = new Map<string, number>();
  /** By store and sku. */
  readonly collected = new Map<string, Map<string, number>>();

  add({ collectAt, lines }: Place): void {
    for (const { sku, quantity } of lines) increase(this.sold, sku, quantity);
    if (collectAt === undefined) return;
    const collected = this.collected.get(collectAt) ?? new Map<string, number>();
    this.collected.set(collectAt, collected);
    for (const { sku, quantity } of lines) increase(collected, sku, quantity);
  }
}

export function seedStock({ sold, collected }: Demand): Map<string, StockItem[]> {
  const stock: Stock = new Map([WAREHOUSE, ...SHOPS].map((store) => [store.id, new Map()]));
  for (const [sku, quantity] of sold) spread(stock, sku, quantity);
  for (const [store, items] of collected) {
    for (const [sku, quantity] of items) put(stock, store, sku, quantity);
  }
  return new Map([...stock].map(([store, items]) => [store, [...items].map(([sku, quantity]) => ({ sku, quantity }))]));
}

function spread(stock: Stock, sku: string, sold: number): void {
  const chance = draw(`stock ${sku}`);
  if (chance < SCARCE_SHARE) {
    put(stock, WAREHOUSE.id, sku, Math.floor(sold * SCARCE_PART));
  } else if (chance < SCARCE_SHARE + SHOPS_ONLY_SHARE) {
    putInShops(stock, sku, sold + SPARE_UNITS, SHOPS_ONLY_CARRIED_SHARE);
  } else {
    put(stock, WAREHOUSE.id, sku, sold + SPARE_UNITS);
    putInShops(stock, sku, Math.floor(sold * CARRIED_PART) + SPARE_UNITS, CARRIED_SHARE);
  }
}

function putInShops(stock: Stock, sku: string, quantity: number, share: number): void {
  for (const shop of SHOPS) {
    if (draw(`carried ${sku} ${shop.id}`) < share) put(stock, shop.id, sku, quantity);
  }
}

function put(stock: Stock, store: string, sku: string, quantity: number): void {
  const items = stock.get(store);
  if (items !== undefined) increase(items, sku, quantity);
}

function increase(units: Map<string, number>, sku: string, quantity: number): void {
  units.set(sku, (units.get(sku) ?? 0) + quantity);
}
