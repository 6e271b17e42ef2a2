/** Several payments were to pay for goods together, some surely took nothing, and some of the goods are cancelled. */
import { describe, expect, test } from 'vitest';
import { paidFor, paying, prepaid } from './payments.ts';
import { A, confirmed, failed, plan, reserved, type Scenario, scenario, shop, simple } from './scenario.ts';

type Payments = ReturnType<typeof paying>[];

/** Four units of 10.00, ready. */
function ready(payments: Payments): Scenario {
  const { payment: _, ...place } = simple(4, 1000);
  return scenario('A1').given(
    shop.place({ ...place, payments }),
    plan({ 'store-a': { '1': 4 } }),
    reserved('A1-1'),
    A.ready(),
  );
}

/** All that is asked for happens, but for what releases money: a provider may have taken it by then. */
function settle(order: Scenario): void {
  const open = () => order.view.ledger.flatMap(({ entry, state }) => (state === 'requested' ? [entry] : []));
  for (let asked = open(); asked.length > 0; asked = open())
    order.given(...asked.map((key) => (key.includes('-v') ? failed(key) : confirmed(key))));
}

describe.each<[what: string, payments: Payments, took: string[], tookNothing: string[]]>([
  ['prepaid money, and a card that declines', [prepaid(2500), paying('pi_a', 1500)], [], ['A1-c2']],
  [
    'prepaid money and two cards, the second declines',
    [prepaid(1000), paying('pi_a', 2000), paying('pi_b', 1000)],
    ['A1-c2'],
    ['A1-c3'],
  ],
  [
    'prepaid money and two cards, the first declines',
    [prepaid(1000), paying('pi_a', 2000), paying('pi_b', 1000)],
    ['A1-c3'],
    ['A1-c2'],
  ],
  [
    'prepaid money and two cards, both decline',
    [prepaid(1000), paying('pi_a', 2000), paying('pi_b', 1000)],
    [],
    ['A1-c2', 'A1-c3'],
  ],
  ['two cards, the second declines', [paying('pi_a', 2500), paying('pi_b', 1500)], ['A1-c1'], ['A1-c2']],
])('%s', (_what, payments, took, tookNothing) => {
  const cancelled = (quantity: number): Scenario => {
    const order = ready(payments).given(
      ...took.map((key) => confirmed(key)),
      ...tookNothing.map((key) => failed(key)),
      shop.cancel({ lines: [{ line: '1', quantity }] }),
    );
    settle(order);
    return order;
  };

  test.each([1, 2, 3])(
    'of four units %i are cancelled: nobody has more of the customer than the others cost',
    (quantity) => {
      expect(paidFor(cancelled(quantity))).toBeLessThanOrEqual((4 - quantity) * 1000);
    },
  );

  test.each([1, 2, 3])('and what moved after all goes back beyond that: of four units %i are cancelled', (quantity) => {
    const order = cancelled(quantity).given(...tookNothing.map((key) => confirmed(key, 90_000)));
    settle(order);
    expect(paidFor(order)).toBe((4 - quantity) * 1000);
    settle(order.given(A.ship()));
    expect([paidFor(order), order.view.state]).toEqual([(4 - quantity) * 1000, 'fulfilled']);
  });
});
