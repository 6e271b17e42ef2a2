/** What the week came to, for people. Pure. */
import { formatMinor } from '../../protocols/currency.ts';
import type { Attention, OrderView, ReturnView } from '../../protocols/views.ts';
import type { LeftOut } from '../sample/account.ts';
import { CURRENCY, NETWORK } from '../sample/network.ts';
import { TRADE_RULES } from '../sample/rules.ts';
import type { Trade } from '../sample/week-to-trade.ts';
import { section } from '../text/section.ts';
import { alignedLines, type Column, table } from '../text/table.ts';
import { type Books, balances, type Check, type PartyBooks } from './books.ts';
import type { CommandTally } from './tally.ts';

export interface WeekResult {
  trade: Trade;
  commands: ReadonlyMap<string, CommandTally>;
  orders: readonly OrderView[];
  returns: readonly ReturnView[];
  gatewayCalls: number;
  books: Books;
  tradedMs: number;
  totalMs: number;
}

const EXAMPLES = 3;
const MILLS_PER_PENNY = 10;

const money = (amount: number): string => formatMinor(amount, CURRENCY);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function weekReport(result: WeekResult): string {
  const { trade, commands, orders, returns, books } = result;
  return [
    ...section('HOW THE SHEET BECAME TRADE', ruleLines(trade)),
    ...section('WHAT WAS LEFT OUT OF THE SHEET, AND WHY', leftOutLines(trade)),
    ...section('COMMANDS BY OUTCOME', commandLines(commands)),
    ...section('ORDERS, FULFILMENTS, RETURNS BY STATE', [
      stateLine(
        'orders',
        countBy(orders, ({ state }) => state),
      ),
      stateLine(
        'fulfilments',
        countBy(
          orders.flatMap(({ fulfilments }) => fulfilments),
          ({ state }) => state,
        ),
      ),
      stateLine(
        'returns',
        countBy(returns, ({ state }) => state),
      ),
    ]),
    ...section('NEEDS ATTENTION', attentionLines(orders)),
    ...section('MONEY BY PARTY AND STORE', table(partyColumns, books.parties, '  ')),
    ...section('BOOKS', bookLines(result)),
    '',
    ...timeLines(result),
    '',
  ].join('\n');
}

function ruleLines({ rounding }: Trade): string[] {
  const moved = money(Math.round(rounding.movedMills / MILLS_PER_PENNY));
  return [
    ...TRADE_RULES.map((rule) => `  · ${rule}`),
    `  · Rounding touched ${rounding.lines} lines and added ${moved} to them in all.`,
  ];
}

function leftOutLines({ account, counts }: Trade): string[] {
  const { traded, shipping, credited, leftOut } = account;
  const kept = traded.lines + shipping.lines + credited.lines;
  return [
    `  ${counts.invoices} invoices, ${kept} lines traded (${shipping.lines} of them carriage, ${credited.lines} credited); left out:`,
    ...table(leftOutColumns, leftOut, '  '),
  ];
}

const leftOutColumns: Column<LeftOut>[] = [
  {
    head: 'lines',
    align: 'right',
    cell: ({ lines, partLines }) => (lines > 0 ? String(lines) : `part of ${partLines}`),
  },
  { head: 'amount', align: 'right', cell: ({ amountMills }) => money(Math.round(amountMills / MILLS_PER_PENNY)) },
  { head: 'reason', cell: ({ reason }) => reason },
  { head: 'rule', cell: ({ rule }) => rule },
];

function commandLines(commands: ReadonlyMap<string, CommandTally>): string[] {
  const rows = [...commands].sort(([a], [b]) => a.localeCompare(b));
  return alignedLines(
    rows.map(([command, { applied, rejected }]) => [`  ${command}`, `${applied} applied`, rejections(rejected)]),
    ['left', 'right'],
  );
}

function rejections(rejected: CommandTally['rejected']): string {
  return [...rejected].map(([code, { count, example }]) => `${count} ${code} (${example})`).join(', ');
}

function stateLine(what: string, counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `  ${total} ${what}: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'none'}`;
}

