/**
 * Money rule 3 at the counter: items refused there, deadlines that run out, tickets that come late, returns in parts with extra items
 * and goodwill end in the same money, in whatever order they are said and however often. Every step is checked (scenario.ts).
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
import {
  A,
  BASE,
  by,
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
  timer,
} from './scenario.ts';

/** None, two and three digits of minor units. */
const priced = fc.record({
  currency: fc.constantFrom('JPY', 'EUR', 'KWD'),
  unitPrice: fc.integer({ min: 100, max: 99_999 }),
  otherPrice: fc.integer({ min: 1, max: 99_999 }),
  discount: fc.nat(99),
  taxRate: fc.constantFrom('0.2', '0.08875', '0', '0.05'),
  taxIncluded: fc.boolean(),
});
type Priced = typeof priced extends fc.Arbitrary<infer P> ? P : never;

/** Four units of line 1, three of line 2, collected in store-a. */
function orderOf({ currency, unitPrice, otherPrice, discount, taxRate, taxIncluded }: Priced): OrderCommands['place'] {
  const lines = [
    { line: '1', sku: 'S1', quantity: 4, unitPrice, taxRate, discount },
    { line: '2', sku: 'S2', quantity: 3, unitPrice: otherPrice, taxRate: '0.2' },
  ];
  const payment = { ...paymentOf(BASE), authorised: 10_000_000 };
  const fulfilment = 'click-and-collect' as const;
  return { ...BASE, currency, taxIncluded, lines, discount: 7, fulfilment, collectAt: 'store-a', payment };
}

const EVERYTHING = { '1': 4, '2': 3 };
/** Said under one id, so that it is the same command however often it comes. */
const once = (said: Said, id: string): Said => {
  if (said.sender.kind !== 'command') throw new Error(`${said.name} is no command`);
  return { ...said, sender: { ...said.sender, command: { ...said.sender.command, id } } };
};
const goodwill = once(by('ops-anna').refund(60, '1'), 'goodwill');

function confirmAll(order: Scenario): Scenario {
  for (let round = 0; round < 30; round++) {
    const open = order.view.ledger.filter(({ state }) => state === 'requested');
    if (open.length === 0) return order;
    for (const { entry } of open) order.when(confirmed(entry));
  }
  throw new Error('the gateway is never done');
}

/** What money ends in; keys and their order are the step's. */
function moneyOf(order: Scenario): object {
  const { totals, parties, lines, state } = confirmAll(order).view;
  return { totals, parties, lines, state };
}

/** All of them in this order, each as often as it occurs; a confirmation of what is open may come between. */
function play(order: Scenario, steps: readonly Said[], confirms: readonly boolean[]): object {
  steps.forEach((said, index) => {
    order.when(said);
    const [open] = order.view.ledger.filter(({ state }) => state === 'requested');
    if (confirms[index] && open) order.when(confirmed(open.entry));
  });
  return moneyOf(order);
}

const confirms = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
/** Every one of them once at least, some twice, in any order. */
const shuffled = (steps: readonly Said[]): fc.Arbitrary<Said[]> =>
  fc
    .shuffledSubarray([...steps], { minLength: 0 })
    .chain((again) => fc.shuffledSubarray([...steps, ...again], { minLength: steps.length + again.length }));

const RUNS = { numRuns: 10, seed: 20261125 };

/** R1 brings one unit of line 1, R2 one of each line, and an extra unit of line 2 at the counter; one unit of line 1 stays. */
const RETURNS: Said[] = [
  claimed('R1', { '1': [1, 0] }, { store: 'store-a' }),
  claimed('R2', { '1': [1, 0] }, { claim: 1, store: 'store-a' }),
  claimed('R2', { '2': [1, 0] }, { claim: 2, store: 'store-a' }),
  claimed('R2', { '2': [0, 1] }, { claim: 3, store: 'store-a' }),
];

