import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withServer } from '../../fixture/real-server.ts';
import { useSystem } from '../nats/nats-fixture.ts';
import { lanterns } from './orders.ts';
import { tillwire } from './tillwire-process.ts';

describe('an order that no node has taken yet', () => {
  const system = useSystem();
  let folder: string;
  const place = (...more: string[]) =>
    tillwire('order', 'place', '--file', join(folder, 'order.json'), '--id', 'F1', '--wait', '1', ...more);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
    await writeFile(join(folder, 'order.json'), JSON.stringify(lanterns('store-lyon')));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const why = 'no outcome of in.channel-cli.order.F1.place yet: is a node running?';

  test('is not one that was rejected: exit 3, and the reason', async () => {
    const said = await place('--nats', system.server.url);
    expect(said).toEqual({ code: 3, stdout: '', stderr: `tillwire: ${why}\n` });
  });

  test('may come from an editor that begins files with a byte order mark', async () => {
    const file = join(folder, 'marked.json');
    await writeFile(file, `\uFEFF${JSON.stringify(lanterns('store-lyon'))}`);
    expect(await place('--nats', system.server.url, '--file', file)).toMatchObject({ code: 3 });
  });

  test('is one object as JSON', async () => {
    const { code, stdout } = await place('--nats', system.server.url, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({ order: 'F1', command: expect.any(String), outcome: 'unknown', reason: why });
  });
});

test('dead letters of a server without streams: is a node running?', () =>
  withServer(async ({ url }) => {
    const { code, stderr } = await tillwire('dead', 'list', '--nats', url);
    expect([code, stderr]).toEqual([
      1,
      'tillwire: the stream DEAD is not answered (direct get: 503): is a node running?\n',
    ]);
  }));
