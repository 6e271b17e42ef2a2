/** What a store says for everybody, in absolute values: applied twice or out of a replay, they end in the same view. */

interface OfStore {
  store: string;
  /** Of the store's record: grows with each event, so that an older one is recognised. */
  revision: number;
}

export interface StoreTermsEvent extends OfStore {
  name: string;
  ownership: 'company' | 'franchise';
  commission: string;
  country: string;
  latitude?: number;
  longitude?: number;
  priority: number;
  autoAccept: boolean;
  open: boolean;
}

export interface StockLevel {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
}

export interface StockEvent extends OfStore {
  /** Those that changed. */
  items: StockLevel[];
  /** Open fulfilments. */
  load: number;
}

/** name → payload of `event.store.<id>.<name>`. */
export interface StoreEvents {
  opened: StoreTermsEvent;
  closed: StoreTermsEvent;
  stock: StockEvent;
}

/** Two changes of one store as one: the newer level of each sku. */
export function mergeStock(older: StockEvent, newer: StockEvent): StockEvent {
  const items = new Map(older.items.map((item) => [item.sku, item]));
  for (const item of newer.items) items.set(item.sku, item);
  return { ...newer, items: [...items.values()] };
}
