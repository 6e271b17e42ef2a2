/** Trades the sample week over a terminal, then gathers what became of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { PAYMENT_ACCOUNT } from '../sample/network.ts';
import { readWeek } from '../sample/read-week.ts';
import { weekToTrade } from '../sample/week-to-trade.ts';
import { reconcile } from './books.ts';
import { returns, settledOrders, wholeJournal } from './gather.ts';
import { patient } from './patient-terminal.ts';
import { type Screen, showProgress } from './progress.ts';
import type { WeekResult } from './report.ts';
import type { TradingTerminal } from './terminal-port.ts';
import { TradeRun } from './trade-run.ts';

/** Orders on their way at a time. */
const MOST_OPEN = 100;
const QUIET_MS = 1000;

export async function runWeek(given: TradingTerminal, screen: Screen): Promise<WeekResult> {
  const terminal = patient(given);
  const began = performance.now();
  const trade = weekToTrade(readWeek(), new Date());
  const ids = trade.journeys.map(({ placed }) => placed.order);
  await refuseTradedAlready(terminal, ids[0]);
  const week = new TradeRun(trade, terminal, MOST_OPEN);
  const endProgress = showProgress(week, screen);
  const started = performance.now();
  await week.run().finally(endProgress);
  const tradedMs = performance.now() - started;
  await quiet(week);
  const orders = await settledOrders(terminal, ids);
  const { calls, moved } = await wholeJournal(terminal, PAYMENT_ACCOUNT);
  return {
    trade,
    commands: week.tally.commands,
    orders,
    returns: await returns(
      terminal,
      trade.journeys.flatMap((journey) => journey.returns.map(({ id }) => id)),
    ),
    gatewayCalls: calls,
    books: reconcile(orders, moved),
    tradedMs,
    totalMs: performance.now() - began,
  };
}

/** The last outcomes set refunds and payouts off, which are heard of as well. */
async function quiet({ tally }: TradeRun): Promise<void> {
  for (let heard = -1; heard !== tally.heard; await pause(QUIET_MS)) heard = tally.heard;
}

/** The same commands again would change nothing, and the week would wait for what never comes. */
async function refuseTradedAlready(terminal: TradingTerminal, order: string | undefined): Promise<void> {
  if (order !== undefined && (await terminal.query(`query.order.${order}`)) !== undefined) {
    throw new Error('the sample week was traded here before: use an empty system');
  }
}
