import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../soak/options.ts';

const WEEK = fileURLToPath(new URL('../../../supervisor/sample/online-retail-ii-week.csv.gz', import.meta.url));

describe('options of the soak', () => {
  test('without them the whole sheet is traded', () => {
    const { weeks, orders } = readOptions(['--data', WEEK]);
    expect(weeks).toBeGreaterThan(53);
    expect(orders).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    [[], '--data is missing'],
    [['--data', 'nowhere.csv.gz'], '--data nowhere.csv.gz: there is no such file'],
  ])('%j says where the sheet is from', (argv, reason) => {
    expect(() => readOptions(argv)).toThrow(reason);
    expect(() => readOptions(argv)).toThrow('https://doi.org/10.24432/C5CG6D');
  });

  test.each([['--weeks'], ['--orders'], ['--concurrency']])('%s is a positive integer', (option) => {
    for (const text of ['0', '1.5', 'many'])
      expect(() => readOptions(['--data', WEEK, option, text])).toThrow(`${option} is a positive integer, not ${text}`);
  });
});
