import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { checkServer, type Patience } from '../../../supervisor/nats/server-check.ts';

const saying = (version: string) => ({ info: { version } }) as NatsConnection;
const nats = saying('2.14.4');
const check = (monitor: string, patience?: Patience) => checkServer(nats, { monitors: [monitor], patience });

/** Where this answers, until the check is over. */
async function checked(answer: RequestListener, patience?: Patience): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  try {
    return await check(`http://127.0.0.1:${port}`, patience).then(
      () => 'synced',
      (error: Error) => error.message.replaceAll(String(port), '8222'),
    );
  } finally {
    server.close();
  }
}

const unsaid = (monitor: string, why: string) =>
  `nobody at ${monitor} says whether nats-server syncs each write (${why}): ` +
  'name its monitoring address (`http_port`), or allow an unsynced server explicitly';

test.each(['2.14.3', '2.14.4-RC.1', '2.9.10', '', 'unknown'])('a server that says %j is refused', async (version) => {
  await expect(checkServer(saying(version), { syncedByCaller: true })).rejects.toThrow('2.14.4 or newer is needed');
});

test.each(['2.14.4', '2.15.0-RC.1', '2.15.1', '2.100.0', '3.0.0'])(
  'a server that says %j is taken',
  async (version) => {
    await checkServer(saying(version), { syncedByCaller: true });
  },
);

test('a server that syncs each write is taken, another one is refused', async () => {
  expect(await checked((_, answer) => answer.end('{"config":{"sync_always":true}}'))).toBe('synced');
  expect(await checked((_, answer) => answer.end('{"config":{}}'))).toMatch(
    /^nats-server at http:\/\/127\.0\.0\.1:8222 acknowledges writes that a power failure loses/,
  );
});

test('of several servers each must sync', async () => {
  const servers: Server[] = [];
  const monitors: string[] = [];
  for (const config of [{ sync_always: true }, {}]) {
    const server = createServer((_, answer) => answer.end(JSON.stringify({ config }))).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((listening) => server.once('listening', listening));
    monitors.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  try {
    await expect(checkServer(nats, { monitors })).rejects.toThrow(`nats-server at ${monitors[1]} acknowledges writes`);
  } finally {
    for (const server of servers) server.close();
  }
});

test('what is no monitoring address is named, with the cause and what to do', async () => {
  const nowhere = 'http://127.0.0.1:8222';
  expect(await checked((_, answer) => answer.writeHead(404).end())).toBe(unsaid(nowhere, 'status 404'));
  expect(await checked((request) => request.socket.destroy())).toMatch(/^nobody at .* \((UND_ERR_SOCKET|ECONNRESET)\)/);
  expect(await checked((_, answer) => answer.end('hello'))).toMatch(/^nobody at .* \(Unexpected token/);
  await expect(check('127.0.0.1:8222')).rejects.toThrow(unsaid('127.0.0.1:8222', 'ERR_INVALID_URL'));
});

test('where nobody listens, the reason is that of the connection', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const monitor = `http://127.0.0.1:${port}`;
  await expect(check(monitor)).rejects.toThrow(new Error(unsaid(monitor, 'ECONNREFUSED')));
});

/** Notes what is waited for. */
function patient(forMs: number): { patience: Patience; waited: string[]; stop: () => void } {
  const waited: string[] = [];
  const stopping = new AbortController();
  const patience = { forMs, waits: (_: string, reason: string) => waited.push(reason), stopping: stopping.signal };
  return { patience, waited, stop: () => stopping.abort() };
}

const gone: RequestListener = (request) => request.socket.destroy();

test('a monitoring address that does not answer is asked again, and that is said once', async () => {
  const { patience, waited } = patient(60_000);
  let asked = 0;
  const thirdTime: RequestListener = (request, answer) =>
    ++asked < 3 ? gone(request, answer) : answer.end('{"config":{"sync_always":true}}');
  expect(await checked(thirdTime, patience)).toBe('synced');
  expect({ asked, waited }).toEqual({ asked: 3, waited: [expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/)] });
});

test('it is not asked for ever, nor after the end was asked for, nor where there is another answer', async () => {
  expect(await checked(gone, patient(1).patience)).toMatch(/^nobody at /);
  const { patience, stop } = patient(60_000);
  const stops: RequestListener = (request, answer) => {
    stop();
    gone(request, answer);
  };
  expect(await checked(stops, patience)).toMatch(/^nobody at /);
  const { patience: unneeded, waited } = patient(60_000);
  expect(await checked((_, answer) => answer.writeHead(404).end(), unneeded)).toMatch(/status 404/);
  expect(waited).toEqual([]);
});
