/** What the soak came to, for people. Pure. */
import { formatMinor } from '../../protocols/currency.ts';
import { balances } from '../../supervisor/demo/books.ts';
import type { CommandTally } from '../../supervisor/demo/tally.ts';
import { CURRENCY } from '../../supervisor/sample/network.ts';
import type { TradePlan } from '../../supervisor/sample/trade-plan.ts';
import { section } from '../../supervisor/text/section.ts';
import { alignedLines } from '../../supervisor/text/table.ts';
import type { Attribution, SelfTime } from '../bench/cpu-profile.ts';
import { type Measured, mebibytes } from './meters.ts';
import type { ReportSums } from './report-query.ts';
import type { StreamSize } from './streams.ts';
import type { Found } from './verify.ts';

export interface SoakResult {
  trade: Pick<TradePlan, 'orders' | 'counts' | 'account' | 'rounding'>;
  commands: ReadonlyMap<string, CommandTally>;
  plannedMs: number;
  tradedMs: number;
  verifiedMs: number;
  measured: Measured;
  streams: readonly StreamSize[];
  found: Found;
  report: ReportSums;
  /** Everything that was checked. */
  holds: boolean;
  profile?: Attribution;
}

const MILLS_PER_PENNY = 10;
const EXAMPLES = 5;

const money = (amount: number): string => formatMinor(amount, CURRENCY);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function soakReport(result: SoakResult): string {
  const { trade, commands, found, streams, profile } = result;
  return [
    ...section('THE SHEET', sheetLines(trade)),
    ...section('COMMANDS BY OUTCOME', commandLines(commands)),
    ...section('ORDERS', orderLines(found)),
    ...section('TIME AND ROOM', roomLines(result)),
    ...section('STREAMS', streamLines(streams)),
    ...(profile ? section('WHERE THE NODE’S CPU WENT', profileLines(profile)) : []),
    ...section('MONEY', moneyLines(found)),
    ...section('THE REPORT', reportLines(result.report)),
    '',
    result.holds ? 'EVERYTHING HOLDS' : 'SOMETHING DOES NOT HOLD',
  ].join('\n');
}

/** Maps as objects. */
export function soakJson(result: SoakResult): string {
  return JSON.stringify(result, (_, value) => (value instanceof Map ? Object.fromEntries(value) : value));
}

function sheetLines({ orders, counts, account, rounding }: SoakResult['trade']): string[] {
  const { traded, shipping, credited, leftOut } = account;
  return [
    `  ${counts.invoices} invoices, ${counts.creditNotes} of them credit notes, became ${orders} orders and ${counts.returns} returns`,
    `  lines: ${traded.lines} goods, ${shipping.lines} carriage, ${credited.lines} credited; rounding moved ${money(Math.round(rounding.movedMills / MILLS_PER_PENNY))}; left out:`,
    ...alignedLines(
      leftOut.map(({ reason, lines, partLines, amountMills }) => [
        `    ${reason}`,
        String(lines),
        partLines > 0 ? `and part of ${partLines}` : '',
        money(Math.round(amountMills / MILLS_PER_PENNY)),
      ]),
      ['left', 'right', 'left', 'right'],
    ),
  ];
}

function commandLines(commands: SoakResult['commands']): string[] {
  const rows = [...commands].sort(([a], [b]) => a.localeCompare(b));
  return alignedLines(
    rows.map(([command, { applied, rejected }]) => [
      `  ${command}`,
      `${applied} applied`,
      [...rejected].map(([code, { count, example }]) => `${count} ${code} (${example})`).join(', '),
    ]),
    ['left', 'right'],
  );
}

function orderLines({ orders, byState, attention, gatewayCalls }: Found): string[] {
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ') || 'none';
  return [
    `  ${orders} orders: ${list(byState)}`,
    `  attention: ${list(attention)}`,
    `  ${gatewayCalls} calls reached the provider`,
  ];
}

