import { balances } from '../../demo/books.ts';
import { weekReport } from '../../demo/report.ts';
import { runWeek } from '../../demo/run-week.ts';
import type { GatewayStatus } from '../../gateway/account-status.ts';
import { PAYMENT_ACCOUNT } from '../../sample/network.ts';
import { command, EXIT } from '../command.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';

export const trade = command({
  forms: ['trade'],
  about:
    'Trades the sample week (UCI Online Retail II, 1 to 7 December 2009) on a running system that has not traded it\n' +
    'yet, as its terminals would; ends with a report. Exits 0 when the books balance.',
  options: { nats: TERMINAL_OPTIONS.nats },
  run: ({ values }) =>
    withTerminal(values, async (terminal) => {
      // Whoever started this process was killed: nobody waits for the week.
      process.once('disconnect', () => process.exit(EXIT.failed));
      process.stdout.write(await heading(terminal));
      const result = await runWeek(terminal, process.stdout);
      process.stdout.write(weekReport(result));
      // Whoever started this process may want to show an order.
      process.send?.({ order: worthASecondLook(result.orders) });
      return balances(result.books) ? EXIT.done : EXIT.failed;
    }),
});

async function heading(terminal: CliTerminal): Promise<string> {
  const status = await terminal.query<GatewayStatus>(`query.gateway.${PAYMENT_ACCOUNT}`);
  const limits = status && `${status.limits.requestsPerSecond} requests/s`;
  return [
    'The first week of UCI Online Retail II (Daqing Chen, CC BY 4.0), as orders of seven stores, over NATS.',
    `Payments go through the gateway simulator, at most ${limits ?? 'as configured'} (a node's own default is 100).`,
    '',
    '',
  ].join('\n');
}

/** The order with the longest story. */
function worthASecondLook(orders: readonly { order: string; ledger: readonly unknown[] }[]): string | undefined {
  return orders.reduce((longest, order) => (order.ledger.length > longest.ledger.length ? order : longest), {
    order: '',
    ledger: [] as readonly unknown[],
  }).order;
}
