import { expect, test } from 'vitest';
import { openConnection } from '../../../supervisor/nats/connection.ts';
import { startRealServer } from '../../fixture/real-server.ts';

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
