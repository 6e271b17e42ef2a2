import { parseArgs } from 'node:util';
import { type Command, type CommandLine, type Options, UsageError } from './command.ts';

export function parseCommandLine<Known extends Options>(
  { options, forms, variadic }: Pick<Command<Known>, 'options' | 'forms' | 'variadic'>,
  args: readonly string[],
): CommandLine<Known> {
  try {
    const known = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
    const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
    const most = variadic ? positionals.length : Math.max(...forms.map(argumentsIn));
    const surplus = positionals[most];
    if (surplus !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(surplus)}`);
    // A variable of a script that is not set: it would be taken for the current folder, or for the default.
    const empty = Object.keys(values).find((name) => values[name] === '');
    if (empty !== undefined) throw new UsageError(`--${empty} is given, and empty`);
    return { values: values as CommandLine<Known>['values'], positionals };
  } catch (error) {
    if (isParseError(error)) throw new UsageError(firstSentence(error.message));
    throw error;
  }
}

/** `order place --file <file>` has one: the first word is the command, and options end the arguments. */
function argumentsIn(form: string): number {
  return form.split(' --', 1).join('').split(' ').length - 1;
}

/** Options that mean something in another form of the command only. */
export function refuseOutside(form: string, values: object, names: readonly string[]): void {
  const given = names.find((name) => name in values);
  if (given !== undefined) throw new UsageError(`--${given} is of ${form}`);
}

/** The value as a whole number in the bounds given. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${option} ${text}: a whole number from ${least} to ${most} is wanted`);
  }
  return number;
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** What follows is advice on dashes that is longer than the error. */
function firstSentence(message: string): string {
  return message.split('. ', 1).join('').split('\n', 1).join('').replace(/\.$/, '');
}
