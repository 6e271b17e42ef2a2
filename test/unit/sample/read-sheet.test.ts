import { describe, expect, test } from 'vitest';
import { parseSheet } from '../../../supervisor/sample/read-sheet.ts';

const HEADER = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country';
const parse = (line: string) => parseSheet(`${HEADER}\n${line}\n`);

describe('lines of the sheet', () => {
  test('blanks in descriptions are tidied, a missing customer is null, and time is read as UTC', () => {
    expect(parse('489434,22041,"RECORD FRAME  7"" ",48,2009-12-01 07:45:00,2.1,,United Kingdom')).toEqual([
      {
        row: 1,
        invoice: '489434',
        stockCode: '22041',
        description: 'RECORD FRAME 7"',
        quantity: 48,
        atMs: Date.UTC(2009, 11, 1, 7, 45),
        priceMills: 2100,
        customer: null,
        country: 'United Kingdom',
      },
    ]);
  });

  test.each([
    ['1,2,3', 'has 3 fields'],
    ['1,2,3,1.5,2009-12-01 07:45:00,1,,France', 'not a whole number'],
    ['1,2,3,1,yesterday,1,,France', 'not a date'],
    ['1,2,3,1,2009-12-01 07:45:00,cheap,,France', 'not a decimal'],
  ])('%s is an error that says why', (line, reason) => {
    expect(() => parse(line)).toThrow(reason);
  });

  test('another header is another sheet', () => {
    expect(() => parseSheet('a,b\n1,2\n')).toThrow('header');
  });
});
