/** What the rows of a period come to, below the table of them. */
import { formatMinor } from '../../../protocols/currency.ts';
import { section } from '../../text/section.ts';
import { table } from '../../text/table.ts';
import { money } from './attribution-document.ts';

type Sums = Record<string, string | number>;

export interface Summed {
  totals: readonly Sums[];
  movements: readonly Sums[];
  /** By gateway account, and the way that it moved without being asked; with neither for what moved at tills, or by exchange. */
  groups: readonly Sums[];
}

/** `othersShare` where it is asked of one store, and the rows are of others' goods too. */
const AMOUNTS = ['gross', 'net', 'tax', 'commission', 'storeShare', 'othersShare', 'headquartersShare', 'settled'];

export function sumsText({ totals, movements, groups }: Summed): string {
  const rows = [...movements, ...totals.map((total): Sums => ({ ...total, movement: 'all' }))];
  const text = (name: string) => ({ head: name, cell: (row: Sums) => String(row[name] ?? '') });
  const number = (name: string) => ({
    head: name,
    align: 'right' as const,
    cell: (row: Sums) => String(row[name] ?? ''),
  });
  const shown = AMOUNTS.filter((name) => name !== 'othersShare' || rows.some((row) => (row[name] ?? 0) !== 0));
  const amount = (name: string) => ({ head: name, align: 'right' as const, cell: (row: Sums) => money(row, name) });
  const columns = [text('currency'), text('movement'), number('rows'), number('quantity'), ...shown.map(amount)];
  return `${[
    ...section('sums', table(columns, rows, '  ')),
    ...section(
      'money',
      totals.map((total) => moved(total, groups)),
    ),
  ].join('\n')}\n`;
}

/** `captured − refunded` of each account, of the tills, of exchanges and of what was paid by hand, is what the rows sum to. */
function moved({ currency, gross }: Sums, groups: readonly Sums[]): string {
  const parts = groups.filter((group) => group.currency === currency && group.gross !== 0);
  const of = parts.map((group) => `${source(group)} ${formatMinor(Number(group.gross), String(currency))}`);
  return `  captured − refunded: ${of.join(' + ') || 'nothing'} = ${formatMinor(Number(gross), String(currency))}`;
}

function source({ account, way }: Sums): string {
  if (way === 'by-hand') return 'paid by hand';
  if (account === undefined) return 'tills and exchanges';
  return way === 'at-once' ? `${account} at once` : String(account);
}
