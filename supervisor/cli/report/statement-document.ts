/** A store's account with headquarters over a period, entry by entry: what it earned, what it was paid, what is still owed. */
import { formatMinor } from '../../../protocols/currency.ts';
import { type Column, table } from '../../text/table.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { askReport, reportPages } from './ask-report.ts';
import { decimal } from './attribution-document.ts';

export interface StatementAsked {
  store: string;
  from?: string;
  to?: string;
}

type Row = Record<string, string | number>;
type Write = (text: string) => Promise<void>;

interface Statement {
  currency: string;
  opening: number;
  closing: number;
  owes: number;
}

/** Minor units. `balance` is what headquarters owes the store after it; the store owes what is below zero. */
interface StatementEntry {
  at: string;
  order: string;
  kind: string;
  entry?: string;
  line?: string;
  row: string;
  currency: string;
  gross: number;
  commission: number;
  share: number;
  paid: number;
  pulledBack: number;
  netted: number;
  balance: number;
}

/** Written page by page: a year of a store has more entries than memory should. */
export async function writeStatement(
  terminal: Pick<CliTerminal, 'query'>,
  asked: StatementAsked,
  json: boolean | undefined,
  write: Write,
): Promise<void> {
  const { statements } = await askReport<{ statements: Statement[] }>(terminal, 'statement', { ...asked });
  const balances = new Map(statements.map(({ currency, opening }) => [currency, opening]));
  const pages = entryPages(terminal, asked, balances);
  // Rows may be booked between two answers: it closes with what its own entries come to.
  const closed = () => [...balances].map(([currency, closing]) => ({ ...opened(currency), closing }));
  const opened = (currency: string) =>
    statements.find((known) => known.currency === currency) ?? { currency, opening: 0, owes: 0 };
  await (json ? writeJson(asked, pages, closed, write) : writeText(asked, statements, pages, closed, write));
}

async function* entryPages(
  terminal: Pick<CliTerminal, 'query'>,
  { store, ...period }: StatementAsked,
  balances: Map<string, number>,
): AsyncGenerator<StatementEntry[]> {
  for await (const { rows } of reportPages<{ rows: Row[] }>(terminal, 'attribution', { ...period, party: store })) {
    yield rows.flatMap((row) => {
      const entry = entryOf(row, balances);
      return isNothing(entry) ? [] : [entry];
    });
  }
}

function entryOf(row: Row, balances: Map<string, number>): StatementEntry {
  const amount = (name: string): number => Number(row[name] ?? 0);
  const [share, settled, currency] = [amount('storeShare'), amount('settled'), String(row.currency)];
  const balance = (balances.get(currency) ?? 0) + share - settled;
  balances.set(currency, balance);
  return {
    at: String(row.at),
    order: String(row.order),
    kind: String(row.movement),
    ...(row.entry === undefined ? {} : { entry: String(row.entry) }),
    ...(row.line === undefined ? {} : { line: String(row.line) }),
    row: String(row.row),
    currency,
    gross: amount('gross'),
    commission: amount('commission'),
    share,
    paid: Math.max(0, settled),
    pulledBack: Math.max(0, -settled),
    netted: amount('netted'),
    balance,
  };
}

/** A sale whose share is nothing is an entry all the same. */
function isNothing({ gross, share, paid, pulledBack, netted }: StatementEntry): boolean {
  return [gross, share, paid, pulledBack, netted].every((amount) => amount === 0);
}

async function writeJson(
  asked: StatementAsked,
  pages: AsyncIterable<readonly StatementEntry[]>,
  closed: () => Statement[],
  write: Write,
): Promise<void> {
  await write(`{"of":${JSON.stringify(asked)},\n"entries":[`);
  let separator = '\n';
  for await (const entries of pages) {
    for (const entry of entries) {
      await write(`${separator}${JSON.stringify(entry)}`);
      separator = ',\n';
    }
  }
  await write(`\n],\n"statements":${JSON.stringify(closed())}}\n`);
}

async function writeText(
  { store, from = 'the beginning', to = 'now' }: StatementAsked,
  statements: readonly Statement[],
  pages: AsyncIterable<readonly StatementEntry[]>,
  closed: () => Statement[],
  write: Write,
): Promise<void> {
  await write(`${store} from ${from} to ${to}\n`);
  if (statements.length === 0) await write('nothing was earned or settled\n');
  for (const { currency, opening } of statements) await write(`opening ${standing(opening, currency)}\n`);
  for await (const entries of pages) {
    if (entries.length > 0) await write(`${table(SHOWN, entries, '  ').join('\n')}\n`);
  }
  for (const { currency, closing, owes } of closed()) {
    const debt = owes === 0 ? '' : `, ${formatMinor(owes, currency)} of it to be netted from next payouts`;
    await write(`closing ${standing(closing, currency)}${debt}\n`);
  }
}

function standing(balance: number, currency: string): string {
  const amount = formatMinor(Math.abs(balance), currency);
  return balance < 0 ? `${amount} owed by the store` : `${amount} owed to the store`;
}

const amount = (head: string, of: (entry: StatementEntry) => number): Column<StatementEntry> => ({
  head,
  align: 'right',
  cell: (entry) => decimal(of(entry), entry.currency),
});

const SHOWN: readonly Column<StatementEntry>[] = [
  { head: 'at', cell: ({ at }) => at.slice(0, 19) },
  { head: 'order', cell: ({ order }) => order },
  { head: 'kind', cell: ({ kind }) => kind },
  { head: 'entry', cell: ({ entry = '' }) => entry },
  { head: 'line', cell: ({ line = '' }) => line },
  amount('gross', ({ gross }) => gross),
  amount('commission', ({ commission }) => commission),
  amount('share', ({ share }) => share),
  amount('paid', ({ paid }) => paid),
  amount('pulled back', ({ pulledBack }) => pulledBack),
  amount('netted', ({ netted }) => netted),
  amount('balance', ({ balance }) => balance),
  { head: 'currency', cell: ({ currency }) => currency },
];
