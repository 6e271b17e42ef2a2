import type { SheetRow } from '../../../supervisor/sample/read-sheet.ts';

/** A line of the sheet; what a test doesn't say is a plain sale. Later rows are later in time. */
export function sheetRow(row: Partial<SheetRow>): SheetRow {
  const position = row.row ?? 1;
  return {
    row: position,
    invoice: '500001',
    stockCode: '85123A',
    description: 'LANTERN',
    quantity: 1,
    atMs: Date.UTC(2009, 11, 1, 8, position),
    priceMills: 2950,
    customer: '13085',
    country: 'United Kingdom',
    ...row,
  };
}
