import type { Capability } from '../../../protocols/capability.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import type { LedgerDifference } from '../../../protocols/internal.ts';
import type { GatewayView } from '../../gateway/account-status.ts';
import type { JournalRow } from '../../gateway/simulator-journal.ts';
import { section } from '../../text/section.ts';
import { alignedLines, type Column, table } from '../../text/table.ts';

export function gatewayText(status: GatewayView): string {
  const { requestsPerSecond, burst, concurrency } = status.limits;
  const queue = Object.entries(status.queue).map(([kind, depth]) => [`  ${kind}`, String(depth)]);
  return [
    `gateway account ${status.account} (${status.provider}): circuit ${status.circuit}`,
    `${requestsPerSecond} requests/s, burst ${burst}, at most ${concurrency} at once, ${status.inFlight} in flight`,
    ...section('LEDGER DIFFERS', differenceLines(status.audit)),
    ...section('LAST ERRORS', table(errorColumns, status.lastErrors, '  ')),
    ...section('queue', alignedLines(queue, ['left', 'right'])),
    ...section('methods', table(methodColumns, Object.entries(status.capabilities).sort(byName), '  ')),
    '',
  ].join('\n');
}

function differenceLines(audit: GatewayView['audit']): string[] {
  if (!audit || audit.count === 0) return [];
  const more = audit.count - audit.differences.length;
  return [...table(differenceColumns, audit.differences, '  '), ...(more > 0 ? [`  … and ${more} more`] : [])];
}

export function journalLines(rows: readonly JournalRow[]): string[] {
  return table(journalColumns, rows);
}

const differenceColumns: Column<LedgerDifference>[] = [
  { head: 'entry', cell: ({ entry }) => entry },
  { head: 'order', cell: ({ order }) => order },
  { head: 'moved', align: 'right', cell: ({ gateway, currency }) => formatMinor(gateway, currency) },
  { head: 'booked', align: 'right', cell: ({ ledger, currency }) => formatMinor(ledger, currency) },
];

const errorColumns: Column<GatewayView['lastErrors'][number]>[] = [
  { head: 'key', cell: ({ key }) => key },
  { head: 'kind', cell: ({ kind }) => kind },
  { head: 'order', cell: ({ order }) => order },
  { head: 'code', cell: ({ code }) => code },
  { head: 'at', cell: ({ at }) => at },
];

const byName = ([one]: [string, Capability], [other]: [string, Capability]): number => (one < other ? -1 : 1);

const methodColumns: Column<[string, Capability]>[] = [
  { head: 'method', cell: ([method]) => method },
  { head: 'capture', cell: ([, { delayedCapture }]) => (delayedCapture === 'none' ? 'at once' : delayedCapture) },
  { head: 'captures', align: 'right', cell: ([, { captures }]) => String(captures) },
  { head: 'the rest', cell: ([, { partialReleasesRest }]) => (partialReleasesRest ? 'released' : 'kept') },
  { head: 'hours', align: 'right', cell: ([, { validFor }]) => `${validFor.customer}/${validFor.merchant}` },
  {
    head: 'refund',
    cell: ([, { partialRefund, refundWithin }]) => `${partialRefund ? 'parts' : 'whole'}, ${refundWithin} d`,
  },
  { head: 'more', align: 'right', cell: ([, { overCapture }]) => `${overCapture.percent} %` },
  {
    head: 'step',
    cell: ([, { amountStep }]) =>
      Object.entries(amountStep)
        .map(([of, step]) => `${of} ${step}`)
        .join(' '),
  },
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
