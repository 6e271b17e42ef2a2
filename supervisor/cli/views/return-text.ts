import type { ReturnView } from '../../../protocols/views.ts';
import { section } from '../../text/section.ts';
import { type Column, table } from '../../text/table.ts';

type Line = ReturnView['lines'][number];

export function returnText(returned: ReturnView): string {
  const where = returned.store === undefined ? '' : ` at ${returned.store}`;
  const exchange = returned.exchange === undefined ? '' : `, pays for order ${returned.exchange}`;
  return [
    `return ${returned.return}: ${returned.state}`,
    `of order ${returned.order}, by ${returned.by}${where}${exchange}, revision ${returned.revision}`,
    ...section('lines', table(columns, returned.lines, '  ')),
    '',
  ].join('\n');
}

const columns: Column<Line>[] = [
  { head: 'line', cell: ({ line }) => line },
  { head: 'sku', cell: ({ sku }) => sku },
  { head: 'declared', align: 'right', cell: ({ declared }) => String(declared) },
  { head: 'received', align: 'right', cell: ({ received }) => String(received) },
  { head: 'accepted', align: 'right', cell: ({ accepted }) => String(accepted) },
  { head: 'rejected', align: 'right', cell: ({ rejected }) => String(rejected) },
  { head: 'to hand back', align: 'right', cell: ({ toHandBack }) => String(toHandBack) },
  { head: 'reason', cell: ({ reason }) => reason ?? '' },
];
