/** What a till sells below the price of the order: its tax is that of what was paid, also when the goods come back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { A, claimed, confirmed, declared, plan, reserved, type Scenario, scenario, shop, simple } from './scenario.ts';

/** With the rate in thousandths. */
const RATES: [taxRate: string, thousandths: number][] = [
  ['0', 0],
  ['0.055', 55],
  ['0.19', 190],
  ['0.2', 200],
  ['1', 1000],
];
/** half-up(gross × r / (1 + r)) */
const taxIn = (gross: number, rate: number) => Math.floor((2 * gross * rate + 1000 + rate) / (2 * (1000 + rate)));

interface Sold {
  unitPrice: number;
  quantity: number;
  amount: number;
  taxRate: string;
  taxIncluded?: boolean;
}

function sold({ unitPrice, quantity, amount, taxRate, taxIncluded = true }: Sold): Scenario {
  const { payment: _, ...unpaid } = simple(quantity, unitPrice);
  const lines = unpaid.lines.map((line) => ({ ...line, taxRate }));
  const place = { ...unpaid, lines, taxIncluded, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };
  const order = scenario().given(shop.place(place), plan({ 'store-a': { '1': quantity } }), reserved('A1-1'));
  return order.given(A.sell([['1', quantity, amount]]));
}

const taxes = ({ rows }: Scenario, movement: string) =>
  rows.filter((row) => row.movement === movement).map(({ gross, tax }) => [gross, tax]);

test('8 instead of 10 at 20 %: the tax is 1, not 8 tenths of the tax of 10', () => {
  const order = sold({ unitPrice: 10, quantity: 1, amount: 8, taxRate: '0.2' });
  expect(taxes(order, 'till-sale')).toEqual([[8, 1]]);
});

test('where prices exclude tax, it is the tax within what was paid', () => {
  // 8 with tax; 3 / 6 is half of one.
  const order = sold({ unitPrice: 7, quantity: 1, amount: 3, taxRate: '0.2', taxIncluded: false });
  expect(taxes(order, 'till-sale')).toEqual([[3, 1]]);
});

test('it is half-up of what was paid, and all of it comes back with the units', () => {
  const some = fc.record({
    unitPrice: fc.integer({ min: 1, max: 20_000 }),
    quantity: fc.integer({ min: 1, max: 5 }),
    off: fc.integer({ min: 0, max: 99 }),
    rate: fc.constantFrom(...RATES),
  });
  fc.assert(
    fc.property(some, ({ unitPrice, quantity, off, rate: [taxRate, thousandths] }) => {
      const amount = Math.max(1, Math.ceil((unitPrice * quantity * (100 - off)) / 100));
      const order = sold({ unitPrice, quantity, amount, taxRate });
      const tax = taxIn(amount, thousandths);
      expect(taxes(order, 'till-sale')).toEqual([[amount, tax]]);
      if (order.requests.length > 0) order.given(confirmed('A1-b1'));
      for (let unit = 1; unit <= quantity; unit++) {
        order.given(declared(`R${unit}`, { '1': 1 }), claimed(`R${unit}`, { '1': [1, 0] }, { store: 'store-a' }));
      }
      const back = taxes(order, 'refund');
      const sum = (index: number) => back.reduce((total, amounts) => total + (amounts[index] ?? 0), 0);
      expect([amount + sum(0), tax + sum(1)]).toEqual([0, 0]);
    }),
    { numRuns: 30 },
  );
});
