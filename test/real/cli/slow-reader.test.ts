import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';

const PROGRAM = fileURLToPath(new URL('../../../supervisor/cli/tillwire.js', import.meta.url));
/** Longer than what holds a process is waited for. */
const SLOW_MS = 4000;

test('whoever reads slowly gets all that was said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-test-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, 'w');
  const child = spawn(process.execPath, [PROGRAM, 'contract'], { stdio: ['ignore', writer, 'inherit'] });
  const exited = once(child, 'exit');
  closeSync(writer);
  const until = performance.now() + SLOW_MS;
  await eventually(() => performance.now() > until, { what: 'it was not read for a while' });
  expect(JSON.parse(await text(new Socket({ fd: reader })))).toMatchObject({ asyncapi: expect.any(String) });
  expect(await exited).toEqual([0, null]);
  rmSync(folder, { recursive: true });
});

test('what can not be written is said, and exits 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-test-'));
  const path = join(folder, 'read-only');
  writeFileSync(path, '');
  // As on a full disk: it takes nothing.
  const stdout = openSync(path, 'r');
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'help'], {
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(stdout);
  rmSync(folder, { recursive: true });
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^tillwire: what is said on stdout can't be written: EBADF/),
  ]);
});
