import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
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
