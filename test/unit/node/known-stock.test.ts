import { expect, test } from 'vitest';
import type { StockEvent } from '../../../protocols/store-events.ts';
import type { StoreEvent, StoreRecords } from '../../../supervisor/nats/store-source.ts';
import { KnownStock } from '../../../supervisor/node/known-stock.ts';

/** Store events by hand: records are read when the test says so. */
class HandStores {
  heard: (event: StoreEvent) => void = () => undefined;
  missed: () => void = () => undefined;
  read: () => void = () => undefined;

  async listen(heard: (event: StoreEvent) => void, missed: () => void): Promise<void> {
    this.heard = heard;
    this.missed = missed;
  }

  load(): Promise<StoreRecords> {
    return new Promise((resolve) => {
      this.read = () => resolve({ stores: new Map(), sequence: 0 });
    });
  }

  say(revision: number, sku: string, onHand: number): void {
    const items = [{ sku, onHand, reserved: 0, available: onHand }];
    const event: StockEvent = { store: 'S1', revision, items, load: 0 };
    this.heard({ store: 'S1', name: 'stock', bytes: Buffer.from(JSON.stringify(event)) });
  }
}

async function opened(): Promise<{ stores: HandStores; stock: KnownStock }> {
  const stores = new HandStores();
  const stock = new KnownStock(stores, (error) => {
    throw error;
  });
  const opening = stock.open();
  await Promise.resolve();
  stores.say(1, 'hat', 5);
  stores.read();
  await opening;
  return { stores, stock };
}

test('what stores say while their records are read is not lost', async () => {
  const { stock } = await opened();
  expect(await stock.stockOf('hat')).toMatchObject({ onHand: 5 });
});

test('after a connection that was away stock is answered when the records were read again', async () => {
  const { stores, stock } = await opened();
  stores.missed();
  const asked = stock.stockOf('cap');
  stores.say(2, 'cap', 3);
  stores.read();
  expect(await asked).toMatchObject({ onHand: 3 });
  stores.say(3, 'cap', 2);
  expect(await stock.stockOf('cap')).toMatchObject({ onHand: 2 });
});
