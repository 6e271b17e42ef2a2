import { command } from '../command.ts';
import { showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS } from '../terminal-options.ts';
import { returnText } from '../views/return-text.ts';

export const returned = command({
  forms: ['return <id>'],
  about: 'Shows a return: what was declared, received and decided.',
  options: TERMINAL_OPTIONS,
  run: ({ values, positionals: [id] }) => showEntity({ entity: 'return', id, text: returnText }, values),
});
