import { command, EXIT } from '../command.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import type { Terminal } from '../open-terminal.ts';
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
      const silence = tellOfConnection(terminal);
      await terminal.listen(positionals.length > 0 ? positionals : EVERYTHING, ({ subject, payload }) => {
        const line = values.json ? JSON.stringify({ subject, payload }) : messageLine(new Date(), subject, payload);
        process.stdout.write(`${line}\n`);
      });
      await Promise.race([stop, terminal.closed]);
      silence();
    });
    return EXIT.done;
  },
});

/** On stderr, as stdout has what happens and nothing else; the function that is returned ends it. */
function tellOfConnection(terminal: Terminal): () => void {
  const tell = (what: string) => process.stderr.write(`tillwire: ${what}\n`);
  const forget = [
    terminal.onDisconnect(() => tell('the connection was lost; trying to connect again')),
    terminal.onReconnect(() => tell('connected again; events in between are not shown: they are in the stream EVENTS')),
  ];
  return () => {
    for (const one of forget) one();
  };
}
