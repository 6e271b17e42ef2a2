/** What a command of `tillwire` is. Each has a file in commands/, loaded when it is asked for. */

interface Option {
  type: 'string' | 'boolean';
  /** Shown in place of the value: `--port <n>`. */
  value?: string;
  help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What was given of them. */
type Values<Known extends Options> = {
  [Name in keyof Known]?: Known[Name]['type'] extends 'boolean' ? boolean : string;
};

export interface CommandLine<Known extends Options> {
  values: Values<Known>;
  positionals: readonly string[];
}

export interface Command<Known extends Options = Options> {
  /** The forms of the command line, without `tillwire` and options. */
  forms: readonly string[];
  about: string;
  options: Known;
  /** Any number of arguments may follow. */
  variadic?: boolean;
  /** Resolves with the exit code. */
  run(line: CommandLine<Known>): Promise<number>;
}

/** Unknown: what was sent may have been done, or may be yet. Unsent: no server has it, and none will do it. */
export const EXIT = { done: 0, failed: 1, usage: 2, unknown: 3, unsent: 4 } as const;

/** The command line is wrong: says how, and exits 2. */
export class UsageError extends Error {}

/** A command came to no server: says what its cause says, and exits 4. */
export class NotSent extends Error {}

/** Keeps the types of the options for `run`. */
export function command<const Known extends Options>(definition: Command<Known>): Command<Known> {
  return definition;
}
