/** Shows how far the week is: one line that is written again on a terminal, short where it is narrow; else a line now and then. */
import { decimalOf, formatMinor } from '../../protocols/currency.ts';
import { CURRENCY } from '../sample/network.ts';
import type { Tally } from './tally.ts';

const REDRAW_MS = 200;
const LINE_EVERY_MS = 3000;
/** Commands a second are of this long. */
const RATE_WINDOW_MS = 2000;

interface Shown {
  tally: Tally;
  orders: number;
  over: number;
}

export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** Where lines are not written again. */
  lineEveryMs?: number;
  /** What else a line says. */
  more?: () => string[];
}

/** Returns what ends it, with a last line. */
export function showProgress(
  shown: Shown,
  screen: Screen,
  { lineEveryMs = LINE_EVERY_MS, more = () => [] }: ProgressOptions = {},
): () => void {
  const samples = [{ at: performance.now(), outcomes: shown.tally.outcomes }];
  const line = (width: number): string => {
    const now = performance.now();
    samples.push({ at: now, outcomes: shown.tally.outcomes });
    // Two at least, however seldom a line is shown.
    while (samples.length > 2 && (samples[1]?.at ?? now) < now - RATE_WINDOW_MS) samples.shift();
    const rate = rateOf(samples);
    const whole = [progressLine(shown, rate), ...more()].join(' · ');
    return whole.length <= width ? whole : [shortLine(shown, rate), ...more()].join(' · ').slice(0, width);
  };
  const show = (): void => {
    if (screen.isTTY) screen.write(`\r\x1b[K${line((screen.columns ?? 80) - 1)}`);
    else screen.write(`${line(Number.POSITIVE_INFINITY)}\n`);
  };
  const timer = setInterval(show, screen.isTTY ? REDRAW_MS : lineEveryMs);
  return () => {
    clearInterval(timer);
    show();
    if (screen.isTTY) screen.write('\n');
  };
}

function progressLine({ tally, orders, over }: Shown, rate: number): string {
  const money = (amount: number): string => formatMinor(amount, CURRENCY);
  return [
    `orders ${tally.placed} placed, ${over} of ${orders} done`,
    `${rate} commands/s`,
    `captured ${money(tally.captured)}`,
    `refunded ${money(tally.refunded)}`,
    `to stores ${money(tally.paidToStores)}`,
  ].join(' · ');
}

/** For 80 columns: whole units of the currency, and no orders that are under way. */
function shortLine({ tally, orders, over }: Shown, rate: number): string {
  const units = (amount: number): string => decimalOf(amount, CURRENCY).split('.', 1).join();
  return [
    `${over}/${orders} orders`,
    `${rate}/s`,
    `captured ${units(tally.captured)}`,
    `refunded ${units(tally.refunded)}`,
    `to stores ${units(tally.paidToStores)} ${CURRENCY}`,
  ].join(' · ');
}

function rateOf(samples: readonly { at: number; outcomes: number }[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return 0;
  return Math.round(((last.outcomes - first.outcomes) * 1000) / (last.at - first.at));
}
