/** What `query.stock.<sku>` answers: read from the records of all stores, and from then on kept by their events as they are committed. */
import type { AnyMachineSnapshot } from 'xstate';
import { StockPicture } from '../../actors/sourcing/stock-picture.ts';
import { announcements } from '../../actors/store/announce.ts';
import { storeActor } from '../../actors/store/store.ts';
import { decode } from '../../protocols/codec.ts';
import type { StockView } from '../../protocols/views.ts';
import type { StoreEvent, StoreRecords, StoreSource } from '../nats/store-source.ts';

export class KnownStock {
  private readonly picture = new StockPicture();
  private readonly stores: Pick<StoreSource, 'listen' | 'load'>;
  private readonly failed: (error: Error) => void;
  /** Heard while the records are read: they may say less. */
  private waiting: StoreEvent[] = [];
  private reading: Promise<void> | undefined;

  constructor(stores: Pick<StoreSource, 'listen' | 'load'>, failed: (error: Error) => void) {
    this.stores = stores;
    this.failed = failed;
  }

  async open(): Promise<void> {
    await this.stores.listen(
      (event) => (this.reading ? this.waiting.push(event) : this.apply(event)),
      () => void this.read().catch(this.failed),
    );
    await this.read();
  }

  async stockOf(sku: string): Promise<StockView | undefined> {
    await this.reading;
    return this.picture.stockOf(sku);
  }

  private read(): Promise<void> {
    this.waiting = [];
    const reading = this.stores.load().then(({ stores }) => {
      if (this.reading !== reading) return;
      learnStores(this.picture, stores);
      for (const event of this.waiting) this.apply(event);
      this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }

  private apply({ store, name, bytes }: StoreEvent): void {
    this.picture.apply(store, name, decode(bytes, 'json'));
  }
}

export function learnStores(picture: StockPicture, stores: StoreRecords['stores']): void {
  for (const parts of stores.values()) {
    const snapshot = storeActor.load(parts) as AnyMachineSnapshot | undefined;
    if (!snapshot) continue;
    const { terms, stock } = announcements(storeActor.read(snapshot).record);
    picture.load(terms, stock);
  }
}
