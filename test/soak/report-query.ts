/** The report as anybody asks for it: its sums over a period, and how long an answer takes. */
import type { TradingTerminal } from '../../supervisor/demo/terminal-port.ts';
import { CURRENCY } from '../../supervisor/sample/network.ts';
import { eventually } from '../fixture/eventually.ts';

const CAUGHT_UP_WITHIN_MS = 120_000;
/** The fastest of several: what the question costs, not what else the machine did. */
const ASKED_TIMES = 5;
const SLICE_MS = 60_000;

export interface Period {
  fromMs: number;
  toMs: number;
}

export interface ReportSums {
  rows: number;
  gross: number;
  /** Of the whole period, and of its first minute: rows are booked when it happens, so a year traded in minutes is a day. */
  queryMs: { whole: number; minute: number };
}

interface Summary {
  totals: readonly { currency: string; rows: number; gross: number }[];
  projection: { lag: number };
}

export async function askReport(terminal: TradingTerminal, period: Period): Promise<ReportSums> {
  const caughtUp = async (): Promise<boolean> => (await summary(terminal, period)).projection.lag === 0;
  await eventually(caughtUp, { what: 'the report has all rows', withinMs: CAUGHT_UP_WITHIN_MS });
  const { totals } = await summary(terminal, period);
  const { rows, gross } = totals.find(({ currency }) => currency === CURRENCY) ?? { rows: 0, gross: 0 };
  const minute = { fromMs: period.fromMs, toMs: period.fromMs + SLICE_MS };
  return { rows, gross, queryMs: { whole: await fastest(terminal, period), minute: await fastest(terminal, minute) } };
}

async function summary(terminal: TradingTerminal, { fromMs, toMs }: Period): Promise<Summary> {
  const asked = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const found = await terminal.query<Summary>('query.report.summary', asked);
  if (found === undefined) throw new Error('the report has no summary');
  return found;
}

async function fastest(terminal: TradingTerminal, period: Period): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < ASKED_TIMES; time++) {
    const started = performance.now();
    await summary(terminal, period);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
