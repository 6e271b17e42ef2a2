import { pino } from 'pino';
import { expect, test } from 'vitest';
import { BUCKET, KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import { readOnce } from '../../../supervisor/nats/direct-get.ts';
import { DEFAULT_CONFIG } from '../../../supervisor/node/config.ts';
import { type RunningNode, startNode } from '../../../supervisor/node/node.ts';
import { useSystem } from '../nats/nats-fixture.ts';

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
