import { describe, expect, test } from 'vitest';
import { classifyRow } from '../../../supervisor/sample/classify-row.ts';
import type { SheetRow } from '../../../supervisor/sample/read-sheet.ts';
import { LEFT_OUT_RULES } from '../../../supervisor/sample/rules.ts';
import { sheetRow } from './sheet-row.ts';

const leftOut: [Partial<SheetRow>, keyof typeof LEFT_OUT_RULES][] = [
  [{ invoice: 'A506401', stockCode: 'B' }, 'bad-debt'],
  [{ priceMills: -100 }, 'bad-debt'],
  [{ quantity: -96, priceMills: 0, description: 'lost' }, 'stock-write-off'],
  [{ quantity: 230, priceMills: 0, description: '' }, 'zero-price'],
  [{ stockCode: 'M' }, 'manual'],
  [{ stockCode: 'm', invoice: 'C500001', quantity: -1 }, 'manual'],
  [{ stockCode: 'D' }, 'discount'],
  [{ stockCode: 'S' }, 'sample-goods'],
  [{ stockCode: 'AMAZONFEE' }, 'fee'],
  [{ stockCode: 'BANK CHARGES' }, 'fee'],
  [{ stockCode: 'ADJUST2' }, 'fee'],
  [{ stockCode: 'gift_0001_20' }, 'gift-voucher'],
  [{ stockCode: 'TEST001' }, 'test'],
  [{ stockCode: '' }, 'unusable-stock-code'],
  [{ stockCode: '22.5' }, 'unusable-stock-code'],
  [{ stockCode: 'A>B' }, 'unusable-stock-code'],
  [{ priceMills: 1, quantity: 4 }, 'below-half-a-penny'],
  [{ invoice: 'C500001', quantity: 2 }, 'positive-credit'],
];

describe('lines of the sheet', () => {
  test.each(leftOut)('%j is left out as %s', (row, reason) => {
    expect(classifyRow(sheetRow(row))).toEqual({ kind: 'left-out', reason });
  });

  test('every reason that a line alone can give is shown above', () => {
    const needOtherLines = [
      'carriage-without-goods',
      'guest-credit',
      'blind-credit',
      'credit-beyond-bought',
      'carriage-credit',
    ];
    const shown = new Set([...leftOut.map(([, reason]) => reason), ...needOtherLines]);
    expect([...shown].sort()).toEqual(Object.keys(LEFT_OUT_RULES).sort());
  });

  test('goods get their stock code in capitals as sku, with and without a customer or a description', () => {
    expect(classifyRow(sheetRow({ stockCode: '85014b', customer: null, description: '' }))).toEqual({
      kind: 'goods',
      sku: '85014B',
    });
  });

  test('carriage is carriage on invoices and credited carriage on credit notes', () => {
    expect(classifyRow(sheetRow({ stockCode: 'POST' }))).toEqual({ kind: 'carriage' });
    expect(classifyRow(sheetRow({ stockCode: 'C2', invoice: 'C500001', quantity: -1 }))).toEqual({
      kind: 'carriage-credit',
    });
  });
});
