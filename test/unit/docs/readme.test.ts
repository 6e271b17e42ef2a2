import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTENTIONS } from '../../../protocols/attentions.ts';
import { COMMAND_SCHEMAS, type CommandEntity, RIGHTS } from '../../../protocols/commands.ts';
import { REFUSALS } from '../../../protocols/refusals.ts';
import { readConfig } from '../../../supervisor/node/config.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** What stands between the marks; on a difference the expectation shows what should. */
function generated(name: string): string {
  const [, rest = ''] = README.split(`<!-- generated: ${name} -->\n`);
  return rest.split(`<!-- /generated: ${name} -->`)[0]?.trim() ?? '';
}

function commandTable(): string {
  const rows = Object.keys(COMMAND_SCHEMAS).flatMap((entity) => {
    const rights: Record<string, readonly string[]> = RIGHTS[entity as CommandEntity];
    return Object.entries(rights).map(([command, kinds]) => `| ${entity} | \`${command}\` | ${kinds.join(', ')} |`);
  });
  return ['| entity | command | who |', '|---|---|---|', ...rows].join('\n');
}

function refusalTable(): string {
  const rows = Object.entries(REFUSALS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['| code | meaning |', '|---|---|', ...rows].join('\n');
}

function attentionTable(): string {
  const rows = Object.entries(ATTENTIONS).map(
    ([code, { about, means, end = '' }]) => `| \`${code}\` | ${about} | ${means} | ${end} |`,
  );
  return ['| code | about | meaning | what ends it |', '|---|---|---|---|', ...rows].join('\n');
}

describe('the tables of README', () => {
  it('list every command and who may send it', () => {
    expect(generated('commands')).toBe(commandTable());
  });

  it('list every refusal in the order in which it is checked', () => {
    expect(generated('refusals')).toBe(refusalTable());
  });

  it('list all that calls for a person, and what ends it', () => {
    expect(generated('attentions')).toBe(attentionTable());
  });
});

describe('the configuration in README', () => {
  it('is one that a node reads', () => {
    const [, shown = ''] = /```json\n([^`]*)```/.exec(README) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'tillwire-readme-'));
    const file = join(folder, 'config.json');
    writeFileSync(file, shown);
    const { commission, returns } = readConfig(file);
    rmSync(folder, { recursive: true });
    expect(commission.versions.flatMap(({ rules }) => rules).map(({ rule }) => rule)).toEqual([
      'books',
      'collect',
      'others',
    ]);
    expect(returns.reasons?.map(({ code }) => code)).toEqual(['defect', 'no-longer-wanted']);
  });
});
