/**
 * What stores say of themselves in one turn. Levels of stock are absolute: one event a store and turn says them all. Each store's are
 * told in the order of their revisions, as whoever keeps a view drops what is older than what it knows.
 */
import type { Message } from '../../protocols/actor.ts';
import { mergeStock, type StockEvent, type StoreEvents } from '../../protocols/store-events.ts';
import type { StoredEffect } from './messages.ts';

type Name = keyof StoreEvents;

interface Note {
  about: Message;
  name: Name;
  payload: StoreEvents[Name];
}

const NAMES: Readonly<Record<Name, true>> = { opened: true, closed: true, stock: true };

/** Of all that a store says, what views of stores are kept from. */
export const isStoreNote = (name: string): name is Name => Object.hasOwn(NAMES, name);

export class StoreNotes {
  private readonly stores = new Map<string, Note[]>();
  size = 0;

  add(about: Message, name: Name, payload: StoreEvents[Name]): void {
    const notes = this.stores.get(about.id) ?? [];
    this.stores.set(about.id, notes);
    const earlier = name === 'stock' ? notes.findIndex((note) => note.name === 'stock') : -1;
    const [before] = earlier < 0 ? [] : notes.splice(earlier, 1);
    const merged = before ? mergeStock(before.payload as StockEvent, payload as StockEvent) : payload;
    notes.push({ about, name, payload: merged });
    if (!before) this.size++;
  }

  *effects(): Iterable<{ about: Message; effect: StoredEffect }> {
    for (const notes of this.stores.values()) {
      for (const { about, name, payload } of notes) {
        yield { about, effect: { effect: 'event', name, payload: { ...payload } } };
      }
    }
  }
}
