/** A count that finds nothing of what a thousand orders wait for: more than one step can tell. */
import { describe, expect, test } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';
import { storeActor } from '../../../actors/store/store.ts';
import { storeView } from '../../../actors/store/view.ts';
import type { Step } from '../../../protocols/actor.ts';
import type { Said } from '../../fixture/chart-scenario.ts';
import { adjust, leaving, open, reserve, stock } from './shop.ts';

const ORDERS = 1200;

const loseMore: Said = { name: 'lose-more', payload: {}, sender: { kind: 'timer' } };

/** A store without the round trip through its stored form, which a thousand reservations would take a minute for. */
class LargeStore {
  /** Orders that lost their hat, in the order they heard of it. */
  readonly told: string[] = [];
  private snapshot: AnyMachineSnapshot | undefined;
  private last: Step<AnyMachineSnapshot> | undefined;

  hear(...messages: Said[]): this {
    for (const message of messages) {
      this.last = storeActor.handle(this.snapshot, { ...message, entity: 'store', id: 'store-lyon', at: 0 });
      if (this.last.kind === 'applied') this.snapshot = this.last.snapshot;
      for (const effect of this.effects)
        if (effect.effect === 'send' && effect.name === 'stock-lost') this.told.push(effect.id);
    }
    return this;
  }

  /** Until nothing is left to be lost. */
  loseAll(): this {
    while (this.record.losing) this.hear(loseMore);
    this.hear(loseMore);
    expect(this.last?.kind).toBe('ignored');
    return this;
  }

  get effects() {
    return this.last && 'effects' in this.last ? this.last.effects : [];
  }

  get record() {
    if (!this.snapshot) throw new Error('there is no store');
    return storeActor.read(this.snapshot).record;
  }

  get hats(): string {
    const { stock } = storeView({ state: 'open', record: this.record });
    const { onHand, reserved } = stock.find(({ sku }) => sku === 'hat') ?? {};
    return `${reserved} of ${onHand}`;
  }
}

function promised(): LargeStore {
  const reservations = Array.from({ length: ORDERS }, (_, number) => reserve(`A${number}`, { hat: 1 }));
  return new LargeStore().hear(open(), stock({ hat: ORDERS }), ...reservations);
}

const newestFirst = Array.from({ length: ORDERS }, (_, number) => `A${ORDERS - 1 - number}`);

describe('a count that a thousand orders lose by', () => {
  test('is told to the newest first, step by step, to each of them once', () => {
    const store = promised().hear(stock({ hat: 0 }));
    expect([store.told.length, store.hats]).toEqual([500, '700 of 700']);
    expect(store.effects.at(-1)).toMatchObject({ effect: 'timer', name: 'lose-more' });
    expect(store.loseAll().told).toEqual(newestFirst);
    expect(store.hats).toBe('0 of 0');
  });

  test('promises nothing of it meanwhile', () => {
    const store = promised().hear(stock({ hat: 100 }), reserve('B1', { hat: 1 }));
    expect(store.effects).toMatchObject([{ name: 'reserve-refused', id: 'B1' }]);
    expect(store.loseAll().told).toEqual(newestFirst.slice(0, -100));
    expect(store.hats).toBe('100 of 100');
  });

  test('frees nothing that is not there by what is not wanted any more', () => {
    const store = promised().hear(stock({ hat: 0 }), leaving('release', 'A0', { hat: 1 }), reserve('B1', { hat: 1 }));
    expect(store.effects).toMatchObject([{ name: 'reserve-refused', id: 'B1' }]);
    expect(store.loseAll().hats).toBe('0 of 0');
  });

  test('may be counted again meanwhile: what is there now counts', () => {
    const store = promised()
      .hear(stock({ hat: 0 }), stock({ hat: 650 }))
      .loseAll();
    expect([store.told.length, store.hats]).toEqual([550, '650 of 650']);
  });

  test('counts together with what is adjusted and leaves meanwhile', () => {
    const store = promised().hear(stock({ hat: 0 }), adjust({ hat: 30 }));
    store.hear(leaving('hand-over', 'A0', { hat: 1 }), leaving('release', 'A1', { hat: 1 })).loseAll();
    expect(store.hats).toBe('28 of 29');
  });
});
