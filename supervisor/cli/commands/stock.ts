import { command } from '../command.ts';
import { showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS } from '../terminal-options.ts';
import { stockText } from '../views/store-text.ts';

export const stock = command({
  forms: ['stock <sku>'],
  about: 'Shows what all stores have of a sku.',
  options: TERMINAL_OPTIONS,
  run: ({ values, positionals: [id] }) => showEntity({ entity: 'stock', id, text: stockText }, values),
});
