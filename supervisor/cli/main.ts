/** The program: finds the command, reads its options, runs it, says what went wrong. */
import manifest from '../../package.json' with { type: 'json' };
import { messageOf } from '../../protocols/thrown.ts';
import { NotConnected } from '../nats/server-address.ts';
import { type Command, EXIT, NotSent, UsageError } from './command.ts';
import { COMMANDS } from './commands.ts';
import { parseCommandLine } from './parse-command-line.ts';
import { commandUsage, programUsage } from './usage.ts';

const HELP = new Set(['help', '--help', '-h']);
const VERSION = new Set(['--version', '-v']);

const HOW_TO_CONNECT =
  'say where it is with --nats or TILLWIRE_NATS, nats://[user:password@]host:port, or tls://; tillwire up starts one of its own';

/** Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  process.stdout.once('error', leaveUnread);
  try {
    if (name === undefined) throw new UsageError('which command?');
    if (HELP.has(name)) return await help(args.find((arg) => !HELP.has(arg)));
    if (VERSION.has(name)) return version();
    if (args.includes('--help') || args.includes('-h')) return await help(name);
    const command = await load(name);
    return await command.run(parseCommandLine(command, args));
  } catch (error) {
    return complain(name, error);
  }
}

async function help(name: string | undefined): Promise<number> {
  process.stdout.write(name === undefined ? programUsage(COMMANDS) : commandUsage(await load(name)));
  return EXIT.done;
}

function version(): number {
  process.stdout.write(`${manifest.version}\n`);
  return EXIT.done;
}

function load(name: string): Promise<Command> {
  const entry = COMMANDS.find((known) => known.name === name);
  if (!entry) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
  return entry.load();
}

function complain(name: string | undefined, error: unknown): number {
  if (error instanceof UsageError) {
    const known = COMMANDS.some((entry) => entry.name === name);
    process.stderr.write(`tillwire: ${error.message}; see tillwire help${known ? ` ${name}` : ''}\n`);
    return EXIT.usage;
  }
  if (error instanceof NotSent) {
    complain(name, error.cause);
    return EXIT.unsent;
  }
  if (error instanceof NotConnected) {
    process.stderr.write(`tillwire: ${error.message}: ${HOW_TO_CONNECT}\n`);
    return EXIT.failed;
  }
  process.stderr.write(`tillwire: ${isDefect(error) ? error.stack : messageOf(error)}\n`);
  return EXIT.failed;
}

/** Errors that we throw explain themselves; these are our bugs, and need to say where. */
function isDefect(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

/** Whoever read our output (`| head`) has seen enough; where it can't be written nobody has. */
function leaveUnread(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  process.stderr.write(`tillwire: what is said on stdout can't be written: ${error.message}\n`);
  process.exit(EXIT.failed);
}
