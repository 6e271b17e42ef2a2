/** The rest of a fee that is taken pro rata is captured from two cards, and one of them fails: the full fee is due once anything ships. */
import { describe, test } from 'vitest';
import { confirmAll } from './confirm-all.ts';
import { paying } from './payments.ts';
import {
  A,
  claimed,
  confirmed,
  declared,
  failed,
  failedLate,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const oneUnit = [{ line: '1', quantity: 1 }];

/** A unit of 1000 with its half of a fee of 1000, and the other half in two: 100 as A1-c2 and 400 as A1-c3. */
function rest(): Scenario {
  const { payment: _, ...place } = simple(2, 1000, { shipping: { amount: 1000, taxRate: '0.2' } });
  return scenario('A1', { shipping: 'pro-rata' }).given(
    shop.place({ ...place, payments: [paying('pi_a', 1600), paying('pi_b', 1400)] }),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
    A.ready('A1-1', { '1': 1 }),
    confirmed('A1-c1'),
    shop.cancel({ lines: oneUnit }),
  );
}

const totals = (captured: number, refunded: number) => ({ totals: { captured, refunded } });

describe('what the other one brought of the fee is kept', () => {
  test('and what is missing is not asked for', () => {
    const order = rest().given(failed('A1-c2'), confirmed('A1-c3'));
    confirmAll(order).given(A.ship()).shows(totals(1900, 0)).raises('capture-failed');
    order.given(ops.resolve('capture-failed')).raises().shows(totals(1900, 0));
  });

  test('whichever is the first to be known', () => {
    confirmAll(rest().given(confirmed('A1-c3'), failed('A1-c2')))
      .given(A.ship())
      .shows(totals(1900, 0));
    confirmAll(rest().given(failed('A1-c3'), confirmed('A1-c2')))
      .given(A.ship())
      .shows(totals(1600, 0));
  });

  test('also where the rest failed late, whatever becomes of it', () => {
    const lost = () => confirmAll(rest().given(failedLate('A1-c2'), confirmed('A1-c3'), A.ship()));
    lost().shows(totals(1900, 0)).given(confirmed('A1-c2', 9000)).shows(totals(2000, 0));
    confirmAll(lost().given(ops.fail('A1-c2'))).shows(totals(1900, 0));
  });

  test('and goes back with the fee', () => {
    const order = rest().given(failed('A1-c2'), confirmed('A1-c3'), A.ship(), declared('R1', { '1': 1 }));
    order.given(claimed('R1', { '1': [1, 0] }, { refundShipping: true }));
    confirmAll(order).shows({ state: 'closed', ...totals(1900, 1900) });
  });
});

test('where nothing ships, it goes back', () => {
  const order = rest().given(failed('A1-c2'), confirmed('A1-c3'), shop.cancel({ lines: oneUnit }));
  confirmAll(order).shows({ state: 'cancelled', ...totals(1900, 1900) });
  const late = rest().given(shop.cancel({ lines: oneUnit }), failed('A1-c2'), confirmed('A1-c3'));
  confirmAll(late).shows({ state: 'cancelled', ...totals(1900, 1900) });
});
