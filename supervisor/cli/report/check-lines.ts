/** Whether all rows ever booked sum to what the gateway says that it moved; a period alone would differ by what its edges cut. */
import { formatMinor } from '../../../protocols/currency.ts';
import type { MovedTotal } from '../../gateway/simulator-journal.ts';
import type { Terminal } from '../open-terminal.ts';
import { askReport } from './ask-report.ts';

type Sums = Record<string, string | number>;

/** A line for each account and currency. */
export async function checkLines(terminal: Pick<Terminal, 'query'>, accounts: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const account of accounts) {
    const journal = await terminal.query<{ totals: MovedTotal[] }>(`query.gateway.${account}.journal`, { limit: 1 });
    if (journal === undefined) {
      lines.push(`  ${account}: it shows no journal to compare with`);
      continue;
    }
    const { totals } = await askReport<{ totals: Sums[] }>(terminal, 'summary', { account });
    const currencies = new Set([...journal.totals, ...totals].map(({ currency }) => String(currency)));
    for (const currency of [...currencies].sort()) {
      const booked = totals.find((sums) => sums.currency === currency);
      lines.push(`  ${account}: ${compared(journal.totals, booked, currency)}`);
    }
  }
  return lines;
}

function compared(moved: readonly MovedTotal[], booked: Sums | undefined, currency: string): string {
  const of = (kind: string): number =>
    moved.find((total) => total.kind === kind && total.currency === currency)?.amount ?? 0;
  const pairs = [
    { what: 'captured − refunded', there: of('capture') - of('refund'), here: Number(booked?.gross ?? 0) },
    { what: 'paid to stores', there: of('payout') - of('payout-reversal'), here: Number(booked?.settled ?? 0) },
  ];
  const differing = pairs.filter(({ there, here }) => there !== here);
  const money = (amount: number): string => formatMinor(amount, currency);
  const said = pairs.map(({ what, there }) => `${what} ${money(there)}`).join(', ');
  if (differing.length === 0) return `${said}: the rows say the same`;
  const others = differing.map(({ what, here }) => `${what} ${money(here)}`).join(', ');
  return `${said}; THE ROWS SAY ${others} (what is under way differs until it is booked; tillwire reconcile tells by entry)`;
}
