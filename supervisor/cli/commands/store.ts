import { command } from '../command.ts';
import { showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS } from '../terminal-options.ts';
import { storeText } from '../views/store-text.ts';

export const store = command({
  forms: ['store <id>'],
  about: 'Shows a store: its terms, open fulfilments and stock.',
  options: TERMINAL_OPTIONS,
  run: ({ values, positionals: [id] }) => showEntity({ entity: 'store', id, text: storeText }, values),
});
