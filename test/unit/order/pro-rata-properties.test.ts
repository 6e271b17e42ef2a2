/** Whatever is captured in which parts, and whatever is cancelled in between: the parts of the fee never exceed it, and end in the whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import {
  A,
  B,
  BASE,
  confirmed,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
} from './scenario.ts';

interface Wanted {
  /** Exponents 2, 0 and 3. */
  currency: string;
  lines: { quantity: number; unitPrice: number }[];
  discount: number;
  fee: number;
  isSettled: boolean;
}

const placing: fc.Arbitrary<Wanted> = fc.record({
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  lines: fc.array(
    fc.record({ quantity: fc.integer({ min: 1, max: 6 }), unitPrice: fc.integer({ min: 0, max: 9999 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  discount: fc.nat(30),
  fee: fc.nat(2000),
  isSettled: fc.boolean(),
});

function orderOf({ currency, lines, discount, fee, isSettled }: Wanted): OrderCommands['place'] {
  const value = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const off = Math.min(discount, value);
  const authorised = value - off + fee;
  const captured = isSettled ? { method: 'ideal', captured: authorised } : {};
  return {
    ...BASE,
    currency,
    lines: lines.map((line, index) => ({ ...line, line: `${index + 1}`, sku: `S${index}`, taxRate: '0.2' })),
    discount: off,
    shipping: { amount: fee, taxRate: '0.2' },
    payment: { ...paymentOf(BASE), authorised, ...captured },
  };
}

/** The first half of each line is one store's, the rest another's. */
function assigned(wanted: Wanted): Scenario {
  const units = (of: (quantity: number) => number) =>
    Object.fromEntries(
      wanted.lines.map(({ quantity }, index) => [`${index + 1}`, of(quantity)]).filter(([, of]) => of),
    );
  const stores = { 'store-a': units((of) => Math.ceil(of / 2)), 'store-b': units((of) => Math.floor(of / 2)) };
  const parts = Object.entries(stores).filter(([, of]) => Object.keys(of).length > 0);
  const order = scenario('A1', { shipping: 'pro-rata' }).given(
    shop.place(orderOf(wanted)),
    plan(Object.fromEntries(parts)),
  );
  return order.given(...parts.map((_, index) => reserved(`A1-${index + 1}`)));
}

const step = fc.record({
  what: fc.constantFrom('ready', 'ready', 'ready', 'ready', 'cancel', 'cancel-all'),
  store: fc.constantFrom(A, B),
  line: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never;

function said({ what, store, line, count }: Step): Said {
  if (what === 'ready') return store.ready(store === A ? 'A1-1' : 'A1-2', { [line]: count });
  return shop.cancel(what === 'cancel' ? { lines: [{ line: `${line}`, quantity: count }] } : {});
}

function settle(order: Scenario): void {
  const open = order.view.ledger.filter(({ state }) => state === 'requested');
  for (const { entry } of open) order.when(confirmed(entry));
  if (open.length > 0) settle(order);
}

/** What rows of a subject sum to, refunds with a minus. */
const booked = ({ rows }: Scenario, subject: string): number =>
  rows.reduce((sum, row) => (row.subject === subject ? sum + row.gross : sum), 0);

const halfUp = (amount: number, part: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));

test('parts of the fee are cumulative by value, never above it, and the whole of it once anything is delivered', () => {
  fc.assert(
    fc.property(placing, fc.array(step, { minLength: 3, maxLength: 12 }), (wanted, steps) => {
      const order = assigned(wanted);
      const goods = order.view.lines.reduce((sum, { gross }) => sum + gross, 0);
      for (const next of [...steps, { what: 'rest' as const }]) {
        if (next.what === 'rest') order.when(A.ready('A1-1')).when(B.ready('A1-2'));
        else order.when(said(next));
        settle(order);
        const fee = booked(order, 'shipping');
        expect(fee).toBeLessThanOrEqual(wanted.fee);
        const isWhole = order.view.lines.every(({ cancelled }) => cancelled === 0);
        if (isWhole && goods > 0) expect(fee).toBe(halfUp(wanted.fee, booked(order, 'line'), goods));
      }
      const isDelivered = order.view.lines.some(({ cancelled, quantity }) => cancelled < quantity);
      expect(booked(order, 'shipping')).toBe(isDelivered ? wanted.fee : 0);
      const { captured, refunded } = order.view.totals;
      expect(captured - refunded).toBe(booked(order, 'line') + booked(order, 'shipping'));
      expect(wrongFigures(order)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
