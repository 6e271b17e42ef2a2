import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';

const PROGRAM = 'supervisor/cli/install-dependencies.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tillwire-install-')));
  mkdirSync(join(root, 'supervisor', 'cli'), { recursive: true });
  copyFileSync(fileURLToPath(new URL(`../../../${PROGRAM}`, import.meta.url)), join(root, PROGRAM));
  for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(root, name), '{"type":"module"}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends an install only when npm, which is told of it, has cleaned up', async (signal, code) => {
  // As the real one: it goes on for a while.
  const tidy = 'for i in 1 2 3 4; do sleep 0.05; done; touch tidied; exit 1';
  const npm = `trap '${tidy}' INT TERM\ntouch began\nfor i in $(seq 200); do sleep 0.05; done\n`;
  writeFileSync(join(root, 'npm'), `#!/bin/sh\n${npm}`, { mode: 0o755 });
  const installing = spawn(process.execPath, [join(root, PROGRAM)], {
    env: { ...process.env, PATH: `${root}:${process.env.PATH}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  installing.stderr.on('data', (bytes) => {
    said += bytes;
  });
  const ended = once(installing, 'close');
  await eventually(() => existsSync(join(root, 'began')), { what: 'npm runs' });
  installing.kill(signal);
  expect([await once(installing, 'exit'), existsSync(join(root, 'tidied'))]).toEqual([[code, null], true]);
  await ended;
  expect(said).toContain(`stopped (${signal})`);
});

test.each(['', '{}', '{"packages"'])('an install whose record is %j is done again', (record) => {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), record);
  const wanted = { packages: { 'node_modules/some': { version: '1.0.0' } } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(wanted));
  writeFileSync(join(root, 'npm'), '#!/bin/sh\ntouch began\n', { mode: 0o755 });
  const env = { ...process.env, PATH: `${root}:${process.env.PATH}` };
  const { status, stderr } = spawnSync(process.execPath, [join(root, PROGRAM)], { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, 'tillwire: installing dependencies (npm ci), once…\n']);
  expect(existsSync(join(root, 'began'))).toBe(true);
});
