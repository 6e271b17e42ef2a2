import { command, EXIT, UsageError } from '../command.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { messageLine } from '../views/message-line.ts';

const EVERYTHING = ['event.>', 'out.>'];
const PART = /^[^\s*>.\p{Cc}]+$/u;

export const watch = command({
  forms: ['watch [<subject>…]'],
  about:
    'Prints events and messages to terminals as they happen, until Ctrl-C; `tillwire watch event.order.*.captured`.\n' +
    'As JSON it is an object a line, with its subject and payload.\n' +
    'A server that goes away is waited for; one that takes it back no more ends it, and it exits 1.',
  options: TERMINAL_OPTIONS,
  variadic: true,
  async run({ values, positionals }) {
    const subjects = positionals.length > 0 ? positionals.map(checkedSubject) : EVERYTHING;
    const stop = askedToStop();
    await withTerminal(values, async (terminal) => {
      const silence = tellOfConnection(terminal);
      await terminal.listen(subjects, ({ subject, payload }) => {
        const line = values.json ? JSON.stringify({ subject, payload }) : messageLine(new Date(), subject, payload);
        process.stdout.write(`${line}\n`);
      });
      const ended = await Promise.race([stop.then(() => false), terminal.closed.then((error) => error ?? true)]);
      silence();
      if (ended) throw endedFor(ended);
    });
    return EXIT.done;
  },
});

function endedFor(reason: Error | true): Error {
  const why = reason === true ? '' : ` (${reason.message})`;
  return new Error(`the connection was closed for good${why}: what follows is in the stream EVENTS`);
}

/** Nothing would ever come on another one, and a server hangs up on some. */
function checkedSubject(subject: string): string {
  const parts = subject.split('.');
  if (!parts.every((part, index) => PART.test(part) || part === '*' || (part === '>' && index === parts.length - 1))) {
    throw new UsageError(
      `${JSON.stringify(subject)} is no subject: parts with a dot between, * for any one part, > at the end for all that follow`,
    );
  }
  return subject;
}

/** On stderr, as stdout has what happens and nothing else; the function that is returned ends it. */
function tellOfConnection(terminal: CliTerminal): () => void {
  const tell = (what: string) => process.stderr.write(`tillwire: ${what}\n`);
  const forget = [
    terminal.onDisconnect(() => tell('the connection was lost; trying to connect again')),
    terminal.onReconnect(() => tell('connected again; events in between are not shown: they are in the stream EVENTS')),
  ];
  return () => {
    for (const one of forget) one();
  };
}
