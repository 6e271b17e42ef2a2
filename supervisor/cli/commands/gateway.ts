import { journalPages } from '../../demo/gather.ts';
import { command, EXIT } from '../command.ts';
import { checkedId, showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { gatewayText, journalLines } from '../views/gateway-text.ts';

export const gateway = command({
  forms: ['gateway <account>'],
  about: 'Shows a gateway account: limits, queue by kind, circuit and last errors.',
  options: {
    ...TERMINAL_OPTIONS,
    journal: { type: 'boolean', help: 'every call that reached the simulated provider, in order' },
  },
  async run({ values, positionals: [id] }) {
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
