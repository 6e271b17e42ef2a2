/** A sale invoice of the sheet as what is bought on it, and the lines of it that are not traded. */
import { classifyRow } from './classify-row.ts';
import type { Invoice } from './place-order.ts';
import type { SheetRow } from './read-sheet.ts';
import type { LeftOutReason } from './rules.ts';
import type { SheetInvoice } from './sheet-invoices.ts';

export type ReadInvoice = {
  /** Undefined where nothing on it is goods. */
  invoice: Invoice | undefined;
  leftOut: { reason: LeftOutReason; row: SheetRow }[];
};

export function readInvoice({ number, rows }: SheetInvoice): ReadInvoice {
  const goods: Invoice['goods'] = [];
  const carriage: SheetRow[] = [];
  const leftOut: ReadInvoice['leftOut'] = [];
  for (const row of rows) {
    const kind = classifyRow(row);
    if (kind.kind === 'goods') goods.push({ row, sku: kind.sku });
    else if (kind.kind === 'carriage') carriage.push(row);
    else if (kind.kind === 'left-out') leftOut.push({ reason: kind.reason, row });
  }
  const first = goods[0]?.row;
  if (first !== undefined) return { invoice: { number, first, goods, carriage }, leftOut };
  leftOut.push(...carriage.map((row) => ({ reason: 'carriage-without-goods' as const, row })));
  return { invoice: undefined, leftOut };
}
