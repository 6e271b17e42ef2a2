import { type DeadLetter, MAX_LISTED } from '../../nats/dead-letters.ts';
import { command, EXIT, UsageError } from '../command.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { print } from '../print.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { deadLetterText, deadLetterView, deadListText } from '../views/dead-text.ts';

const ACTIONS = ['list', 'show', 'replay', 'discard'] as const;
type Action = (typeof ACTIONS)[number];

export const dead = command({
  forms: ['dead list [--after <seq>]', 'dead show <seq>', 'dead replay <seq>', 'dead discard <seq>'],
  about:
    'Commands that could not be read, or whose handling threw. `replay` sends one again under a new id and removes it\n' +
    `here; \`discard\` removes it only. A list has ${MAX_LISTED} at most, the oldest first; --after goes on behind one.`,
  options: { ...TERMINAL_OPTIONS, after: { type: 'string', value: '<seq>', help: 'list: those behind this one' } },
  async run({ values, positionals: [action = 'list', sequence] }) {
    if (!isAction(action)) throw new UsageError(`dead ${action}: one of ${ACTIONS.join(', ')} is wanted`);
    if (action === 'list') {
      const after = values.after === undefined ? 0 : sequenceOf(values.after);
      return withTerminal(values, (terminal) => list(terminal, after, values.json));
    }
    const number = sequenceOf(sequence);
    return withTerminal(values, (terminal) => act(terminal, action, number, values.json));
  },
});

async function list({ dead }: CliTerminal, after: number, json: boolean | undefined): Promise<number> {
  const letters = await dead.list(after);
  print(letters.map(deadLetterView), json, () => deadListText(letters));
  const last = letters.at(-1);
  if (last && letters.length === MAX_LISTED)
    process.stderr.write(`tillwire: there may be more: dead list --after ${last.sequence}\n`);
  return EXIT.done;
}

async function act(
  { dead }: CliTerminal,
  action: Exclude<Action, 'list'>,
  sequence: number,
  json: boolean | undefined,
): Promise<number> {
  const letter: DeadLetter | undefined = await dead.get(sequence);
  if (letter === undefined) throw new Error(`there is no dead letter ${sequence}`);
  if (action === 'show') {
    print(deadLetterView(letter), json, () => deadLetterText(letter));
    return EXIT.done;
  }
  if (action === 'replay') await dead.replay(letter);
  await dead.discard(sequence);
  print({ sequence, [action]: true }, json, () => `dead letter ${sequence}: ${DONE[action]}\n`);
  return EXIT.done;
}

const DONE = { replay: 'sent again, and removed here', discard: 'discarded' };

function isAction(text: string): text is Action {
  return ACTIONS.some((action) => action === text);
}

function sequenceOf(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,15}$/.test(text))
    throw new UsageError('which one? its sequence, as dead list shows it');
  return Number(text);
}
