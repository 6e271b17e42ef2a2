/** An order for people: what needs attention first, then money, work, lines, the ledger, and who holds what. */
import { formatMinor } from '../../../protocols/currency.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { section } from '../../text/section.ts';
import { alignedLines, type Column, table } from '../../text/table.ts';

type Ledger = OrderView['ledger'][number];
type Line = OrderView['lines'][number];
type Fulfilment = OrderView['fulfilments'][number];
type Payout = NonNullable<OrderView['payouts']>[number];

export function orderText(order: OrderView, explain: boolean): string {
  const money = (amount: number): string => formatMinor(amount, order.currency);
  return [
    `order ${order.order}: ${order.state}`,
    `${order.fulfilment}, by ${order.channel}, placed ${order.placedAt}, revision ${order.revision}`,
    ...section('NEEDS ATTENTION', attentionLines(order.attention)),
    ...section('money', moneyLines(order, money)),
    ...section('fulfilments', table(fulfilmentColumns(money), order.fulfilments, '  ')),
    ...section('why these stores', explain ? order.sourcing.map((reason) => `  ${reason}`) : []),
    ...section('why this money', explain ? moneyReasons(order, money) : []),
    ...section('lines', table(lineColumns(money), order.lines, '  ')),
    ...section('ledger', table(ledgerColumns(money), order.ledger, '  ')),
    ...section(
      'who holds it',
      alignedLines(
        Object.entries(order.parties).map(([party, amount]) => [`  ${party}`, money(amount)]),
        ['left', 'right'],
      ),
    ),
    ...section('to be paid out', table(payoutColumns(money), order.payouts ?? [], '  ')),
    '',
  ].join('\n');
}

/** Why money is taken, and paid out, when it is. */
function moneyReasons({ capturing, payouts = [] }: OrderView, money: (amount: number) => string): string[] {
  const waiting = payouts.map(
    ({ store, amount, due }) => `${store} is paid by period: ${money(amount)} when it ends, at ${due}`,
  );
  return [...capturing, ...waiting].map((reason) => `  ${reason}`);
}

function payoutColumns(money: (amount: number) => string): Column<Payout>[] {
  return [
    { head: 'store', cell: ({ store }) => store },
    { head: 'amount', align: 'right', cell: ({ amount }) => money(amount) },
    { head: 'when the period ends', cell: ({ due }) => due },
  ];
}

function attentionLines(attention: OrderView['attention']): string[] {
  return alignedLines(attention.map(({ code, about, reason, at }) => [`  ${code}`, about ?? '', reason, at]));
}

function moneyLines({ totals }: OrderView, money: (amount: number) => string): string[] {
  const { open, ...amounts } = totals;
  const rows: [string, number][] = Object.entries(amounts);
  const awaited = Object.entries(open).filter(([, amount]) => amount !== 0);
  return alignedLines(
    [
      ...rows.map(([name, amount]) => [`  ${name}`, money(amount)]),
      ...awaited.map(([name, amount]) => [`  open ${name}`, money(amount)]),
    ],
    ['left', 'right'],
  );
}

function fulfilmentColumns(money: (amount: number) => string): Column<Fulfilment>[] {
  return [
    { head: 'fulfilment', cell: ({ fulfilment }) => fulfilment },
    { head: 'store', cell: ({ store }) => store },
    { head: 'state', cell: ({ state, funds }) => [state, funds].filter(Boolean).join(', ') },
    { head: 'lines', align: 'right', cell: ({ lines }) => String(lines.length) },
    {
      head: 'units',
      align: 'right',
      cell: ({ lines }) => String(lines.reduce((sum, { quantity }) => sum + quantity, 0)),
    },
    { head: 'captured', align: 'right', cell: ({ captured }) => money(captured) },
    { head: 'sent with', cell: ({ carrier, tracking }) => [carrier, tracking].filter(Boolean).join(' ') },
  ];
}

function lineColumns(money: (amount: number) => string): Column<Line>[] {
  const count = (head: string, of: (line: Line) => number): Column<Line> => ({
    head,
    align: 'right',
    cell: (line) => String(of(line)),
  });
  return [
    { head: 'line', cell: ({ line }) => line },
    { head: 'sku', cell: ({ sku }) => sku },
    count('quantity', ({ quantity }) => quantity),
    count('ready', ({ ready }) => ready),
    count('handed over', ({ handedOver }) => handedOver),
    count('cancelled', ({ cancelled }) => cancelled),
    count('returned', ({ returned }) => returned),
    { head: 'tax', align: 'right', cell: ({ tax }) => money(tax) },
    { head: 'gross', align: 'right', cell: ({ gross }) => money(gross) },
  ];
}

function ledgerColumns(money: (amount: number) => string): Column<Ledger>[] {
  return [
    { head: 'entry', cell: ({ entry }) => entry },
    { head: 'kind', cell: ({ kind }) => kind },
    { head: 'amount', align: 'right', cell: ({ amount }) => money(amount) },
    { head: 'state', cell: ({ state }) => state },
    { head: 'party', cell: ({ party }) => party },
    { head: 'fulfilment', cell: ({ fulfilment }) => fulfilment ?? '' },
    { head: 'reference', cell: ({ gatewayReference, exchange }) => gatewayReference ?? exchange ?? '' },
    { head: 'at', cell: ({ at }) => at },
  ];
}
