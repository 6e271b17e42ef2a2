import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const WITHIN_MS = 180_000;
const ENDS_WITHIN_MS = 5_000;

test('the sample week is traded from one command, and its books balance', { timeout: WITHIN_MS }, async () => {
  const { code, stdout } = await tillwire('demo');
  expect(stdout).toMatch(/THE BOOKS BALANCE: Σ parties ([\d.]+ GBP) = captured − refunded \1 = moved \1\n/);
  // The same in every run, whoever is quicker.
  expect(stdout).toContain('\n  649 orders: 629 fulfilled, 18 cancelled, 2 closed\n');
  expect(stdout).toContain('\n  933 fulfilments: 895 handed-over, 31 cancelled, 7 declined\n');
  expect(stdout).toContain('\n  18 returns: 18 inspected\n');
  expect(stdout).toContain(' captured − refunded   298589.21 GBP  305190.27 GBP − 6601.06 GBP\n');
  expect(stdout).toContain(' payouts 72027.28 GBP − reversals 1224.14 GBP\n');
  expect(code).toBe(0);
});

test('a week that is interrupted ends at once: the process that trades goes too', { timeout: WITHIN_MS }, async () => {
  const demo = new TillwireProcess('demo');
  try {
    await eventually(() => /orders [1-9]\d* placed/.test(demo.stdout), { what: 'it trades', withinMs: 60_000 });
    demo.signal('SIGTERM');
    expect(await demo.exit()).toBe(1);
    expect(demo.stderr).toBe('tillwire: stopped (SIGTERM)\n');
  } finally {
    await demo.end();
  }
});

describe('what a demo leaves behind', () => {
  let temporary: string;
  const started: TillwireProcess[] = [];

  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
    vi.stubEnv('TMPDIR', temporary);
  });

  afterEach(async () => {
    for (const demo of started.splice(0)) await demo.end();
    vi.unstubAllEnvs();
    await rm(temporary, { recursive: true, force: true });
  });

  /** One that trades, with the process id of its server. */
  async function trading(): Promise<{ demo: TillwireProcess; folder: string; server: number }> {
    const before = await readdir(temporary);
    const demo = new TillwireProcess('demo');
    started.push(demo);
    await eventually(() => /orders [1-9]\d* placed/.test(demo.stdout), { what: 'it trades', withinMs: 60_000 });
    const folder = (await readdir(temporary)).find((name) => !before.includes(name)) ?? '';
    const { server } = JSON.parse(await readFile(join(temporary, folder, 'owner.json'), 'utf8'));
    return { demo, folder, server };
  }

  test('is nothing, though Ctrl-C was pressed more than once', { timeout: WITHIN_MS }, async () => {
    const { demo, server } = await trading();
    // In order it would end late.
    process.kill(server, 'SIGSTOP');
    expect(await demo.interrupt(ENDS_WITHIN_MS)).toBe(130);
    await demo.closed();
    expect([isRunning(server), await readdir(temporary)]).toEqual([false, []]);
  });

  test('is removed by the next one, where it was killed', { timeout: WITHIN_MS }, async () => {
    const first = await trading();
    first.demo.signal('SIGKILL');
    // Its node and the process that traded have its output.
    await first.demo.closed();
    const second = await trading();
    expect(isRunning(first.server)).toBe(false);
    expect(await readdir(temporary)).toEqual([second.folder]);
  });

  test('stays where its processes are not those of this machine', { timeout: WITHIN_MS }, async () => {
    const first = await trading();
    first.demo.signal('SIGKILL');
    await first.demo.closed();
    process.kill(first.server, 'SIGKILL');
    // As a container names it that has this host's name and temporary folder.
    const foreign = first.folder.replace(/-[0-9a-z]+-(\d+-\w+)$/, '-1-$1');
    expect(foreign).not.toBe(first.folder);
    await rename(join(temporary, first.folder), join(temporary, foreign));
    const second = await trading();
    expect((await readdir(temporary)).sort()).toEqual([foreign, second.folder].sort());
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
