/**
 * Whether all rows ever booked sum to what the gateway says that it moved; a period alone would differ by what its edges cut. What a
 * provider took when the customer paid was never asked for, so the journal has none of it: it is said, and compared with nothing.
 */
import { formatMinor } from '../../../protocols/currency.ts';
import type { MovedTotal } from '../../gateway/simulator-journal.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { askReport } from './ask-report.ts';

type Sums = Record<string, string | number>;

/** A line for each account and currency, and one for what was taken at once. */
export async function checkLines(terminal: Pick<CliTerminal, 'query'>, accounts: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const account of accounts) {
    const journal = await terminal.query<{ totals: MovedTotal[] }>(`query.gateway.${account}.journal`, { limit: 1 });
    if (journal === undefined) {
      lines.push(`  ${account}: it shows no journal to compare with`);
      continue;
    }
    const { groups } = await askReport<{ groups: Sums[] }>(terminal, 'summary', { account, groupBy: ['way'] });
    const asked = groups.filter(({ way }) => way === undefined);
    const currencies = new Set([...journal.totals, ...asked].map(({ currency }) => String(currency)));
    for (const currency of [...currencies].sort()) {
      const booked = asked.find((sums) => sums.currency === currency);
      lines.push(`  ${account}: ${compared(journal.totals, booked, currency)}`);
    }
    for (const { currency, gross } of groups.filter(({ way }) => way === 'at-once')) {
      const taken = formatMinor(Number(gross), String(currency));
      lines.push(
        `  ${account}: ${taken} taken when customers paid: nobody asked for it, so the journal has none of it`,
      );
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
