import type { Movements } from '../../gateway/simulator-journal.ts';
import { journalPages, queryPages } from '../../nats/query-pages.ts';
import { SETTLEMENT_HEAD, settlementLine } from '../../reconcile/settlement-row.ts';
import { type Fees, readFees, settlementRow } from '../../reconcile/simulated-settlement.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { refuseOutside } from '../parse-command-line.ts';
import { PERIOD_OPTIONS, type Period, readPeriod } from '../period.ts';
import { checkedId, showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { gatewayText, journalLines } from '../views/gateway-text.ts';

export const gateway = command({
  forms: ['gateway <account>', 'gateway <account> --journal', 'gateway <account> --settlement'],
  about: `Shows a gateway account: limits, queue by kind, circuit and last errors.
--settlement prints the file that the simulated provider would send of a period, CSV, for tillwire reconcile; tillwire contract
--schema settlement describes its columns.`,
  options: {
    ...TERMINAL_OPTIONS,
    journal: {
      type: 'boolean',
      help: 'every call that reached the simulated provider, in order; as JSON an object a line',
    },
    settlement: { type: 'boolean', help: 'what it moved, as a settlement file' },
    ...PERIOD_OPTIONS,
    fees: {
      type: 'string',
      value: '<fees>',
      help: 'what it keeps: capture=0.014+25,refund=0+10 is 1.4 % and 25 minor units, and 10 (nothing)',
    },
  },
  async run({ values, positionals: [id] }) {
    if (!values.settlement) refuseOutside('gateway <account> --settlement', values, ['from', 'to', 'fees']);
    if (values.settlement && values.journal) throw new UsageError('--journal and --settlement: one of them');
    if (values.settlement && values.json) throw new UsageError('--json: a settlement file is CSV');
    if (values.settlement) return printSettlement(checkedId('gateway account', id), values);
    if (!values.journal) return showEntity({ entity: 'gateway', id, text: gatewayText }, values);
    const account = checkedId('gateway account', id);
    await withTerminal(values, async (terminal) => {
      for await (const { calls } of journalPages(terminal, account)) {
        const lines = values.json ? calls.map((call) => JSON.stringify(call)) : journalLines(calls);
        if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
      }
    });
    return EXIT.done;
  },
});

interface SettlementOptions {
  nats?: string;
  from?: string;
  to?: string;
  fees?: string;
}

async function printSettlement(account: string, values: SettlementOptions): Promise<number> {
  const period = readPeriod(values);
  const fees: Fees | undefined = values.fees === undefined ? new Map() : readFees(values.fees);
  if (!fees) throw new UsageError(`--fees ${values.fees}: capture=0.014+25,refund=0+10 is wanted`);
  process.stdout.write(`${SETTLEMENT_HEAD}\n`);
  await withTerminal(values, async (terminal) => {
    let found = false;
    for await (const { movements } of queryPages<Movements>(terminal, `query.gateway.${account}.movements`)) {
      found = true;
      const lines = movements.flatMap((movement) => {
        const row = isIn(period, movement.at) ? settlementRow(movement, account, fees) : undefined;
        return row ? [`${settlementLine(row)}\n`] : [];
      });
      process.stdout.write(lines.join(''));
    }
    if (!found) throw new Error(`there is no gateway account ${account}`);
  });
  return EXIT.done;
}

function isIn({ from, to }: Period, at: string): boolean {
  const time = Date.parse(at);
  return time >= from && time < to;
}
