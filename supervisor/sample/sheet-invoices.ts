/**
 * Invoices of the sheet, in the order of their first lines. Lines of invoices that were entered at the same time lie between one
 * another, so one is complete only when the sheet's time has gone on from its last line.
 */
import { HOUR_MS } from '../../protocols/durations.ts';
import type { SheetRow } from './read-sheet.ts';

export type SheetInvoice = { number: string; rows: SheetRow[] };

/** In the year no invoice pauses for longer than nine minutes. */
const COMPLETE_AFTER_MS = HOUR_MS;

export class InvoiceWindow {
  private readonly open = new Map<string, SheetInvoice>();
  private readonly complete = new Set<string>();

  /** The invoices that are complete once this line was read. */
  take(row: SheetRow): SheetInvoice[] {
    if (this.complete.has(row.invoice)) {
      throw new Error(`line ${row.row} of the sheet: invoice ${row.invoice} was taken for complete an hour ago`);
    }
    const known = this.open.get(row.invoice);
    if (known) known.rows.push(row);
    else this.open.set(row.invoice, { number: row.invoice, rows: [row] });
    return this.close((last) => row.atMs - last.atMs > COMPLETE_AFTER_MS);
  }

  /** What is left at the end of the sheet. */
  rest(): SheetInvoice[] {
    return this.close(() => true);
  }

  private close(isComplete: (last: SheetRow) => boolean): SheetInvoice[] {
    const closed: SheetInvoice[] = [];
    for (const [number, invoice] of this.open) {
      const last = invoice.rows.at(-1);
      if (last !== undefined && !isComplete(last)) break;
      this.open.delete(number);
      this.complete.add(number);
      closed.push(invoice);
    }
    return closed;
  }
}

export function invoicesOf(rows: readonly SheetRow[]): SheetInvoice[] {
  const window = new InvoiceWindow();
  return [...rows.flatMap((row) => window.take(row)), ...window.rest()];
}
