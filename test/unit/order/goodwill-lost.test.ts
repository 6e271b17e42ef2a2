/** Goodwill on goods whose capture is lost, which are cancelled meanwhile, and which is taken after all. */
import { expect, test } from 'vitest';
import { A, confirmed, failedLate, ops, plan, reserved, type Scenario, scenario, shop, simple } from './scenario.ts';

/** Whatever is asked of the gateway happens. */
function settled(order: Scenario): Scenario {
  for (const { entry, state } of order.view.ledger) if (state === 'requested') order.given(confirmed(entry));
  return order;
}

test.each([
  ['1', 2, 2000],
  [undefined, 2, 2000],
  ['1', 1, 1500],
  [undefined, 1, 1500],
])('goodwill on line %s, then %i of two units are cancelled: the customer has %i of 2000 back', (line, units, back) => {
  const order = scenario().given(
    shop.place(simple(2, 1000)),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
    A.ready(),
    confirmed('A1-c1'),
    ops.refund(500, line),
    confirmed('A1-r1'),
  );
  settled(order).given(failedLate('A1-c1', 8000));
  settled(order).given(shop.cancel({ lines: [{ line: '1', quantity: units }] }));
  settled(settled(order).given(confirmed('A1-c1', 9000)));
  order.shows({ totals: { captured: 2000, refunded: back }, attention: [] });
  expect(order.view.totals.open.refund).toBe(0);
});
