import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../../supervisor/node/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(config: object) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return readConfig(file);
}

test('the fee goes with the first capture, unless it is configured that each has its part', () => {
  expect(read({}).shipping).toBe('first-ready');
  expect(read({ shipping: 'pro-rata' }).shipping).toBe('pro-rata');
});

test.each(['by-weight', '', 1, null, { policy: 'pro-rata' }])(
  '%j is no policy: the field and the rule are named',
  (shipping) => {
    expect(() => read({ shipping })).toThrow('config.json: shipping must be one of "first-ready", "pro-rata"');
  },
);
