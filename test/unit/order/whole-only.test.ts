/** What a method took beyond what was asked of it goes back to it, whatever else is owed: nothing else is paid from that. */
import { describe, test } from 'vitest';
import { confirmAll } from './confirm-all.ts';
import { methodsOf, paying } from './payments.ts';
import { A, claimed, confirmed, declared, ops, plan, reserved, scenario, shop, simple } from './scenario.ts';

const policy = methodsOf({
  whole: { delayedCapture: 'full' },
  rigid: { delayedCapture: 'full', partialRefund: false },
});

/** Units of 1000 of one store, which has reserved them. */
function ordered(quantity: number, card: number, whole: number, method = 'whole') {
  const { payment: _, ...place } = simple(quantity, 1000);
  const payments = [paying('pi_a', card), paying('pi_b', whole, method)];
  return scenario('A1', policy).given(
    shop.place({ ...place, payments }),
    plan({ 'store-a': { '1': quantity } }),
    reserved('A1-1'),
  );
}

const cancelled = (quantity: number) => shop.cancel({ lines: [{ line: '1', quantity }] });

describe('a card pays for goods together with a method that is captured whole', () => {
  test('everything goes back where all of them are cancelled while both are captured', () => {
    const order = ordered(3, 500, 2500).given(cancelled(2), A.ready(), shop.cancel());
    confirmAll(order)
      .shows({ state: 'cancelled', totals: { captured: 3000, refunded: 3000 } })
      .raises();
  });

  test('the customer pays for those that he keeps where some are', () => {
    const order = ordered(4, 2000, 2000).given(cancelled(1), A.ready(), cancelled(2));
    confirmAll(order)
      .given(A.ship())
      .shows({ state: 'fulfilled', totals: { captured: 4000, refunded: 3000 } })
      .raises();
  });
});

describe('the same, and the method gives back the whole or nothing', () => {
  const returned = (quantity: number) => [declared('R1', { '1': quantity }), claimed('R1', { '1': [quantity, 0] })];
  const shipped = () => {
    const order = ordered(3, 2000, 1500, 'rigid').given(A.ready(), confirmed('A1-c1'), confirmed('A1-c2'), A.ship());
    return order.raises('partial-refund-impossible');
  };

  test('goods that come back are paid from the card, and a person ends what he was told', () => {
    const order = confirmAll(shipped().given(...returned(2)));
    order.raises('partial-refund-impossible').shows({ totals: { captured: 3500, refunded: 2000 } });
    order.given(ops.settleRefund('A1-owed-1')).raises();
    order.shows({ totals: { captured: 3500, refunded: 2500 } });
  });

  test('all of them bring the whole with them', () => {
    confirmAll(shipped().given(...returned(3)))
      .shows({ state: 'closed', totals: { captured: 3500, refunded: 3500 } })
      .raises();
  });
});
