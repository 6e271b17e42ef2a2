/** The sheet's rows as a plan of trade: pure, the same for the same rows and start. The rules are in rules.ts. */
import { type Account, AccountBook } from './account.ts';
import { classifyRow, isCreditNote } from './classify-row.ts';
import { type Journey, planJourney } from './journey.ts';
import { Purchases } from './match-credits.ts';
import { HEADQUARTERS, NETWORK } from './network.ts';
import { type Invoice, type PlacedOrder, placeOrder } from './place-order.ts';
import { type PlannedReturn, planReturns } from './plan-returns.ts';
import { halfUpPence, movedMills } from './price.ts';
import type { WeekRow } from './read-week.ts';
import { type SampleCommand, sampleCommand } from './sample-command.ts';
import { seedStock } from './seed-stock.ts';

export type Trade = {
  /** `open` and `stock` of every store: to be applied before the first order. */
  stores: SampleCommand[];
  /** In the order of the week. */
  journeys: Journey[];
  account: Account;
  counts: { invoices: number; creditNotes: number; guestOrders: number; returns: number };
  /** What rounding to pence added to the lines that were traded. */
  rounding: { lines: number; movedMills: number };
};

export function weekToTrade(rows: readonly WeekRow[], startAt: Date): Trade {
  const book = new AccountBook();
  const invoices = groupByInvoice(rows);
  const shiftMs = startAt.getTime() - (rows[0]?.atMs ?? 0);
  const orders = new Map<string, PlacedOrder>();
  const purchases = new Purchases();
  const rounding = { lines: 0, movedMills: 0 };
  for (const [number, lines] of invoices) {
    if (isCreditNote(number)) continue;
    const invoice = readInvoice(number, lines, book);
    if (invoice === undefined) continue;
    noteRounding(invoice, rounding);
    notePurchases(invoice, purchases);
    orders.set(number, placeOrder(invoice, shiftMs));
  }
  const notes = [...invoices].filter(([number]) => isCreditNote(number));
  const returns = notes.flatMap(([, lines]) => planReturns(lines, orders, purchases, book));
  const placed = [...orders.values()];
  return {
    stores: openStores(placed),
    journeys: placed.map((order) => planJourney(order, returnsOf(order, returns))),
    account: book.close(),
    counts: {
      invoices: invoices.size,
      creditNotes: notes.length,
      guestOrders: placed.filter(({ customer }) => customer === null).length,
      returns: returns.length,
    },
    rounding,
  };
}

function groupByInvoice(rows: readonly WeekRow[]): Map<string, WeekRow[]> {
  const invoices = new Map<string, WeekRow[]>();
  for (const row of rows) {
    const lines = invoices.get(row.invoice);
    if (lines === undefined) invoices.set(row.invoice, [row]);
    else lines.push(row);
  }
  return invoices;
}

function readInvoice(number: string, rows: readonly WeekRow[], book: AccountBook): Invoice | undefined {
  const goods: Invoice['goods'] = [];
  const carriage: WeekRow[] = [];
  for (const row of rows) {
    const kind = classifyRow(row);
    if (kind.kind === 'goods') goods.push({ row, sku: kind.sku });
    else if (kind.kind === 'carriage') carriage.push(row);
    else if (kind.kind === 'left-out') book.leaveOut(kind.reason, row);
  }
  const first = goods[0]?.row;
  if (first === undefined) {
    for (const row of carriage) book.leaveOut('carriage-without-goods', row);
    return undefined;
  }
  for (const { row } of goods) book.keep('traded', row);
  for (const row of carriage) book.keep('shipping', row);
  return { number, first, goods, carriage };
}

function noteRounding(invoice: Invoice, rounding: Trade['rounding']): void {
  for (const row of [...invoice.goods.map((goods) => goods.row), ...invoice.carriage]) {
    const exact = row.quantity * row.priceMills;
    const moved = movedMills(halfUpPence(exact), exact);
    rounding.lines += moved === 0 ? 0 : 1;
    rounding.movedMills += moved;
  }
}

function notePurchases({ number, goods }: Invoice, purchases: Purchases): void {
  goods.forEach(({ row, sku }, index) => {
    if (row.customer !== null)
      purchases.add({ order: number, line: String(index + 1), customer: row.customer, sku, row });
  });
}

function returnsOf({ order }: PlacedOrder, returns: readonly PlannedReturn[]): PlannedReturn[] {
  return returns.filter((planned) => planned.order === order);
}

function openStores(orders: readonly PlacedOrder[]): SampleCommand[] {
  const stock = seedStock(orders.map(({ place }) => place));
  return NETWORK.flatMap(({ id, ...terms }) => [
    sampleCommand({ origin: HEADQUARTERS, entity: 'store', id, name: 'open' }, terms),
    sampleCommand({ origin: id, entity: 'store', id, name: 'stock' }, { items: stock.get(id) ?? [] }),
  ]);
}
