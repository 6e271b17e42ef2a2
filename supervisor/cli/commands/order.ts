import type { OrderView } from '../../../protocols/views.ts';
import { command, UsageError } from '../command.ts';
import { refuseOutside } from '../parse-command-line.ts';
import { EXIT_CODES, payloadOfFile, sendCommand, WAIT_OPTION } from '../send-command.ts';
import { showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS } from '../terminal-options.ts';
import { orderText } from '../views/order-text.ts';

export const order = command({
  forms: ['order <id>', 'order place --file <file>'],
  about: `Shows an order: what needs attention first. \`place\` sends the order in a file and waits for the outcome:\n${EXIT_CODES}`,
  options: {
    ...TERMINAL_OPTIONS,
    explain: { type: 'boolean', help: 'why these stores were chosen, and why money is taken when it is' },
    file: { type: 'string', value: '<file>', help: 'place: the order, JSON; - is stdin' },
    id: { type: 'string', value: '<id>', help: 'place: the id of the order (a new one)' },
    origin: { type: 'string', value: '<origin>', help: 'place: who sends it (channel-cli)' },
    wait: { ...WAIT_OPTION, help: `place: ${WAIT_OPTION.help}` },
  },
  async run({ values, positionals: [id] }) {
    if (id === 'place') {
      refuseOutside('order <id>', values, ['explain']);
      return place(values);
    }
    refuseOutside('order place', values, ['file', 'id', 'origin', 'wait']);
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
  const { file, id = newOrderId(), origin = 'channel-cli' } = values;
  if (file === undefined) throw new UsageError('--file says which order to place');
  return sendCommand({ origin, entity: 'order', id, name: 'place', payload: payloadOfFile(file) }, values);
}

function newOrderId(): string {
  const suffix = Math.floor(Math.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `C${Date.now().toString(36)}${suffix}`.toUpperCase();
}
