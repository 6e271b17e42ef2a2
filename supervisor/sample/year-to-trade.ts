/**
 * The sheet as trade in little memory. It is read three times: its credit notes, then the plan, then order by order as somebody
 * trades them. The rules are those of the week.
 */
import { DAY_MS } from '../../protocols/durations.ts';
import { isCreditNote } from './classify-row.ts';
import { type Journey, planJourney } from './journey.ts';
import { placeOrder } from './place-order.ts';
import { readInvoice } from './read-invoice.ts';
import { streamSheet } from './read-sheet.ts';
import { InvoiceWindow, type SheetInvoice } from './sheet-invoices.ts';
import { type TradePlan, TradePlanner } from './trade-plan.ts';

/** Of the sheet from its beginning; whatever comes first ends it. */
export type Extent = {
  weeks: number;
  /** Sale invoices. */
  sales: number;
};

export type YearTrade = TradePlan & {
  /** In the order of the sheet, each made when it is asked for. */
  journeys(): AsyncGenerator<Journey>;
};

const WEEK_MS = 7 * DAY_MS;

/** `file`: the whole sheet, CSV compressed by gzip. */
export async function yearToTrade(file: string, startAt: Date, extent: Extent): Promise<YearTrade> {
  const notes: SheetInvoice[] = [];
  let firstAtMs: number | undefined;
  for await (const invoice of streamInvoices(file, extent)) {
    firstAtMs ??= invoice.rows[0]?.atMs;
    if (isCreditNote(invoice.number)) notes.push(invoice);
  }
  const shiftMs = startAt.getTime() - (firstAtMs ?? 0);
  const planner = new TradePlanner(notes, shiftMs);
  for await (const sale of streamSales(file, extent)) planner.sell(sale);
  const plan = planner.close();
  return {
    ...plan,
    async *journeys() {
      for await (const sale of streamSales(file, extent)) {
        const { invoice } = readInvoice(sale);
        if (invoice) yield planJourney(placeOrder(invoice, shiftMs), plan.returns.get(invoice.number) ?? []);
      }
    },
  };
}

async function* streamSales(file: string, extent: Extent): AsyncGenerator<SheetInvoice> {
  for await (const invoice of streamInvoices(file, extent)) if (!isCreditNote(invoice.number)) yield invoice;
}

async function* streamInvoices(file: string, { weeks, sales }: Extent): AsyncGenerator<SheetInvoice> {
  let endAtMs: number | undefined;
  let left = sales;
  for await (const invoice of allInvoices(file)) {
    const atMs = invoice.rows[0]?.atMs ?? 0;
    endAtMs ??= atMs + weeks * WEEK_MS;
    if (!isCreditNote(invoice.number)) left -= 1;
    if (atMs >= endAtMs || left < 0) return;
    yield invoice;
  }
}

async function* allInvoices(file: string): AsyncGenerator<SheetInvoice> {
  const window = new InvoiceWindow();
  for await (const row of streamSheet(file)) yield* window.take(row);
  yield* window.rest();
}
