import { expect, test } from 'vitest';
import { openConnection } from '../../../supervisor/nats/connection.ts';
import { startRealServer, withServer } from '../../fixture/real-server.ts';

/** Longer than a server may be silent. */
const STOOD_STILL_MS = 2500;

test.each([
  ['dies', 'SIGKILL'],
  ['stands still', 'SIGSTOP'],
])('a connection whose server %s while it drains is closed all the same', async (_, signal) => {
  const server = await startRealServer();
  const connection = await openConnection({ servers: server.url, name: 'draining' });
  connection.nats.subscribe('something');
  process.kill(server.pid, 'SIGSTOP');
  const drained = connection.drain();
  process.kill(server.pid, signal);
  await drained;
  expect(connection.nats.isClosed()).toBe(true);
  await server.remove();
});

test('a process that stood still longer than a server may be silent reads what the server said meanwhile', () =>
  withServer(async ({ url }) => {
    const connection = await openConnection({ servers: url, name: 'stood still' });
    const silent = connection.closeIfSilent();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STOOD_STILL_MS);
    expect(await silent).toBe(false);
    expect(connection.nats.isClosed()).toBe(false);
    await connection.drain();
  }));

test('tls:// is encrypted or there is no connection: no login is said to a server that can not', () =>
  withServer(async ({ url }) => {
    const encrypted = `tls://me:secret@${new URL(url).host}`;
    await expect(openConnection({ servers: encrypted, name: 'careful' })).rejects.toThrow("does not support 'tls'");
  }));
