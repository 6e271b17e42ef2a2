import { COMMAND_SCHEMAS } from '../../../protocols/commands.ts';
import { command, UsageError } from '../command.ts';
import { EXIT_CODES, payloadOf, payloadOfFile, sendCommand, WAIT_OPTION } from '../send-command.ts';
import { TERMINAL_OPTIONS } from '../terminal-options.ts';

export const send = command({
  forms: ['send <entity> <id> <command> [<payload>]', 'send <entity> <id> <command> --file <file>'],
  about:
    'Sends a command of the wire contract as any terminal would, and waits for its outcome:\n' +
    `${EXIT_CODES}\n` +
    'tillwire send order A1001 cancel \'{"reason":"customer called"}\'; without a payload it has no fields.',
  options: {
    ...TERMINAL_OPTIONS,
    origin: { type: 'string', value: '<origin>', help: 'who sends it: channel-…, store-…, ops-… (ops-cli)' },
    file: { type: 'string', value: '<file>', help: 'the payload, JSON; - is stdin' },
    wait: WAIT_OPTION,
  },
  async run({ values, positionals: [entity, id, name, text] }) {
    const { origin = 'ops-cli', file } = values;
    checkKnown(entity, name);
    if (text !== undefined && file !== undefined) throw new UsageError('a payload and --file: only one of them');
    const payload = file === undefined ? payloadOf('the payload', text ?? '{}') : payloadOfFile(file);
    return sendCommand({ origin, entity, id, name, payload }, values);
  },
});

/** A node would refuse it too; here nothing is sent, and what there is is listed. */
function checkKnown(entity: string | undefined, name: string | undefined): asserts entity is string {
  const commands = new Map<string, object>(Object.entries(COMMAND_SCHEMAS)).get(entity ?? '');
  if (entity === undefined || !commands)
    throw new UsageError(`which entity? ${Object.keys(COMMAND_SCHEMAS).join(', ')}`);
  if (name === undefined || !Object.hasOwn(commands, name)) {
    throw new UsageError(`which command to the ${entity}? ${Object.keys(commands).join(', ')}`);
  }
}
