import { describe, expect, test } from 'vitest';
import { command, UsageError } from '../../../supervisor/cli/command.ts';
import { parseCommandLine, wholeNumber } from '../../../supervisor/cli/parse-command-line.ts';

const bake = command({
  forms: ['bake <cake>', 'bake bread --flour <kind>'],
  about: 'Bakes.',
  options: { flour: { type: 'string', help: '' }, quick: { type: 'boolean', help: '' } },
  run: async () => 0,
});

describe('a command line', () => {
  test('is read into values and positionals', () => {
    const { values, positionals } = parseCommandLine(bake, ['tart', '--flour=rye', '--quick']);
    expect([{ ...values }, positionals]).toEqual([{ flour: 'rye', quick: true }, ['tart']]);
  });

  test.each([
    [['--salt'], "Unknown option '--salt'"],
    [['--flour'], "Option '--flour <value>' argument missing"],
    [['--flour', ''], '--flour is given, and empty'],
    [['--flour='], '--flour is given, and empty'],
    [['tart', 'pie'], 'unexpected argument "pie"'],
  ])('%j is refused, and the error names what is wrong', (args, message) => {
    expect(() => parseCommandLine(bake, args)).toThrow(new UsageError(message));
  });

  test('of a variadic command may be of any length', () => {
    expect(parseCommandLine({ ...bake, variadic: true }, ['a', 'b', 'c']).positionals).toEqual(['a', 'b', 'c']);
  });

  test.each(['', '-1', '1.5', '7', 'ten', '1e1'])('"%s" is no whole number from 1 to 6', (text) => {
    expect(() => wholeNumber('nodes', text, 1, 6)).toThrow(/^--nodes .*: a whole number from 1 to 6 is wanted$/);
  });
});
