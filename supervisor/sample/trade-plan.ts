/**
 * What has to be known of the whole sheet before its first order is placed: the stock that it will sell, what will be sent back of
 * each order, and what became of every line. Sales are shown to it one by one, and only a few figures of each are kept. Pure.
 */
import { type Account, AccountBook } from './account.ts';
import { classifyRow } from './classify-row.ts';
import { Purchases } from './match-credits.ts';
import { HEADQUARTERS, NETWORK } from './network.ts';
import { type Invoice, type PlacedOrder, placeOrder } from './place-order.ts';
import { type PlannedReturn, planReturns } from './plan-returns.ts';
import { halfUpPence, movedMills } from './price.ts';
import { readInvoice } from './read-invoice.ts';
import { type SampleCommand, sampleCommand } from './sample-command.ts';
import { Demand, seedStock } from './seed-stock.ts';
import type { SheetInvoice } from './sheet-invoices.ts';

export type TradePlan = {
  /** `open` and `stock` of every store: to be applied before the first order. */
  stores: SampleCommand[];
  /** Orders to be placed. */
  orders: number;
  /** By order. */
  returns: ReadonlyMap<string, PlannedReturn[]>;
  account: Account;
  counts: { invoices: number; creditNotes: number; guestOrders: number; returns: number };
  /** What rounding to pence added to the lines that were traded. */
  rounding: { lines: number; movedMills: number };
};

export class TradePlanner {
  private readonly creditNotes: readonly SheetInvoice[];
  private readonly shiftMs: number;
  private readonly book = new AccountBook();
  private readonly demand = new Demand();
  private readonly purchases: Purchases;
  /** Of orders that have any. */
  private readonly shipping = new Map<string, number>();
  private readonly rounding = { lines: 0, movedMills: 0 };
  private sales = 0;
  private orders = 0;
  private guestOrders = 0;

  /** `creditNotes`: all of the sheet; purchases that none of them may take back are not kept. */
  constructor(creditNotes: readonly SheetInvoice[], shiftMs: number) {
    this.creditNotes = creditNotes;
    this.shiftMs = shiftMs;
    this.purchases = new Purchases(creditNotes.flatMap(({ rows }) => rows.flatMap(creditedGoods)));
  }

  /** The order that a sale becomes; undefined where nothing on it is goods. */
  sell(sale: SheetInvoice): PlacedOrder | undefined {
    this.sales += 1;
    const { invoice, leftOut } = readInvoice(sale);
    for (const { reason, row } of leftOut) this.book.leaveOut(reason, row);
    if (invoice === undefined) return undefined;
    this.note(invoice);
    const placed = placeOrder(invoice, this.shiftMs);
    this.orders += 1;
    if (placed.customer === null) this.guestOrders += 1;
    this.demand.add(placed.place);
    const shipping = placed.place.shipping?.amount;
    if (shipping !== undefined) this.shipping.set(placed.order, shipping);
    return placed;
  }

  /** Once all sales were shown. */
  close(): TradePlan {
    const shippingOf = (order: string) => this.shipping.get(order);
    const planned = this.creditNotes.flatMap(({ rows }) => planReturns(rows, shippingOf, this.purchases, this.book));
    return {
      stores: openStores(this.demand),
      orders: this.orders,
      returns: byOrder(planned),
      account: this.book.close(),
      counts: {
        invoices: this.sales + this.creditNotes.length,
        creditNotes: this.creditNotes.length,
        guestOrders: this.guestOrders,
        returns: planned.length,
      },
      rounding: this.rounding,
    };
  }

  private note({ number, goods, carriage }: Invoice): void {
    for (const { row } of goods) this.book.keep('traded', row);
    for (const row of carriage) this.book.keep('shipping', row);
    for (const row of [...goods.map((item) => item.row), ...carriage]) {
      const exact = row.quantity * row.priceMills;
      const moved = movedMills(halfUpPence(exact), exact);
      this.rounding.lines += moved === 0 ? 0 : 1;
      this.rounding.movedMills += moved;
    }
    goods.forEach(({ row, sku }, index) => {
      if (row.customer === null) return;
      this.purchases.add({ order: number, line: String(index + 1), customer: row.customer, sku, row });
    });
  }
}

function byOrder(planned: readonly PlannedReturn[]): Map<string, PlannedReturn[]> {
  const returns = new Map<string, PlannedReturn[]>();
  for (const one of planned) returns.set(one.order, [...(returns.get(one.order) ?? []), one]);
  return returns;
}

function creditedGoods(row: SheetInvoice['rows'][number]): { customer: string; sku: string }[] {
  const kind = classifyRow(row);
  return kind.kind === 'credit' && row.customer !== null ? [{ customer: row.customer, sku: kind.sku }] : [];
}

function openStores(demand: Demand): SampleCommand[] {
  const stock = seedStock(demand);
  return NETWORK.flatMap(({ id, ...terms }) => [
    sampleCommand({ origin: HEADQUARTERS, entity: 'store', id, name: 'open' }, terms),
    sampleCommand({ origin: id, entity: 'store', id, name: 'stock' }, { items: stock.get(id) ?? [] }),
  ]);
}