function attentionLines(orders: readonly OrderView[]): string[] {
  const byCode = new Map<string, { order: string; attention: Attention }[]>();
  for (const { order, attention } of orders) {
    for (const item of attention) byCode.set(item.code, [...(byCode.get(item.code) ?? []), { order, attention: item }]);
  }
  if (byCode.size === 0) return ['  nothing'];
  return [...byCode].flatMap(([code, found]) => [
    `  ${found.length} × ${code}`,
    ...found
      .slice(0, EXAMPLES)
      .map(
        ({ order, attention: { about, reason } }) => `      order ${[order, about ?? []].flat().join(', ')}: ${reason}`,
      ),
  ]);
}

const amountColumn = (head: string, of: (party: PartyBooks) => number): Column<PartyBooks> => ({
  head,
  align: 'right',
  cell: (party) => money(of(party)),
});

const partyColumns: Column<PartyBooks>[] = [
  { head: 'party', cell: ({ party }) => party },
  { head: 'terms', cell: ({ party }) => termsOf(party) },
  { head: 'handed over', align: 'right', cell: ({ handedOver }) => String(handedOver) },
  amountColumn('captured for', ({ sold }) => sold),
  amountColumn('at its till', ({ till }) => till),
  amountColumn('paid out', ({ paidOut }) => paidOut),
  amountColumn('pulled back', ({ reversed }) => reversed),
  amountColumn('holds now', ({ holds }) => holds),
];

function termsOf(party: string): string {
  const store = NETWORK.find(({ id }) => id === party);
  if (store === undefined) return '';
  return store.ownership === 'company' ? 'company' : `franchise, ${store.commission}`;
}

function bookLines({ books, gatewayCalls }: WeekResult): string[] {
  const { captured, refunded, till, gateway, parties, checks, differing } = books;
  const held = parties.reduce((sum, { holds }) => sum + holds, 0);
  const failed = checks.filter(({ left, right }) => left !== right);
  return [
    ...alignedLines(
      [
        ['  parties hold', money(held), 'headquarters and franchises, by query of every order'],
        ['  captured − refunded', money(captured - refunded), `${money(captured)} − ${money(refunded)}`],
        [
          '  moved by the gateway',
          money(gateway.captured - gateway.refunded),
          `captures ${money(gateway.captured)} − refunds ${money(gateway.refunded)}, of ${gatewayCalls} calls in its journal`,
        ],
        [
          '  moved at the tills',
          money(till.taken - till.givenBack),
          `taken ${money(till.taken)} − given back ${money(till.givenBack)}`,
        ],
        [
          '  paid on to stores',
          money(gateway.paidOut - gateway.reversed),
          `payouts ${money(gateway.paidOut)} − reversals ${money(gateway.reversed)}`,
        ],
      ],
      ['left', 'right'],
    ),
    '',
    verdict(books, held),
    ...failed.map(checkLine),
    ...(differing.length > 0 ? [`  the journal differs on orders ${differing.slice(0, EXAMPLES).join(', ')}`] : []),
  ];
}

function verdict(books: Books, held: number): string {
  const { captured, refunded, gateway, till } = books;
  const moved = gateway.captured - gateway.refunded + till.taken - till.givenBack;
  const [first, second] = [held === captured - refunded ? '=' : '≠', captured - refunded === moved ? '=' : '≠'];
  const figures = `Σ parties ${money(held)} ${first} captured − refunded ${money(captured - refunded)} ${second} moved ${money(moved)}`;
  return `  ${balances(books) ? 'THE BOOKS BALANCE' : 'THE BOOKS DO NOT BALANCE'}: ${figures}`;
}

function checkLine({ what, left, right }: Check): string {
  return `  ${left === right ? 'holds' : 'BROKEN'}: ${what}: ${money(left)} against ${money(right)}`;
}

function timeLines({ commands, tradedMs, totalMs, orders }: WeekResult): string[] {
  let outcomes = 0;
  for (const { applied, rejected } of commands.values()) {
    outcomes += applied;
    for (const { count } of rejected.values()) outcomes += count;
  }
  const rate = Math.round((outcomes * 1000) / tradedMs);
  return [
    `${orders.length} orders and ${outcomes} commands traded in ${seconds(tradedMs)} (${rate} commands/s), reconciled after ${seconds(totalMs)}`,
  ];
}

function countBy<Item>(items: readonly Item[], of: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
