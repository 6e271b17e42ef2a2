/**
 * Whether what was traded is right: every order as it stands, against the gateway's journal and the rows booked for the report. Each is
 * read in pages and only sums are kept, by order.
 */
import { type BookKeeper, type Books, balances } from '../../supervisor/demo/books.ts';
import { settledOrders } from '../../supervisor/demo/gather.ts';
import type { TradingTerminal } from '../../supervisor/demo/terminal-port.ts';
import { journalPages } from '../../supervisor/nats/query-pages.ts';
import { PAYMENT_ACCOUNT } from '../../supervisor/sample/network.ts';
import type { BookedRows } from './booked-rows.ts';
import type { ReportSums } from './report-query.ts';

/** Orders whose views are held at a time. */
const CHUNK = 500;

export interface Found {
  orders: number;
  byState: Record<string, number>;
  /** By code. */
  attention: Record<string, number>;
  /** Journal rows: one for each request that reached the provider. */
  gatewayCalls: number;
  books: Books;
  rows: RowCheck;
}

export interface RowCheck {
  rows: number;
  gross: number;
  /** What the gateway and the tills moved. */
  moved: number;
  /** Orders whose rows sum to something else than was captured and not refunded. */
  differing: string[];
}

export async function verify(
  terminal: TradingTerminal,
  orders: readonly string[],
  keeper: BookKeeper,
  booked: BookedRows,
): Promise<Found> {
  const byState: Record<string, number> = {};
  const attention: Record<string, number> = {};
  let known = 0;
  for (let from = 0; from < orders.length; from += CHUNK) {
    for (const view of await settledOrders(terminal, orders.slice(from, from + CHUNK))) {
      known += 1;
      keeper.noteOrder(view);
      booked.expect(view.order, view.totals.captured - view.totals.refunded);
      count(byState, view.state);
      for (const { code } of view.attention) count(attention, code);
    }
  }
  // After the orders: what is settled there was moved here before.
  const gatewayCalls = await readJournal(terminal, keeper);
  await booked.read();
  const books = keeper.close();
  return { orders: known, byState, attention, gatewayCalls, books, rows: checkRows(booked, books) };
}

/** The report has the rows that were booked. */
export function holds({ orders, books, rows }: Found, report: ReportSums, placed: number): boolean {
  const reported = report.rows === rows.rows && report.gross === rows.gross;
  return orders === placed && balances(books) && rows.differing.length === 0 && rows.gross === rows.moved && reported;
}

async function readJournal(terminal: TradingTerminal, keeper: BookKeeper): Promise<number> {
  let gatewayCalls = 0;
  for await (const { calls, moved } of journalPages(terminal, PAYMENT_ACCOUNT)) {
    gatewayCalls += calls.length;
    for (const row of moved) keeper.noteMoved(row);
  }
  return gatewayCalls;
}

function checkRows(booked: BookedRows, { gateway, till }: Books): RowCheck {
  const { rows, gross } = booked;
  const moved = gateway.captured - gateway.refunded + till.taken - till.givenBack;
  return { rows, gross, moved, differing: booked.differing() };
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
