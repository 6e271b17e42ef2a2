import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { BUCKET, KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import { readOnce } from '../../../supervisor/nats/direct-get.ts';
import { DEFAULT_CONFIG } from '../../../supervisor/node/config.ts';
import { type RunningNode, startNode } from '../../../supervisor/node/node.ts';
import { useSystem } from '../nats/nats-fixture.ts';
import { NodeProcess } from '../spine/node-process.ts';

const system = useSystem();

test('a node that is asked to stop while it joins is gone for the others when it has ended', async () => {
  const said: string[] = [];
  let running: RunningNode | undefined;
  const write = (line: string): void => {
    const { msg } = JSON.parse(line) as { msg: string };
    said.push(msg);
    // The others are heard of; it does not follow them yet.
    if (msg === 'placement') void running?.stop();
  };
  const { url, monitorUrl } = system.server;
  const log = pino({}, { write });
  running = await startNode({ id: 'just-joining', natsUrl: url, monitor: monitorUrl, config: DEFAULT_CONFIG, log });
  expect(await running.exited).toBe(0);
  expect(said.slice(said.indexOf('placement'))).toEqual(['placement', 'the node stops']);
  expect(await readOnce(system.connection, BUCKET, (reader) => reader.all(KEY_PREFIX + key.node('*')))).toEqual([]);
});

test('a node that is asked to stop while it waits for the monitoring address ends in order', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const { url, storeDir } = system.server;
  const asked = once(silent, 'request');
  const node = await NodeProcess.start({ url, storeDir, monitorUrl: `http://127.0.0.1:${port}` }, 'waiting');
  await asked;
  node.signal('SIGTERM');
  expect(await node.exit()).toBe(0);
  silent.closeAllConnections();
  silent.close();
});