function roomLines({ trade, commands, plannedMs, tradedMs, verifiedMs, measured }: SoakResult): string[] {
  const perSecond = (count: number): string => ((count * 1000) / tradedMs).toFixed(1);
  const outcomes = outcomesOf(commands);
  const { peakRss, cpuSeconds, diskBytes, archiveLag } = measured;
  const perOrder = (used: number): string => `${((used * 1000) / trade.orders).toFixed(1)} ms/order`;
  return [
    `  sheet read in ${seconds(plannedMs)}, traded in ${seconds(tradedMs)}, verified in ${seconds(verifiedMs)}`,
    `  ${perSecond(trade.orders)} orders/s, ${perSecond(trade.account.traded.lines)} lines/s, ${perSecond(outcomes)} commands/s (${outcomes} commands)`,
    `  CPU: node ${perOrder(cpuSeconds.node)}, server ${perOrder(cpuSeconds.server)}`,
    `  most memory: node ${mebibytes(peakRss.node)}, server ${mebibytes(peakRss.server)}, terminals ${mebibytes(peakRss.terminals)}`,
    `  on disk ${mebibytes(diskBytes)}; the archive was at most ${archiveLag} messages behind`,
  ];
}

function outcomesOf(commands: SoakResult['commands']): number {
  let outcomes = 0;
  for (const { applied, rejected } of commands.values()) {
    outcomes += applied;
    for (const { count } of rejected.values()) outcomes += count;
  }
  return outcomes;
}

function streamLines(streams: readonly StreamSize[]): string[] {
  return alignedLines(
    streams.map(({ stream, messages, bytes, stored }) => [
      `  ${stream}`,
      `${messages} messages`,
      mebibytes(bytes),
      `${stored} ever stored`,
    ]),
    ['left', 'right', 'right', 'right'],
  );
}

function profileLines({ busyMicroseconds, parts, functions }: Attribution): string[] {
  const share = ({ name, microseconds }: SelfTime): string[] => [
    `  ${((microseconds * 100) / busyMicroseconds).toFixed(1)} %`,
    name,
  ];
  return [...alignedLines(parts.map(share), ['right']), '', ...alignedLines(functions.map(share), ['right'])];
}

function moneyLines({ books, rows }: Found): string[] {
  const { captured, refunded, gateway, till, checks, differing } = books;
  const broken = checks.filter(({ left, right }) => left !== right);
  return [
    ...alignedLines(
      [
        ['  captured − refunded', money(captured - refunded), `${money(captured)} − ${money(refunded)}`],
        [
          '  moved by the gateway',
          money(gateway.captured - gateway.refunded),
          `${money(gateway.captured)} − ${money(gateway.refunded)}`,
        ],
        ['  moved at the tills', money(till.taken - till.givenBack), `${money(till.taken)} − ${money(till.givenBack)}`],
        [
          '  paid on to stores',
          money(gateway.paidOut - gateway.reversed),
          `${money(gateway.paidOut)} − ${money(gateway.reversed)}`,
        ],
        ['  rows of the report', money(rows.gross), `${rows.rows} rows, against ${money(rows.moved)} moved`],
      ],
      ['left', 'right'],
    ),
    `  ${balances(books) ? 'the books balance, order by order' : 'THE BOOKS DO NOT BALANCE'}`,
    ...broken.map(({ what, left, right }) => `  BROKEN: ${what}: ${money(left)} against ${money(right)}`),
    ...examples('the journal tells another story of orders', differing),
    ...examples('the rows tell another story of orders', rows.differing),
  ];
}

function reportLines({ rows, gross, queryMs }: ReportSums): string[] {
  return [
    `  ${rows} rows sum to ${money(gross)}`,
    `  asked for all: ${queryMs.whole.toFixed(1)} ms, for a minute: ${queryMs.minute.toFixed(1)} ms`,
  ];
}

function examples(what: string, orders: readonly string[]): string[] {
  return orders.length > 0 ? [`  ${what} ${orders.slice(0, EXAMPLES).join(', ')} (${orders.length})`] : [];
}
