import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_INSTANT } from '../../../protocols/instant.ts';
import { readConfig } from '../../../supervisor/node/config.ts';
import { readRuleFile } from '../../../supervisor/node/rule-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rules-'));
const rules = (...list: object[]) => ({
  versions: [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules: list }],
});

function written(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

test('a file of rules is read as it is', () => {
  const book = rules({ rule: 'all', percent: '0.2' });
  expect(readRuleFile(written('good.json', book))).toEqual(book);
});

test('everything that is wrong is listed, with rule and field', () => {
  const file = written('bad.json', rules({ rule: 'a', percent: '1.5' }, { rule: 'b', fixed: 5 }));
  expect(() => readRuleFile(file)).toThrow(
    `${file}:\n  version v1, rule 1 (a): percent: 1.5 is above 1\n` +
      '  version v1, rule 2 (b): fixed: an amount needs the currency that it is in\n' +
      '  version v1, rule 2 (b): unreachable: rule a before it matches all that it could',
  );
});

test('a field of the wrong type is named by its path', () => {
  const file = written('form.json', rules({ rule: 'a', percent: 0.2, discount: true }));
  expect(() => readRuleFile(file)).toThrow('versions.0.rules.0.percent must be string');
});

test('a field that is missing is named by its path, in a file and in a configuration', () => {
  const [version] = rules({ rule: 'a', percent: '0.2' }).versions;
  const book = { versions: [version, { ...version, rules: [{ percent: '0.2' }], validFrom: undefined }] };
  const file = written('missing.json', book);
  expect(() => readRuleFile(file)).toThrow(
    `${file}:\n  versions.1.validFrom is required\n  versions.1.rules.0.rule is required`,
  );
  const config = written('config-missing.json', { returns: { reasons: [{ code: 'broken' }] } });
  expect(() => readConfig(config)).toThrow(`${config}: returns.reasons.0.name is required`);
});

test.each(['2026-01-01T00:00:00Z[UTC]', '2026-12-31T23:59:60Z', '2026-01-01'])(
  'a version that is valid from %s never would be: no file and no configuration may have it',
  (validFrom) => {
    const { versions } = rules({ rule: 'all', percent: '0.2' });
    const book = { versions: [...versions, { ...versions[0], version: 'v2', validFrom }] };
    const problem = `versions.1.validFrom ${NO_INSTANT}`;
    const file = written('when.json', book);
    expect(() => readRuleFile(file)).toThrow(`${file}:\n  ${problem}`);
    const config = written('config-when.json', { commission: book });
    expect(() => readConfig(config)).toThrow(`${config}: commission:\n  ${problem}`);
  },
);

test('the configuration names a file beside it, or holds the rules', () => {
  const book = rules({ rule: 'all', percent: '0.2' });
  written('beside.json', book);
  expect(readConfig(written('config-file.json', { commission: 'beside.json' })).commission).toEqual(book);
  expect(readConfig(written('config-inline.json', { commission: book })).commission).toEqual(book);
  expect(readConfig(written('config-none.json', {})).commission).toEqual({ versions: [] });
});
