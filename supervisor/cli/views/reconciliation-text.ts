/** A reconciliation for people: whether it agrees, the sums of each class, then what has to be looked at. */
import { decimalOf, formatMinor } from '../../../protocols/currency.ts';
import type { ClassTotal, Difference, Place, Result } from '../../reconcile/reconciliation-result.ts';
import { section } from '../../text/section.ts';
import { type Column, table } from '../../text/table.ts';

const MOST_SHOWN = 50;
const AT_EDGE =
  '  at-edge: booked within an hour of an end of the period; the neighbouring file may have it: give both';

export function reconciliationText(files: string, result: Result): string {
  const { period, rows, classes, differences, providerTotals, broken } = result;
  const leftOut = rows.leftOut === 0 ? '' : `, ${rows.leftOut} of another period or account left out`;
  return [
    `${files}: ${verdict(result)}`,
    `${rows.counted} rows compared, ${rows.broken} broken${leftOut}`,
    ...(period ? [`period: from ${period.from} to ${period.to}, not included`] : []),
    ...section('keys', table(classColumns, classes, '  ')),
    ...section(
      'DIFFERENCES',
      shown(differences, table(columnsFor(differences), differences.slice(0, MOST_SHOWN), '  ')),
    ),
    ...(differences.some(({ class: of }) => of === 'at-edge') ? [AT_EDGE] : []),
    ...section(
      'BROKEN ROWS',
      shown(
        broken,
        broken.slice(0, MOST_SHOWN).map((row) => `  ${where(row)}, ${row.column}: ${row.rule}`),
      ),
    ),
    ...section('in the file, by type', table(providerColumns, providerTotals, '  ')),
    '',
  ].join('\n');
}

function verdict({ period, agrees }: Result): string {
  if (!period) return 'NOT COMPARED: it has no rows to tell the period from; --from and --to say it';
  return agrees ? 'agrees with the ledger' : 'DIFFERS from the ledger';
}

function shown(all: readonly unknown[], lines: string[]): string[] {
  return all.length > MOST_SHOWN ? [...lines, `  … and ${all.length - MOST_SHOWN} more: --json has them all`] : lines;
}

const classColumns: Column<ClassTotal>[] = [
  { head: '', cell: ({ class: of }) => of },
  { head: 'count', align: 'right', cell: ({ count }) => String(count) },
  { head: 'in the file', align: 'right', cell: ({ file, currency }) => formatMinor(file, currency) },
  { head: 'in the ledger', align: 'right', cell: ({ ledger, currency }) => formatMinor(ledger, currency) },
];

const where = ({ name, line }: Place): string => (name === undefined ? `line ${line}` : `${name}, line ${line}`);

const side = (of: { amount: number; currency: string } | undefined): string =>
  of === undefined ? '' : formatMinor(of.amount, of.currency);

const differenceColumns: Column<Difference>[] = [
  { head: '', cell: ({ class: of }) => of },
  { head: 'account', cell: ({ account }) => account },
  { head: 'key', cell: ({ key }) => key },
  { head: 'in the file', align: 'right', cell: ({ file }) => side(file) },
  { head: 'row', cell: ({ file, broken }) => [file, broken].flatMap((row) => (row ? where(row) : [])).join('; ') },
  { head: 'in the ledger', align: 'right', cell: ({ ledger }) => side(ledger) },
  { head: 'order', cell: ({ ledger, disputed }) => ledger?.order ?? disputed?.order ?? '' },
];

/** Of chargebacks. */
const feeColumn: Column<Difference> = {
  head: 'fee',
  align: 'right',
  cell: ({ disputed, file }) => (disputed && file ? formatMinor(disputed.fee, file.currency) : ''),
};

const columnsFor = (all: readonly Difference[]): Column<Difference>[] =>
  all.some(({ disputed }) => disputed) ? [...differenceColumns, feeColumn] : differenceColumns;

const providerColumns: Column<Result['providerTotals'][number]>[] = [
  { head: '', cell: ({ type }) => type },
  { head: 'rows', align: 'right', cell: ({ count }) => String(count) },
  { head: 'gross', align: 'right', cell: ({ gross, currency }) => decimalOf(gross, currency) },
  { head: 'fee', align: 'right', cell: ({ fee, currency }) => formatMinor(fee, currency) },
];
