import { describe, expect, test } from 'vitest';
import { Purchases, type TakenBack } from '../../../supervisor/sample/match-credits.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';
import { sheetRow } from './sheet-row.ts';

const CREDITED = [{ customer: '13085', sku: '21314' }];

type Sale = { order: string; quantity: number; price?: number; customer?: string };

/** Sales in the order given, then credits, each of `[quantity, price]`. */
function takeBack(sales: Sale[], ...credits: [number, number][]): TakenBack[][] {
  const purchases = new Purchases(CREDITED);
  sales.forEach(({ order, quantity, price = 1850, customer = '13085' }, index) => {
    const row = sheetRow({ row: index + 1, invoice: order, quantity, priceMills: price, customer });
    purchases.add({ order, line: '1', customer, sku: '21314', row });
  });
  return credits.map(([quantity, price], index) => {
    const credit = sheetRow({ row: sales.length + 1 + index, invoice: 'C9', quantity: -quantity, priceMills: price });
    return purchases.takeBack(credit, '13085', '21314');
  });
}

const short = (taken: TakenBack[][]) =>
  taken.map((parts) => parts.map(({ order, quantity }) => `${quantity} of ${order}`));

describe('credit notes find their orders', () => {
  test('the newest order comes first, and a credit may span several', () => {
    const sales = [
      { order: 'A', quantity: 180 },
      { order: 'B', quantity: 252 },
    ];
    expect(short(takeBack(sales, [300, 1850]))).toEqual([['252 of B', '48 of A']]);
  });

  test('orders at the credited price come before newer ones at another price', () => {
    const sales = [
      { order: 'A', quantity: 2 },
      { order: 'B', quantity: 5, price: 1650 },
    ];
    expect(short(takeBack(sales, [3, 1850]))).toEqual([['2 of A', '1 of B']]);
  });

  test('no more comes back than was bought, over all credit notes', () => {
    expect(short(takeBack([{ order: 'A', quantity: 4 }], [3, 1850], [3, 1850], [1, 1850]))).toEqual([
      ['3 of A'],
      ['1 of A'],
      [],
    ]);
  });

  test('the orders of other customers are left alone', () => {
    expect(takeBack([{ order: 'A', quantity: 4, customer: '99' }], [1, 1850])).toEqual([[]]);
  });

  test('an order after the credit note is not taken back', () => {
    const purchases = new Purchases(CREDITED);
    purchases.add({ order: 'A', line: '1', customer: '13085', sku: '21314', row: sheetRow({ row: 2 }) });
    expect(purchases.takeBack(sheetRow({ row: 1, invoice: 'C9', quantity: -1 }), '13085', '21314')).toEqual([]);
  });
});

describe('credit notes of the week', () => {
  const { journeys, account } = weekToTrade(readWeek(), new Date('2026-11-23T09:00:00Z'));
  const returns = journeys.flatMap((journey) => journey.returns);

  test('C490133 takes four orders back as four returns, and 72 units more than were bought are left out', () => {
    const note = returns.filter(({ creditNote }) => creditNote === 'C490133');
    expect(note.map(({ order, lines }) => [order, lines.map(({ quantity }) => quantity)])).toEqual([
      ['490086', [432]],
      ['490089', [252]],
      ['490091', [600]],
      ['490094', [504]],
    ]);
    expect(new Set(note.map(({ desk }) => desk)).size).toBe(1);
    const beyond = account.leftOut.find(({ reason }) => reason === 'credit-beyond-bought');
    expect(beyond).toMatchObject({
      lines: 0,
      partLines: 1,
      amountMills: -72 * 1850,
      examples: ['C490133 21314 × -72'],
    });
  });

  test('no return takes back more of a line than its order has', () => {
    for (const { placed, returns: own } of journeys) {
      for (const { line, quantity } of placed.place.lines) {
        const back = own.flatMap(({ lines }) => lines).filter((units) => units.line === line);
        expect(back.reduce((sum, units) => sum + units.quantity, 0)).toBeLessThanOrEqual(quantity);
      }
    }
  });

  test('goods come back by mail to the warehouse and over the counters of shops', () => {
    expect(new Set(returns.map(({ by }) => by))).toEqual(new Set(['mail', 'store']));
    for (const { by, desk } of returns) expect(desk === 'store-warehouse').toBe(by === 'mail');
  });
});
