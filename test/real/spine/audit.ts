/** What must be true when all trade is done, whatever died on the way: asked of the system, order by order, and of the gateway. */
import { expect } from 'vitest';
import type { OrderView, StockView } from '../../../protocols/views.ts';
import type { Journal, JournalRow } from '../../../supervisor/gateway/simulator-journal.ts';
import type { Terminal } from '../../../supervisor/nats/terminal.ts';
import { eventually } from '../../fixture/eventually.ts';
import type { News } from './news.ts';
import { type Journey, ON_HAND, SKUS, STORES, type Trade, type Traded } from './trade.ts';

/** To the cent, for the worked example: captured, refunded, voided, attributed. */
const MONEY: Record<Journey, [captured: number, refunded: number, voided: number, attributed: number]> = {
  shipped: [12980, 0, 0, 10928],
  returned: [12980, 4166, 0, 7283],
  cancelled: [0, 0, 12980, 0],
};
const STATES: Record<Journey, OrderView['state'][]> = {
  shipped: ['fulfilled'],
  returned: ['fulfilled'],
  cancelled: ['cancelled'],
};

export async function audit(terminal: Terminal, news: News, trade: Trade): Promise<void> {
  const orders = await Promise.all(trade.finished.map((traded) => auditOrder(terminal, traded)));
  auditGateway(orders, await movedRows(terminal));
  for (const command of trade.acknowledged) expect([command, news.outcomes(command).length]).toEqual([command, 1]);
  await auditStock(terminal, trade.finished);
}

async function auditOrder(terminal: Terminal, { order, journey }: Traded): Promise<OrderView> {
  const view = await terminal.query<OrderView>(`query.order.${order}`);
  if (!view) throw new Error(`order ${order} was lost`);
  const { state, totals, parties, attention } = view;
  const { captured, refunded, voided, attributed, open } = totals;
  expect([order, captured, refunded, voided, attributed]).toEqual([order, ...MONEY[journey]]);
  expect([order, ...STATES[journey]]).toContain(state);
  expect([order, attention, open]).toEqual([order, [], { capture: 0, refund: 0, payout: 0 }]);
  const held = Object.values(parties).reduce((sum, amount) => sum + amount, 0);
  expect([order, held]).toEqual([order, captured - refunded]);
  return view;
}

/** Each entry of a ledger moved once, under its key, and nothing else moved. */
function auditGateway(orders: readonly OrderView[], moved: readonly JournalRow[]): void {
  const booked = orders.flatMap(({ ledger }) => ledger.map((row) => `${row.entry} ${row.kind} ${row.amount}`));
  expect(moved.map((row) => `${row.key} ${row.kind} ${row.amount}`).sort()).toEqual(booked.sort());
}

async function movedRows(terminal: Terminal): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: (Journal & { next?: number }) | undefined = await terminal.query('query.gateway.main.journal', {
      after,
    });
    rows.push(...(page?.moved ?? []));
    after = page?.next;
  }
  return rows;
}

/** A node keeps its picture of stock from events: it may be a moment behind. */
async function auditStock(terminal: Terminal, traded: readonly Traded[]): Promise<void> {
  for (const sku of SKUS) {
    const gone = traded.filter(({ journey }) => journey === 'shipped' || (journey === 'returned' && sku === SKUS[0]));
    const onHand = STORES[sku].length * ON_HAND - gone.length;
    const counted = async () => {
      const stock = await terminal.query<StockView>(`query.stock.${sku}`);
      expect(stock).toMatchObject({ onHand, reserved: 0, available: onHand });
      return true;
    };
    await eventually(counted, { what: `the stock of ${sku} is right` });
  }
}
