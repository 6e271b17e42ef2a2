import { expect, test } from 'vitest';
import type { Message } from '../../../protocols/actor.ts';
import type { StockEvent, StoreTermsEvent } from '../../../protocols/store-events.ts';
import { StoreNotes } from '../../../supervisor/turn/store-notes.ts';

const from = (id: string): Message => ({
  entity: 'store',
  id,
  name: 'x',
  payload: {},
  sender: { kind: 'timer' },
  at: 0,
});
const terms = (store: string, revision: number, open: boolean): StoreTermsEvent => ({
  store,
  revision,
  name: 'Lyon',
  ownership: 'company',
  commission: '0',
  country: 'FR',
  priority: 0,
  autoAccept: false,
  open,
});
const levels = (store: string, revision: number, onHand: Record<string, number>): StockEvent => ({
  store,
  revision,
  items: Object.entries(onHand).map(([sku, units]) => ({ sku, onHand: units, reserved: 0, available: units })),
  load: 0,
});
const told = (notes: StoreNotes) =>
  [...notes.effects()].map(({ about, effect }) => {
    if (effect.effect !== 'event') throw new Error(`a store said ${effect.effect}`);
    const { revision, items } = effect.payload as unknown as StockEvent;
    return [about.id, effect.name, revision, ...(items ?? []).map(({ sku, onHand }) => `${onHand} ${sku}`)].join(' ');
  });

test('a store that is opened and counted in one turn is told as open before its stock', () => {
  const notes = new StoreNotes();
  notes.add(from('store-lyon'), 'opened', terms('store-lyon', 1, true));
  notes.add(from('store-lyon'), 'stock', levels('store-lyon', 2, { hat: 5 }));
  expect(told(notes)).toEqual(['store-lyon opened 1', 'store-lyon stock 2 5 hat']);
});

test('the stock of a store is told once a turn, all at the last revision, and everything in the order of revisions', () => {
  const notes = new StoreNotes();
  notes.add(from('store-lyon'), 'stock', levels('store-lyon', 2, { hat: 5, cap: 1 }));
  notes.add(from('store-paris'), 'stock', levels('store-paris', 7, { hat: 1 }));
  notes.add(from('store-lyon'), 'closed', terms('store-lyon', 3, false));
  notes.add(from('store-lyon'), 'stock', levels('store-lyon', 4, { hat: 4 }));
  expect(notes.size).toBe(3);
  expect(told(notes)).toEqual(['store-lyon closed 3', 'store-lyon stock 4 4 hat 1 cap', 'store-paris stock 7 1 hat']);
});
