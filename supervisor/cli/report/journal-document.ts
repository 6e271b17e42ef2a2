/** Postings for accounting: minor units for programs, decimals for people. */
import type { Posting } from '../../report/postings.ts';
import { csvLine } from '../../text/csv.ts';
import { type Column, table } from '../../text/table.ts';
import { decimal } from './attribution-document.ts';

type Pages = AsyncIterable<readonly Posting[]>;
type Write = (text: string) => Promise<void>;

const HEADS = ['day', 'party', 'account', 'currency', 'debit', 'credit', 'debitMinor', 'creditMinor'];

export async function writePostingsCsv(pages: Pages, write: Write): Promise<void> {
  await write(csvLine(HEADS));
  for await (const postings of pages) await write(postings.map((posting) => csvLine(cells(posting))).join(''));
}

function cells({ day, party, account, currency, debit, credit }: Posting): (string | number)[] {
  return [day, party, account, currency, decimal(debit, currency), decimal(credit, currency), debit, credit];
}

export async function writePostingsTable(pages: Pages, write: Write): Promise<void> {
  let isEmpty = true;
  for await (const postings of pages) {
    if (postings.length === 0) continue;
    isEmpty = false;
    await write(`${table(SHOWN, postings).join('\n')}\n`);
  }
  if (isEmpty) await write('no postings in this period\n');
}

const side = (amount: number, currency: string): string => (amount === 0 ? '' : decimal(amount, currency));

const SHOWN: readonly Column<Posting>[] = [
  { head: 'day', cell: ({ day }) => day },
  { head: 'party', cell: ({ party }) => party },
  { head: 'account', cell: ({ account }) => account },
  { head: 'debit', align: 'right', cell: ({ debit, currency }) => side(debit, currency) },
  { head: 'credit', align: 'right', cell: ({ credit, currency }) => side(credit, currency) },
  { head: 'currency', cell: ({ currency }) => currency },
];
