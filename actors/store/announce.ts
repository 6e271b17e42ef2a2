/** What a store says for everybody (protocols/store-events.ts): on a change, and of a whole record to seed a view. */
import type { Effect } from '../../protocols/actor.ts';
import type { StockEvent, StockLevel, StoreEvents, StoreTermsEvent } from '../../protocols/store-events.ts';
import type { HoldingsEdit, StockRow } from './holdings.ts';
import { nextRevision, type StoreRecord } from './record.ts';

export function stockEvent(before: StoreRecord, edit: HoldingsEdit, load: number): Effect {
  const payload: StockEvent = {
    store: before.id,
    revision: nextRevision(before),
    items: edit.changed().map(stockLevel),
    load,
  };
  return { effect: 'event', name: 'stock', payload: { ...payload } };
}

export function termsEvent(record: StoreRecord, revision: number): Effect {
  return { effect: 'event', name: record.open ? 'opened' : 'closed', payload: { ...termsOf(record, revision) } };
}

/** The events that would rebuild what everybody knows of this store. */
export function announcements(record: StoreRecord): { terms: StoreEvents['opened']; stock: StoreEvents['stock'] } {
  const { id: store, revision, holdings } = record;
  const items = holdings.pages.flatMap(({ stock }) => stock.map(stockLevel));
  return { terms: termsOf(record, revision), stock: { store, revision, items, load: holdings.load } };
}

export function stockLevel([sku, onHand, reserved]: StockRow): StockLevel {
  return { sku, onHand, reserved, available: onHand - reserved };
}

/** Without how it is paid: that is between the store and headquarters. */
function termsOf({ id, terms, open }: StoreRecord, revision: number): StoreTermsEvent {
  const { payoutAccount: _, payoutWhen: __, ...shown } = terms;
  return { store: id, revision, ...shown, open };
}
