import { readRuleFile } from '../../node/rule-file.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { print } from '../print.ts';

export const rules = command({
  forms: ['rules check --rules <file>'],
  about: 'Commission rules. `check` says what is wrong with a file of them, rule by rule.',
  options: {
    rules: { type: 'string', value: '<file>', help: 'the rules, JSON' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  async run({ values, positionals: [action] }) {
    if (action !== 'check') throw new UsageError(`rules ${action ?? ''}: check is wanted`);
    if (values.rules === undefined) throw new UsageError('which rules? --rules <file>');
    return check(values.rules, values.json);
  },
});

function check(file: string, json: boolean | undefined): number {
  const { versions } = readRuleFile(file);
  const summary = versions.map(({ version, validFrom, rules: of }) => ({ version, validFrom, rules: of.length }));
  print({ versions: summary }, json, () =>
    summary.map((of) => `${of.version}, valid from ${of.validFrom}: ${of.rules} rules, all in order\n`).join(''),
  );
  return EXIT.done;
}
