import { formatMinor } from '../../../protocols/currency.ts';
import type { GatewayStatus } from '../../gateway/account-status.ts';
import type { JournalRow } from '../../gateway/simulator-journal.ts';
import { section } from './section.ts';
import { alignedLines, type Column, table } from './table.ts';

export function gatewayText(status: GatewayStatus): string {
  const { requestsPerSecond, burst, concurrency } = status.limits;
  const queue = Object.entries(status.queue).map(([kind, depth]) => [`  ${kind}`, String(depth)]);
  return [
    `gateway account ${status.account}: circuit ${status.circuit}`,
    `${requestsPerSecond} requests/s, burst ${burst}, at most ${concurrency} at once, ${status.inFlight} in flight`,
    ...section('LAST ERRORS', table(errorColumns, status.lastErrors, '  ')),
    ...section('queue', alignedLines(queue, ['left', 'right'])),
    '',
  ].join('\n');
}

export function journalLines(rows: readonly JournalRow[]): string[] {
  return table(journalColumns, rows);
}

const errorColumns: Column<GatewayStatus['lastErrors'][number]>[] = [
  { head: 'key', cell: ({ key }) => key },
  { head: 'kind', cell: ({ kind }) => kind },
  { head: 'order', cell: ({ order }) => order },
  { head: 'code', cell: ({ code }) => code },
  { head: 'at', cell: ({ at }) => at },
];

const journalColumns: Column<JournalRow>[] = [
  { head: 'at', cell: ({ at }) => at },
  { head: 'key', cell: ({ key }) => key },
  { head: 'kind', cell: ({ kind }) => kind },
  { head: 'amount', align: 'right', cell: ({ amount, currency }) => formatMinor(amount, currency) },
  { head: 'party', cell: ({ party }) => party ?? '' },
  {
    head: 'outcome',
    cell: ({ outcome, code, replay }) => [outcome, code, replay && 'replay'].filter(Boolean).join(' '),
  },
];
