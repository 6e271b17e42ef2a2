/** A store that accepted and does not get ready: a person is told, until it does, or gives the goods up. */
import { describe, expect, test } from 'vitest';
import {
  A,
  BASE,
  confirmed,
  ops,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  timer,
} from './scenario.ts';

const HOUR_MS = 3600_000;
const COLLECT = { ...BASE, fulfilment: 'click-and-collect' as const, collectAt: 'store-a' };
const overdue = timer('not-ready', { fulfilment: 'A1-1' });

const placed = (place = BASE, readyWithinMs: number | undefined = 2 * HOUR_MS): Scenario =>
  scenario('A1', { readyWithinMs }).given(shop.place(place), plan({ 'store-a': { '1': 1, '2': 1 } }));
const accepted = (): Scenario => placed().given(reserved('A1-1'));
const late = (): Scenario => accepted().given(overdue);

describe('a store that accepted', () => {
  test.each([BASE, COLLECT])('has so long to make the goods ready: $fulfilment', (place) => {
    const order = placed(place).when(reserved('A1-1'));
    order.says('tell store-a assigned', 'event assigned', 'timer not-ready-A1-1');
    expect(order.effects.at(-1)).toMatchObject({ at: order.now + 2 * HOUR_MS, payload: { fulfilment: 'A1-1' } });
    order.when(A.ready());
    expect(order.effects).toContainEqual({ effect: 'cancel-timer', timer: 'not-ready-A1-1' });
    order.when(overdue).ignores();
  });

  test('is named to a person when it has not, once', () => {
    const order = accepted().when(overdue).says('event not-ready').raises('not-ready');
    expect(order.effects[0]).toMatchObject({ payload: { fulfilment: 'A1-1', store: 'store-a' } });
    order.shows({ attention: [{ about: 'A1-1', reason: expect.stringContaining('store-a accepted A1-1') }] });
    order.when(overdue).ignores();
    order.when(ops.resolve('not-ready')).refuses('wrong-state');
  });

  test.each<[string, Said[]]>([
    ['the goods are ready', [A.ready()]],
    ['it declines after all', [A.decline()]],
    ['it has none of them', [A.shortPick({ '1': 1, '2': 1 })]],
    ['it has the rest ready', [A.ready('A1-1', { '1': 1 }), A.shortPick({ '2': 1 })]],
    ['they are cancelled', [shop.cancel()]],
  ])('is named until %s', (_, steps) => {
    const order = late();
    for (const step of steps) order.raises('not-ready').given(step);
    order.raises();
    expect(order.effects).not.toContainEqual(expect.objectContaining({ timer: 'not-ready-A1-1' }));
  });

  test('is named also where what is ready is paid for', () => {
    const order = late().given(A.ready('A1-1', { '1': 1 }), confirmed('A1-c1'), confirmed('A1-p1'));
    order.raises('not-ready').given(A.ready()).raises();
  });

  test('has its time anew after a hold', () => {
    const order = accepted().when(ops.hold()).says('event held', 'cancel-timer not-ready-A1-1');
    order.when(overdue).ignores().when(ops.release()).says('event released', 'timer not-ready-A1-1');
  });

  test('is not waited for where nothing says how long', () => {
    const order = scenario().given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }));
    order.when(reserved('A1-1')).says('tell store-a assigned', 'event assigned');
    order.when(overdue).ignores();
  });
});
