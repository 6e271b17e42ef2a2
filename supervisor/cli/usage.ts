import { alignedLines } from '../text/table.ts';
import type { Command, Options } from './command.ts';

export interface Summary {
  name: string;
  about: string;
}

export function programUsage(commands: readonly Summary[]): string {
  return [
    'usage: tillwire <command> [options]',
    '',
    ...alignedLines(commands.map(({ name, about }) => [`  ${name}`, about])),
    '',
    'tillwire help <command> tells more; tillwire --version tells its version.',
    '',
  ].join('\n');
}

export function commandUsage({ forms, about, options }: Pick<Command, 'forms' | 'about' | 'options'>): string {
  const [first, ...others] = forms.map((form) => `tillwire ${form}`);
  return [
    `usage: ${first}`,
    ...others.map((form) => `       ${form}`),
    '',
    about,
    ...(Object.keys(options).length > 0 ? ['', ...optionLines(options)] : []),
    '',
  ].join('\n');
}

function optionLines(options: Options): string[] {
  return alignedLines(
    Object.entries(options).map(([name, { value, help }]) => [`  --${name}${value ? ` ${value}` : ''}`, help]),
  );
}
