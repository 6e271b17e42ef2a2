/** An order whose capture is lost and which is cancelled: what it had prepaid goes back. Then the capture is taken after all. */
import { expect, test } from 'vitest';
import { bought, checkFigures, type ExchangedOrders, instead } from './exchanged-orders.ts';
import { A, claimed, confirmed, declared, failedLate, plan, reserved, shop, unknown } from './scenario.ts';

const PREPAID = 1500;
const PRICE = 1000;

function cancelledAndTaken(shipping: number): ExchangedOrders {
  const total = PRICE + shipping;
  const order = { ...instead(total, PREPAID), lines: instead(PRICE, PREPAID).lines };
  const fee = { shipping: { amount: shipping, taxRate: '0.2' } };
  const pair = bought(1, PREPAID).given('A2', shop.place({ ...order, ...fee }), plan({ 'store-a': { '1': 1 } }));
  pair
    .given('A2', reserved('A2-1'))
    .given('A1', declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }))
    .given('A2', A.ready(), unknown('A2-c2', 7000), shop.cancel(), failedLate('A2-c2', 8000));
  return pair.confirmAll().given('A2', confirmed('A2-c2', 9000)).confirmAll();
}

test.each([800, 1500, 3000])('with a fee of %i all of it goes back, once', (shipping) => {
  const pair = cancelledAndTaken(shipping);
  const total = PRICE + shipping;
  pair.fresh.shows({ state: 'cancelled', totals: { captured: total, refunded: total }, attention: [] });
  expect(pair.fresh.view.totals.open.refund).toBe(0);
  checkFigures(pair);
});
