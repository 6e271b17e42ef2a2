/** Goods that are sold by weight: what the scales say is captured, within what their payment gives. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIMULATED_CARD } from '../../../actors/capability/simulator.ts';
import type { Capability } from '../../../protocols/capability.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { SimulatorState } from '../../../supervisor/gateway/simulator-state.ts';
import {
  A,
  B,
  claimed,
  confirmed,
  declared,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const START = Date.parse('2026-11-22T09:00:00Z');
type Lines = OrderCommands['ready']['lines'];

const ready = (by: typeof A, lines: Lines): Said => {
  const said = by.ready();
  return { ...said, payload: { lines } };
};
const weighed = (quantity: number, amount: number, by = A): Said => ready(by, [{ line: '1', quantity, amount }]);

/** Ten cheeses at 10.00, planned. */
function cheeses(terms: Partial<Capability> = {}, payment = {}): Scenario {
  const place = simple(10, 1000);
  return scenario('A1', { capabilityOf: () => ({ ...SIMULATED_CARD, ...terms }) }).given(
    shop.place({ ...place, payment: { ...paymentOf(place), ...payment } }),
    plan({ 'store-a': { '1': 4 }, 'store-b': { '1': 6 } }),
    reserved('A1-1'),
    reserved('A1-2'),
  );
}

const line = (order: Scenario) => {
  const [{ gross, tax, net } = { gross: 0, tax: 0, net: 0 }] = order.view.lines;
  return { gross, tax, net };
};

describe('the worked example: ten cheeses of 10.00, by 15 % more at most', () => {
  const dearer = (): Scenario =>
    cheeses().given(weighed(4, 4400), confirmed('A1-c1'), confirmed('A1-p1'), weighed(6, 6900, B), confirmed('A1-c2'));

  test('four weigh 44.00, six 69.00: captured as weighed, shares and taxes by it', () => {
    const order = dearer();
    order.ledger(
      'A1-c1 4400 confirmed',
      'A1-p1 3850 confirmed',
      'A1-c2 6900 confirmed',
      // 69.00 less 15 % of 57.50.
      'A1-p2 6037 requested',
    );
    // 44.00 has 7.33 of tax, 69.00 has 11.50.
    expect(line(order)).toEqual({ gross: 11300, tax: 1883, net: 9417 });
    order.shows({ totals: { ordered: 11300, authorised: 10000, captured: 11300, voided: 0 } });
  });

  test('what comes back is refunded as it was weighed', () => {
    const order = dearer().given(confirmed('A1-p2'), A.ship(), B.ship(), declared('R1', { '1': 10 }));
    order.when(claimed('R1', { '1': [10, 0] })).says('gateway A1-r1 11300');
    order.given(confirmed('A1-r1'), confirmed('A1-b1'), confirmed('A1-b2'));
    order.shows({ state: 'closed', totals: { captured: 11300, refunded: 11300, attributed: 0 } });
  });

  test('a cent beyond the ceiling is refused with the figures, and nothing changes', () => {
    const order = cheeses().given(weighed(4, 4400));
    const before = order.view;
    order.when(weighed(6, 7101, B)).refuses('exceeds-over-capture');
    expect(order.last).toMatchObject({
      refusal: {
        reason:
          '71.01 EUR would be left to capture: the payments of A1 give 115.00 EUR at most, 44.00 EUR of it captured',
      },
    });
    expect(order.view).toEqual(before);
    order.given(weighed(6, 7100, B)).shows({ totals: { open: { capture: 11500 } } });
  });

  test('what the others still need is kept for them', () => {
    cheeses().when(weighed(4, 5501)).refuses('exceeds-over-capture').given(weighed(4, 5500), B.ready());
  });

  test('lighter goods cost less; the difference may serve heavier ones, and is voided when nothing is left to come', () => {
    const order = cheeses()
      .given(weighed(4, 3000))
      .shows({ totals: { open: { capture: 3000 } } });
    order.when(weighed(6, 6500, B)).says('event ready', 'gateway A1-c2 6500', 'gateway A1-v1 500');
    expect(line(order)).toMatchObject({ gross: 9500 });
  });
});

describe('what gives no more than was paid', () => {
  test('a method without over-capture refuses the first cent beyond', () => {
    const order = cheeses({ overCapture: { percent: 0 } });
    order.when(weighed(4, 4001)).refuses('exceeds-over-capture').given(weighed(4, 4000));
  });

  test('money that settled at once is not taken again; what is lighter is refunded', () => {
    const order = cheeses({}, { captured: 10000 }).when(weighed(4, 4001)).refuses('exceeds-over-capture');
    order.given(weighed(4, 3500));
    order.when(weighed(6, 6000, B)).says('event ready', 'gateway A1-r1 500', 'gateway A1-p2 5250');
  });

  test('what was paid for goods that do not come does not pay for heavier ones', () => {
    const order = cheeses({}, { captured: 10000 }).given(shop.cancel({ lines: [{ line: '1', quantity: 6 }] }));
    order.when(weighed(4, 4001)).refuses('exceeds-over-capture').given(weighed(4, 4000));
  });

  test('an ordinary order is never captured beyond its authorisation', () => {
    const order = cheeses().given(A.ready(), B.ready());
    order.shows({ totals: { open: { capture: 10000 } } });
  });

  test('what is paid at a till is priced there', () => {
    const { payment: _, ...unpaid } = simple(10, 1000);
    const order = scenario().given(
      shop.place({ ...unpaid, fulfilment: 'reserve-and-collect', collectAt: 'store-a' }),
      plan({ 'store-a': { '1': 10 } }),
      reserved('A1-1'),
    );
    order.when(weighed(4, 4400)).refuses('wrong-state');
  });
});

test('whatever the scales say, what is accepted is captured to the minor unit, and the provider never objects', () => {
  const steps = fc.array(
    fc.record({ units: fc.integer({ min: 1, max: 4 }), each: fc.integer({ min: 0, max: 1400 }) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 30 }), (weighings, percent) => {
      const place = simple(10, 1000);
      const order = scenario('A1', { capabilityOf: () => ({ ...SIMULATED_CARD, overCapture: { percent } }) }).given(
        shop.place(place),
        plan({ 'store-a': { '1': 10 } }),
        reserved('A1-1'),
      );
      let [left, sum, weight] = [10, 0, 0];
      for (const { units, each } of weighings) {
        const quantity = Math.min(units, left);
        if (quantity === 0) break;
        order.when(weighed(quantity, quantity * each));
        if (order.last?.kind !== 'applied') continue;
        left -= quantity;
        sum += quantity * each;
        weight += quantity;
      }
      if (left > 0) order.given(A.ready());
      const { ordered, open } = order.view.totals;
      expect(ordered).toBe(sum + (10 - weight) * 1000);
      expect(open.capture).toBe(ordered);
      const provider = new SimulatorState();
      for (const call of order.requests) {
        const answer = provider.apply({ entry: 'call', at: START, call })?.answer;
        expect(answer).toMatchObject({ answer: 'ok' });
      }
    }),
    { numRuns: 60 },
  );
});