test('goods of click and collect: refused items, returns in parts, extra items, goodwill and forgotten timers', () => {
  const late = timer('not-collected', { fulfilment: 'A1-1' });
  fc.assert(
    fc.property(priced, shuffled([...RETURNS, goodwill, late]), confirms, (of, steps, said) => {
      const collected = (): Scenario => {
        const order = scenario().given(shop.place(orderOf(of)), plan({ 'store-a': EVERYTHING }), reserved('A1-1'));
        order.given(A.ready(), confirmed('A1-c1'), A.collect('A1-1', { '1': 3, '2': 2 }));
        return order.given(declared('R1', { '1': 1 }), declared('R2', { '1': 1, '2': 1 }), declared('R2', { '2': 1 }));
      };
      const inOrder = play(collected(), [...RETURNS, goodwill], []);
      expect(play(collected(), steps, said)).toEqual(inOrder);
    }),
    RUNS,
  );
});

/** Without goodwill: what was paid at a till is given back there by hand, and open until then. */
test('goods of reserve and collect: a ticket before the reservation runs out, or after it, is the same money', () => {
  fc.assert(
    fc.property(priced, fc.boolean(), shuffled(RETURNS), confirms, (of, isLate, steps, said) => {
      const { payment: _, shipping: __, ...rest } = orderOf(of);
      const place = { ...rest, fulfilment: 'reserve-and-collect' as const };
      const ticket = (order: Scenario): Said => {
        const lines = order.view.lines.map(({ line, gross, quantity }): [string, number, number] => {
          const taken = quantity - 1;
          return [line, taken, Math.floor((gross * taken) / quantity)];
        });
        return once(A.sell(lines), 'ticket');
      };
      const expired = timer('reservation-expired', { fulfilment: 'A1-1' });
      const sold = (first: 'ticket' | 'timer'): Scenario => {
        const order = scenario().given(shop.place(place), plan({ 'store-a': EVERYTHING }), reserved('A1-1'));
        const sale = ticket(order);
        for (const step of first === 'ticket' ? [sale, expired, sale] : [expired, sale, expired, sale])
          order.when(step);
        return order.given(declared('R1', { '1': 1 }), declared('R2', { '1': 1, '2': 1 }), declared('R2', { '2': 1 }));
      };
      const inOrder = play(sold('ticket'), RETURNS, []);
      expect(play(sold(isLate ? 'timer' : 'ticket'), steps, said)).toEqual(inOrder);
    }),
    RUNS,
  );
});

test('whatever happens first at the counter, what was captured is refunded or with the customer, and never more', () => {
  const taken = fc.record({ one: fc.integer({ min: 0, max: 4 }), two: fc.integer({ min: 0, max: 3 }) });
  const moves = fc.shuffledSubarray(['collect', 'timer', 'cancel', 'ready', 'captured'] as const, { minLength: 5 });
  fc.assert(
    fc.property(priced, taken, moves, confirms, (of, { one, two }, order, said) => {
      const at = scenario().given(shop.place(orderOf(of)), plan({ 'store-a': EVERYTHING }), reserved('A1-1'));
      const steps = {
        ready: A.ready(),
        captured: confirmed('A1-c1'),
        collect: once(A.collect('A1-1', { '1': one, '2': two }), 'collect'),
        timer: timer('not-collected', { fulfilment: 'A1-1' }),
        cancel: once(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }), 'cancel'),
      };
      play(
        at,
        [...order, ...order].map((name) => steps[name]),
        said,
      );
      confirmAll(at);
      const { totals, lines, state } = at.view;
      const held = lines.reduce((sum, { handedOver }) => sum + handedOver, 0);
      expect(totals.open).toEqual({ capture: 0, refund: 0, payout: 0 });
      if (state === 'cancelled') expect([held, totals.captured - totals.refunded]).toEqual([0, 0]);
      if (state === 'fulfilled') expect(totals.captured - totals.refunded).toBeGreaterThan(0);
    }),
    RUNS,
  );
});
