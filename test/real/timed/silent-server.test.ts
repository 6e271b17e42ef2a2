import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { TillwireProcess } from '../cli/tillwire-process.ts';

/** Two seconds until they take the server for gone, on each of two connections. */
const NODES_END_WITHIN_MS = 10_000;

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('nodes of a server that stands still end by themselves, all at once, and the log says what is waited for', async () => {
  const data = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
  const up = new TillwireProcess('up', '--port', '0', '--data', data, '--nodes', '3', '--log-level', 'warn');
  try {
    const { nodes } = await up.ready();
    const { server } = JSON.parse(await readFile(join(data, 'owner.json'), 'utf8'));
    process.kill(server, 'SIGSTOP');
    up.signal('SIGTERM');
    await eventually(() => !nodes.some(isRunning), { what: 'the nodes end', withinMs: NODES_END_WITHIN_MS });
    await eventually(() => up.stderr.includes('waiting for nats-server to stop: 15 s at most, then it is killed'), {
      what: 'it says that it waits for the server',
    });
    process.kill(server, 'SIGKILL');
    expect(await up.exit()).toBe(0);
    expect(up.stderr).toContain('nats-server does not answer');
    expect(up.stderr).not.toMatch(/node-\d did not stop/);
    expect(up.stderr).not.toMatch(/part failed|partition lost/);
  } finally {
    await up.end();
    await rm(data, { recursive: true, force: true });
  }
});
