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

export function seedStock(orders: readonly Place[]): Map<string, StockItem[]> {
  const stock: Stock = new Map([WAREHOUSE, ...SHOPS].map((store) => [store.id, new Map()]));
  for (const [sku, sold] of soldBySku(orders)) spread(stock, sku, sold);
  for (const { collectAt, lines } of orders) {
    if (collectAt === undefined) continue;
    for (const { sku, quantity } of lines) put(stock, collectAt, sku, quantity);
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
  if (items !== undefined) items.set(sku, (items.get(sku) ?? 0) + quantity);
}

function soldBySku(orders: readonly Place[]): Map<string, number> {
  const sold = new Map<string, number>();
  for (const { sku, quantity } of orders.flatMap(({ lines }) => lines)) sold.set(sku, (sold.get(sku) ?? 0) + quantity);
  return sold;
}
