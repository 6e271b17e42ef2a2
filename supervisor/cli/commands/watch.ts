import { command, EXIT } from '../command.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { messageLine } from '../views/message-line.ts';

const EVERYTHING = ['event.>', 'out.>'];

export const watch = command({
  forms: ['watch [<subject>…]'],
  about:
    'Prints events and messages to terminals as they happen, until Ctrl-C; `tillwire watch event.order.*.captured`.',
  options: TERMINAL_OPTIONS,
  variadic: true,
  async run({ values, positionals }) {
    const stop = askedToStop();
    await withTerminal(values, async (terminal) => {
      await terminal.listen(positionals.length > 0 ? positionals : EVERYTHING, ({ subject, payload }) => {
        const line = values.json ? JSON.stringify({ subject, payload }) : messageLine(new Date(), subject, payload);
        process.stdout.write(`${line}\n`);
      });
      await Promise.race([stop, terminal.closed]);
    });
    return EXIT.done;
  },
});
