/** Rows of the report as people and other programs read them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import { COLUMNS } from '../../report/columns.ts';
import { ReportFile } from '../../report/report-file.ts';
import { csvLine, shownText } from '../../text/csv.ts';
import { type Column, table } from '../../text/table.ts';
import { inOnePiece } from './output.ts';

type Row = Record<string, string | number>;
type Pages = AsyncIterable<readonly Row[]>;
type Write = (text: string) => Promise<void>;

const LIMITS = { memoryMb: 256, threads: 2 };

/** People open it in a spreadsheet: what others wrote is shown there, never reckoned. All else is ids, numbers and words of ours: exact. */
const FREE_TEXT: ReadonlySet<string> = new Set([
  'name',
  'category',
  'deliveredBy',
  'gatewayReference',
  'transaction',
  'returnReason',
]);

export async function writeCsv(pages: Pages, write: Write): Promise<void> {
  await write(csvLine(COLUMNS.map(({ name }) => name)));
  for await (const rows of pages) await write(rows.map((row) => csvLine(csvCells(row))).join(''));
}

function csvCells(row: Row): (string | number | undefined)[] {
  return COLUMNS.map(({ name }) => {
    const cell = row[name];
    return typeof cell === 'string' && FREE_TEXT.has(name) ? shownText(cell) : cell;
  });
}

/** One array, a row a line. */
export async function writeJson(pages: AsyncIterable<readonly object[]>, write: Write): Promise<void> {
  let separator = '[\n';
  for await (const rows of pages) {
    for (const row of rows) {
      await write(`${separator}${JSON.stringify(row)}`);
      separator = ',\n';
    }
  }
  await write(separator === '[\n' ? '[]\n' : '\n]\n');
}

/** In a temporary file first: a year has more rows than memory should. */
export async function writeParquet(pages: Pages, path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-report-'));
  try {
    const file = await ReportFile.open(join(folder, 'rows.duckdb'), path, LIMITS);
    try {
      for await (const rows of pages) await file.append(rows as unknown as AttributionRow[], 0);
      await inOnePiece(path, (part) => file.writeParquet(part));
    } finally {
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What fits on a screen of each row; the other formats have all fields. Resolves with the number of rows. */
export async function writeTable(pages: Pages, write: Write): Promise<number> {
  let count = 0;
  for await (const rows of pages) {
    if (rows.length > 0) await write(`${count === 0 ? '' : '\n'}${table(SHOWN, rows).join('\n')}\n`);
    count += rows.length;
  }
  return count;
}

const SHOWN: readonly Column<Row>[] = [
  { head: 'at', cell: (row) => text(row, 'at').slice(0, 19) },
  { head: 'order', cell: (row) => text(row, 'order') },
  { head: 'line', cell: (row) => text(row, 'line') || text(row, 'subject') },
  { head: 'movement', cell: (row) => text(row, 'movement') },
  { head: 'units', align: 'right', cell: (row) => text(row, 'quantity') },
  { head: 'gross', align: 'right', cell: (row) => money(row, 'gross') },
  { head: 'tax', align: 'right', cell: (row) => money(row, 'tax') },
  { head: 'commission', align: 'right', cell: (row) => money(row, 'commission') },
  { head: 'store', cell: (row) => text(row, 'party') || text(row, 'preparedBy') },
  { head: 'its share', align: 'right', cell: (row) => money(row, 'storeShare') },
  { head: 'headquarters', align: 'right', cell: (row) => money(row, 'headquartersShare') },
  { head: 'settled', align: 'right', cell: (row) => money(row, 'settled') },
  { head: 'currency', cell: (row) => text(row, 'currency') },
  { head: 'entry', cell: (row) => text(row, 'entry') },
];

const text = (row: Row, field: string): string => String(row[field] ?? '');

/** Without the currency, which has a column; nothing where nothing moved. */
export function money(row: Row, field: string): string {
  const amount = Number(row[field] ?? 0);
  return amount === 0 ? '' : decimal(amount, text(row, 'currency'));
}

export function decimal(amount: number, currency: string): string {
  return formatMinor(amount, currency).slice(0, -1 - currency.length);
}
