import { readFileSync } from 'node:fs';
import type { OrderView } from '../../../protocols/views.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { OutcomeUnknown } from '../open-terminal.ts';
import { wholeNumber } from '../parse-command-line.ts';
import { print } from '../print.ts';
import { checkedId, showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { orderText } from '../views/order-text.ts';
import { outcomeText } from '../views/outcome-text.ts';

const STDIN = 0;
/** Some editors begin a file with it. */
const BYTE_ORDER_MARK = /^\uFEFF/;
const WAIT_SECONDS = '30';
const LONGEST_WAIT_SECONDS = 3600;

export const order = command({
  forms: ['order <id>', 'order place --file <file>'],
  about:
    'Shows an order: what needs attention first. `place` sends the order in a file and waits for the outcome:\n' +
    'exit 0 when it was applied, 1 when it was rejected, 3 when there is no outcome yet: it may be applied later.',
  options: {
    ...TERMINAL_OPTIONS,
    explain: { type: 'boolean', help: 'why these stores were chosen, and why money is taken when it is' },
    file: { type: 'string', value: '<file>', help: 'place: the order, JSON; - is stdin' },
    id: { type: 'string', value: '<id>', help: 'place: the id of the order (a new one)' },
    origin: { type: 'string', value: '<origin>', help: 'place: who sends it (channel-cli)' },
    wait: { type: 'string', value: '<seconds>', help: `place: how long for the outcome (${WAIT_SECONDS})` },
  },
  async run({ values, positionals: [id] }) {
    if (id === 'place') return place(values);
    return showEntity(
      { entity: 'order', id, text: (view: OrderView) => orderText(view, values.explain === true) },
      values,
    );
  },
});

interface PlaceOptions {
  nats?: string;
  json?: boolean;
  file?: string;
  id?: string;
  origin?: string;
  wait?: string;
}

async function place(values: PlaceOptions): Promise<number> {
  const { file, origin = 'channel-cli', wait = WAIT_SECONDS } = values;
  if (file === undefined) throw new UsageError('--file says which order to place');
  const id = checkedId('order', values.id ?? newOrderId());
  const payload = readJson(file);
  const subject = `in.${checkedId('origin', origin)}.order.${id}.place`;
  const withinMs = wholeNumber('wait', wait, 1, LONGEST_WAIT_SECONDS) * 1000;
  try {
    const outcome = await withTerminal(values, (terminal) => terminal.ask(subject, payload, withinMs));
    print({ order: id, ...outcome }, values.json, () => outcomeText(`order ${id}`, outcome));
    return outcome.outcome === 'applied' ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    const { command, message } = error;
    print({ order: id, command, outcome: 'unknown', reason: message }, values.json, () => '');
    process.stderr.write(`tillwire: ${message}\n`);
    return EXIT.unknown;
  }
}

function newOrderId(): string {
  const suffix = Math.floor(Math.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `C${Date.now().toString(36)}${suffix}`.toUpperCase();
}

function readJson(file: string): object {
  try {
    const text = readFileSync(file === '-' ? STDIN : file, 'utf8');
    const value: unknown = JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new UsageError(`--file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new UsageError(`--file ${file}: an object is wanted`);
}
