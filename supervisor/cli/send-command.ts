/** Sends one command as a terminal would, says what became of it, and ends with the exit code for it. */
import { readFileSync } from 'node:fs';
import { encode } from '../../protocols/codec.ts';
import { MAX_COMMAND_BYTES } from '../../protocols/commands.ts';
import { messageOf } from '../../protocols/thrown.ts';
import { EXIT, NotSent, UsageError } from './command.ts';
import { type Outcome, OutcomeUnknown } from './open-terminal.ts';
import { wholeNumber } from './parse-command-line.ts';
import { print } from './print.ts';
import { checkedId } from './show-entity.ts';
import { withTerminal } from './terminal-options.ts';
import { outcomeText } from './views/outcome-text.ts';

const STDIN = 0;
/** Some editors begin a file with it. */
const BYTE_ORDER_MARK = /^\uFEFF/;
const WAIT_SECONDS = '30';
const LONGEST_WAIT_SECONDS = 3600;

/** For the help of a command that sends. */
export const EXIT_CODES =
  'exit 0 when it was applied, 1 when it was rejected, 3 when there is no outcome yet: it may be applied later; 4 when it came to\n' +
  'no server, and will not be applied.';

export const WAIT_OPTION = {
  type: 'string',
  value: '<seconds>',
  help: `how long for the outcome (${WAIT_SECONDS})`,
} as const;

export interface SentCommand {
  origin: string;
  entity: string;
  id: string | undefined;
  name: string | undefined;
  payload: object;
}

export async function sendCommand(
  { origin, entity, id, name, payload }: SentCommand,
  values: { nats?: string; json?: boolean; wait?: string },
): Promise<number> {
  const known = checkedId(entity, id);
  const subject = `in.${checkedId('origin', origin)}.${checkedId('entity', entity)}.${known}.${checkedId('command', name)}`;
  checkSize(payload);
  const withinMs = wholeNumber('wait', values.wait ?? WAIT_SECONDS, 1, LONGEST_WAIT_SECONDS) * 1000;
  let outcome: Outcome;
  try {
    outcome = await withTerminal(values, (terminal) => terminal.ask(subject, payload, withinMs));
  } catch (error) {
    return sayNoOutcome({ [entity]: known }, values.json, error);
  }
  print({ [entity]: known, ...outcome }, values.json, () => outcomeText(`${entity} ${known}`, outcome));
  return outcome.outcome === 'applied' ? EXIT.done : EXIT.failed;
}

function sayNoOutcome(about: object, json: boolean | undefined, error: unknown): number {
  const reason = messageOf(error);
  if (!(error instanceof OutcomeUnknown)) {
    print({ ...about, outcome: 'not-sent', reason }, json, () => '');
    throw new NotSent('', { cause: error });
  }
  print({ ...about, command: error.command, outcome: 'unknown', reason }, json, () => '');
  process.stderr.write(`tillwire: ${reason}\n`);
  return EXIT.unknown;
}

/** A node would refuse it too, and a server takes no message that is much larger. */
function checkSize(payload: object): void {
  const { length } = encode(payload, 'json');
  if (length > MAX_COMMAND_BYTES)
    throw new UsageError(`the payload has ${length} bytes as JSON: ${MAX_COMMAND_BYTES} are the most`);
}

/** `-` is stdin. */
export function payloadOfFile(file: string): object {
  let text: string;
  try {
    text = readFileSync(file === '-' ? STDIN : file, 'utf8');
  } catch (error) {
    throw new UsageError(`--file ${file}: ${messageOf(error)}`);
  }
  return payloadOf(`--file ${file}`, text.replace(BYTE_ORDER_MARK, ''));
}

export function payloadOf(source: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new UsageError(`${source}: ${messageOf(error)}`);
  }
  throw new UsageError(`${source}: an object is wanted`);
}
