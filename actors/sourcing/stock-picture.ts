/**
 * What sourcing knows of all stores, and what `query.stock.<sku>` answers: kept from the events of stores, in absolute values. An event
 * that is not newer than what is known of its store's terms, or of its stock, is dropped, so replays and duplicates change nothing.
 */
import type { SourcingQuestion, StoreCandidate } from '../../protocols/sourcing.ts';
import type { StockEvent, StockLevel, StoreTermsEvent } from '../../protocols/store-events.ts';
import type { StockView } from '../../protocols/views.ts';

interface KnownStore {
  /** Each of the store's record when it said so: one event tells of the terms, or of the stock, and nothing of the other. */
  termsRevision: number;
  stockRevision: number;
  terms: StoreTermsEvent | undefined;
  load: number;
  stock: Map<string, StockLevel>;
}

export class StockPicture {
  private readonly stores = new Map<string, KnownStore>();
  /** sku → stores that ever had it. */
  private readonly bySku = new Map<string, Set<string>>();

  /** What an event of a store says. */
  apply(store: string, name: string, payload: unknown): void {
    if (name !== 'stock' && name !== 'opened' && name !== 'closed') return;
    const known = this.known(store);
    const { revision } = payload as { revision: number };
    if (name === 'stock') {
      if (revision > known.stockRevision) this.setStock(store, known, payload as StockEvent);
    } else if (revision > known.termsRevision) setTerms(known, payload as StoreTermsEvent);
  }

  /** All of a store at once, unless something newer is known. */
  load(terms: StoreTermsEvent, stock: StockEvent): void {
    const known = this.known(terms.store);
    if (terms.revision >= known.termsRevision) setTerms(known, terms);
    if (stock.revision < known.stockRevision) return;
    known.stock.clear();
    this.setStock(terms.store, known, stock);
  }

  forget(): void {
    this.stores.clear();
    this.bySku.clear();
  }

  storeIds(): IterableIterator<string> {
    return this.stores.keys();
  }

  /** Stores that could have anything of what is asked for. */
  candidates({ lines }: SourcingQuestion): StoreCandidate[] {
    const relevant = new Set<string>();
    for (const { sku } of lines) for (const store of this.bySku.get(sku) ?? []) relevant.add(store);
    const found: StoreCandidate[] = [];
    for (const store of relevant) {
      const known = this.stores.get(store);
      if (known?.terms) found.push(candidate(known, known.terms));
    }
    return found;
  }

  /** Stores that lines are pinned to, and that never opened. */
  unknownStores({ lines }: SourcingQuestion): string[] {
    const pins = new Set(lines.flatMap(({ store }) => store ?? []));
    return [...pins].filter((store) => !this.stores.get(store)?.terms);
  }

  stockOf(sku: string): StockView | undefined {
    const stores: StockView['stores'] = [];
    for (const store of this.bySku.get(sku) ?? []) {
      const known = this.stores.get(store);
      const level = known?.stock.get(sku);
      if (!known || !level) continue;
      const { onHand, reserved, available } = level;
      if (isOpen(known)) stores.push({ store, onHand, reserved, available });
      else stores.push({ store, onHand, reserved, available: 0, closed: true });
    }
    if (stores.length === 0) return undefined;
    stores.sort((a, b) => (a.store < b.store ? -1 : 1));
    const sum = (field: 'onHand' | 'reserved' | 'available') =>
      stores.reduce((total, level) => total + level[field], 0);
    return { sku, onHand: sum('onHand'), reserved: sum('reserved'), available: sum('available'), stores };
  }

  private known(store: string): KnownStore {
    const known = this.stores.get(store) ?? {
      termsRevision: 0,
      stockRevision: 0,
      terms: undefined,
      load: 0,
      stock: new Map(),
    };
    this.stores.set(store, known);
    return known;
  }

  private setStock(store: string, known: KnownStore, { revision, items, load }: StockEvent): void {
    known.stockRevision = revision;
    known.load = load;
    for (const item of items) {
      known.stock.set(item.sku, item);
      const having = this.bySku.get(item.sku);
      if (having) having.add(store);
      else this.bySku.set(item.sku, new Set([store]));
    }
  }
}

function setTerms(known: KnownStore, terms: StoreTermsEvent): void {
  known.termsRevision = terms.revision;
  known.terms = terms;
}

/** As sourcing takes it: one whose terms are not known is asked for nothing. */
const isOpen = ({ terms }: KnownStore): boolean => terms?.open === true;

function candidate({ load, stock }: KnownStore, terms: StoreTermsEvent): StoreCandidate {
  const { store, open, country, latitude, longitude, priority } = terms;
  return {
    store,
    open,
    country,
    ...(latitude === undefined ? {} : { latitude }),
    ...(longitude === undefined ? {} : { longitude }),
    priority,
    load,
    available: (sku) => stock.get(sku)?.available ?? 0,
  };
}
