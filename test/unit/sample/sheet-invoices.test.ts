import { describe, expect, test } from 'vitest';
import { invoicesOf } from '../../../supervisor/sample/sheet-invoices.ts';
import { sheetRow } from './sheet-row.ts';

const MINUTE_MS = 60_000;
const row = (position: number, invoice: string, minute = 0) =>
  sheetRow({ row: position, invoice, atMs: Date.UTC(2009, 11, 1, 8) + minute * MINUTE_MS });

describe('invoices of the sheet', () => {
  test('come in the order of their first lines, however their lines lie between one another', () => {
    const rows = [row(1, 'A'), row(2, 'B'), row(3, 'A', 9), row(4, 'C', 200)];
    const invoices = invoicesOf(rows);
    expect(invoices.map(({ number, rows: own }) => [number, own.map((one) => one.row)])).toEqual([
      ['A', [1, 3]],
      ['B', [2]],
      ['C', [4]],
    ]);
  });

  test('one that goes on after an hour is an error, not two invoices', () => {
    const rows = [row(1, 'A'), row(2, 'B', 61), row(3, 'A', 62)];
    expect(() => invoicesOf(rows)).toThrow('line 3 of the sheet: invoice A was taken for complete');
  });
});
