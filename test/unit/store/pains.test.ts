/** What burnt others and concerns stock, by the number of the thread in the design's list of pains. */
import { expect, test } from 'vitest';
import { storeView } from '../../../actors/store/view.ts';
import { leaving, open, reserve, shop, stock } from './shop.ts';

const level = (scenario: ReturnType<typeof shop>) => {
  const [hat] = storeView(scenario.charted).stock;
  return `${hat?.onHand} on hand, ${hat?.reserved} reserved, ${hat?.available} available`;
};

test('pain 25: of two orders for the last unit one gets it, whichever way it is to leave', () => {
  const store = shop().given(open(), stock({ hat: 1 }), reserve('PICKUP', { hat: 1 }));
  store.when(reserve('DELIVERY', { hat: 1 })).answers('send reserve-refused to order DELIVERY');
  expect(level(store)).toBe('1 on hand, 1 reserved, 0 available');
});

test('pain 25: units that a delivery holds are promised to nobody at the counter until it gives them back', () => {
  const store = shop().given(
    open(),
    stock({ hat: 10 }),
    reserve('DELIVERY', { hat: 5 }),
    reserve('PICKUP', { hat: 4 }),
  );
  store.when(reserve('LATE', { hat: 2 })).answers('send reserve-refused to order LATE');
  store.given(reserve('ONE', { hat: 1 }), leaving('release', 'DELIVERY', { hat: 5 }), reserve('LATE', { hat: 2 }));
  expect(level(store)).toBe('10 on hand, 7 reserved, 3 available');
});

test('also frequent: all of a shelf can be ordered, prepared and collected', () => {
  const store = shop().given(
    open(),
    stock({ hat: 3 }),
    reserve('A1', { hat: 3 }),
    leaving('hand-over', 'A1', { hat: 3 }),
  );
  expect(level(store)).toBe('0 on hand, 0 reserved, 0 available');
});
