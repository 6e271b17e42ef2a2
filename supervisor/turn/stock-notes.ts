/** Stock events of one turn. They are absolute: one a store and turn says it all. */
import type { Effect, Message } from '../../protocols/actor.ts';
import { mergeStock, type StockEvent } from '../../protocols/store-events.ts';

interface Note {
  about: Message;
  effect: Extract<Effect, { effect: 'event' }>;
}

export class StockNotes {
  private readonly events = new Map<string, { about: Message; event: StockEvent }>();

  get size(): number {
    return this.events.size;
  }

  add(about: Message, event: StockEvent): void {
    const before = this.events.get(about.id);
    this.events.set(about.id, { about, event: before ? mergeStock(before.event, event) : event });
  }

  *notes(): Iterable<Note> {
    for (const { about, event } of this.events.values()) {
      yield { about, effect: { effect: 'event', name: 'stock', payload: { ...event } } };
    }
  }
}
