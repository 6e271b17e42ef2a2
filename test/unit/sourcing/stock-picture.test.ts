import { describe, expect, test } from 'vitest';
import { StockPicture } from '../../../actors/sourcing/stock-picture.ts';
import { announcements } from '../../../actors/store/announce.ts';
import type { StoreSource } from '../../../supervisor/nats/store-source.ts';
import { NodeSourcing } from '../../../supervisor/node/node-sourcing.ts';
import type { Said } from '../../fixture/chart-scenario.ts';
import { close, open, reserve, shop, stock } from '../store/shop.ts';
import { question } from './network.ts';

/** A store, and a picture kept from all that it says. */
function kept(name = 'store-lyon') {
  const store = shop(name);
  const picture = new StockPicture();
  const events: { name: string; payload: unknown }[] = [];
  for (const message of [open(), stock({ hat: 5, cap: 1 }, name), reserve('A1', { hat: 2 })]) {
    for (const effect of store.given(message).effects) if (effect.effect === 'event') events.push(effect);
  }
  const hear = () => {
    for (const { name: event, payload } of events) picture.apply(name, event, payload);
  };
  return { store, picture, events, hear };
}

const HATS = {
  sku: 'hat',
  onHand: 5,
  reserved: 2,
  available: 3,
  stores: [{ store: 'store-lyon', onHand: 5, reserved: 2, available: 3 }],
};

test('the picture kept from events is the one loaded from the record', () => {
  const { store, picture, hear } = kept();
  hear();
  const loaded = new StockPicture();
  const { terms, stock: levels } = announcements(store.charted.record);
  loaded.load(terms, levels);
  for (const one of [picture, loaded]) {
    expect(one.stockOf('hat')).toEqual(HATS);
    const [candidate] = one.candidates(question([['hat', 1]]));
    expect(candidate).toMatchObject({ store: 'store-lyon', open: true, load: 1, priority: 0 });
    expect(candidate?.available('hat')).toBe(3);
    expect(candidate?.available('cap')).toBe(1);
  }
});

test('events that come again, or after the record that has them, change nothing', () => {
  const { store, picture, events, hear } = kept();
  hear();
  hear();
  expect(picture.stockOf('hat')).toEqual(HATS);
  const loaded = new StockPicture();
  const { terms, stock: levels } = announcements(store.charted.record);
  loaded.load(terms, levels);
  for (const { name, payload } of events) loaded.apply('store-lyon', name, payload);
  expect(loaded.stockOf('hat')).toEqual(HATS);
});

test('a store that lines are pinned to is unknown until it opens, and then known for good', () => {
  const asked = question([
    ['hat', 1],
    ['hat', 1, 'store-lyon'],
    ['cap', 1, 'store-nowhere'],
    ['bag', 1, 'store-nowhere'],
  ]);
  const { store, picture, hear } = kept();
  expect(picture.unknownStores(asked)).toEqual(['store-lyon', 'store-nowhere']);
  hear();
  for (const effect of store.given(close()).effects)
    if (effect.effect === 'event') picture.apply('store-lyon', effect.name, effect.payload);
  expect(picture.unknownStores(asked)).toEqual(['store-nowhere']);
});

test('a plan says which stores are not known', async () => {
  const stores = { load: async () => ({ stores: new Map(), sequence: 0 }) } as unknown as StoreSource;
  const sourcing = new NodeSourcing(stores, () => true);
  const { store } = kept('store-lyon');
  const { terms, stock: levels } = announcements(store.charted.record);
  sourcing.observe('store-lyon', 'opened', { ...terms, revision: terms.revision - 1 });
  sourcing.observe('store-lyon', 'stock', { ...levels });
  const pins: [string, number, string][] = [
    ['hat', 1, 'store-lyon'],
    ['cap', 1, 'store-nowhere'],
  ];
  expect(sourcing.plan(question(pins))).toMatchObject({
    reason: '1 line pinned to store-lyon; nobody to give 1 of line 2 at store-nowhere; store-nowhere is not known',
    unknown: ['store-nowhere'],
  });
  expect(sourcing.plan(question(pins.slice(0, 1)))).not.toHaveProperty('unknown');
});

test('stock is summed over stores, and a sku that no store had is unknown', () => {
  const { picture, hear } = kept();
  hear();
  const paris = kept('store-paris');
  for (const { name, payload } of paris.events) picture.apply('store-paris', name, payload);
  expect(picture.stockOf('hat')).toMatchObject({ onHand: 10, reserved: 4, available: 6 });
  expect(picture.stockOf('shoe')).toBeUndefined();
});

test('what a closed store has is told, and is available to nobody until it opens again', () => {
  const { store, picture, hear } = kept();
  hear();
  const paris = kept('store-paris');
  for (const { name, payload } of paris.events) picture.apply('store-paris', name, payload);
  const say = (message: Said) => {
    for (const effect of store.given(message).effects)
      if (effect.effect === 'event') picture.apply('store-lyon', effect.name, effect.payload);
  };
  say(close());
  const loaded = new StockPicture();
  const { terms, stock: levels } = announcements(store.charted.record);
  loaded.load(terms, levels);
  const closed = { store: 'store-lyon', onHand: 5, reserved: 2, available: 0, closed: true };
  expect(loaded.stockOf('hat')?.stores).toEqual([closed]);
  say(stock({ hat: 9 }));
  expect(picture.stockOf('hat')).toEqual({
    sku: 'hat',
    onHand: 14,
    reserved: 4,
    available: 3,
    stores: [
      { ...closed, onHand: 9 },
      { store: 'store-paris', onHand: 5, reserved: 2, available: 3 },
    ],
  });
  say(open());
  expect(picture.stockOf('hat')).toMatchObject({ available: 10, stores: [{ available: 7 }, { available: 3 }] });
});

test('of the terms and of the stock of a store the newest is known, whichever was heard first', () => {
  const { picture, events } = kept();
  for (const { name, payload } of [...events].reverse()) picture.apply('store-lyon', name, payload);
  expect(picture.stockOf('hat')).toEqual(HATS);
  expect(picture.candidates(question([['hat', 1]]))).toMatchObject([{ store: 'store-lyon', open: true }]);
});

describe('a store that is loaded', () => {
  const loadedFrom = (store: ReturnType<typeof kept>['store'], picture: StockPicture) => {
    const { terms, stock: levels } = announcements(store.charted.record);
    return () => picture.load(terms, levels);
  };

  test('says nothing where newer stock and terms were heard', () => {
    const { store, picture, hear } = kept();
    hear();
    const older = loadedFrom(store, picture);
    for (const message of [stock({ hat: 9 }), close()]) {
      for (const effect of store.given(message).effects)
        if (effect.effect === 'event') picture.apply('store-lyon', effect.name, effect.payload);
    }
    older();
    expect(picture.stockOf('hat')?.stores).toMatchObject([{ onHand: 9, available: 0, closed: true }]);
  });

  test('has what it has now, and nothing that it had before', () => {
    const { store, picture, hear } = kept();
    hear();
    const { terms, stock: levels } = announcements(store.charted.record);
    picture.load(terms, { ...levels, items: levels.items.filter(({ sku }) => sku === 'cap') });
    expect(picture.stockOf('hat')).toBeUndefined();
    expect(picture.stockOf('cap')).toMatchObject({ available: 1 });
  });
});
