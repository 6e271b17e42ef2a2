import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { serverAddress } from '../../../supervisor/nats/server-address.ts';
import { eventually } from '../../fixture/eventually.ts';
import { MORE, withServer } from '../../fixture/real-server.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const WITHIN_MS = 20_000;

async function publishUntil(url: string, subject: string, shown: () => boolean): Promise<void> {
  const { server, login } = serverAddress(url);
  const nats: NatsConnection = await connect({ servers: server, ...login });
  const printed = async () => {
    nats.publish(subject, '{"n":1}');
    await nats.flush();
    return shown();
  };
  await eventually(printed, { what: `${subject} is printed`, withinMs: WITHIN_MS }).finally(() => nats.close());
}

test.each(['a..b', '.', '', 'a b', 'event.>.placed', 'event.order*'])(
  'watch %j: no subject, exit 2',
  async (subject) => {
    const { code, stderr } = await tillwire('watch', subject, '--nats', 'nats://127.0.0.1:1');
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${JSON.stringify(subject)} is no subject`)]);
  },
);

test('watch says when its server is gone and when it is back, beside the lines of JSON', () =>
  withServer(async (server) => {
    const watch = new TillwireProcess('watch', '--json', '--nats', server.url);
    const said = (what: string) =>
      eventually(() => watch.stderr.includes(what), { what: `it says ${what}`, withinMs: WITHIN_MS });
    try {
      await publishUntil(server.url, 'event.order.A1.placed', () => watch.stdout.includes('A1'));
      expect(watch.stderr).toBe('');
      await server.kill();
      await said('the connection was lost');
      await server.restart();
      await said('connected again');
      await publishUntil(server.url, 'event.order.A2.placed', () => watch.stdout.includes('A2'));
    } finally {
      await watch.end();
    }
    expect(watch.stderr.trimEnd().split('\n')).toEqual([
      'tillwire: the connection was lost; trying to connect again',
      'tillwire: connected again; events in between are not shown: they are in the stream EVENTS',
    ]);
    for (const line of watch.stdout.trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ payload: { n: 1 } });
    expect(await watch.exit()).toBe(0);
  }));

const asking = (password: string): string => `authorization { user: me, password: ${password} }`;

test('watch exits 1 and says so when the server takes it back no more', () =>
  withServer(
    async (server) => {
      const address = server.url.replace('//', '//me:before@');
      const watch = new TillwireProcess('watch', '--nats', address);
      try {
        await publishUntil(address, 'event.order.A1.placed', () => watch.stdout.includes('A1'));
        await server.kill();
        await writeFile(join(server.storeDir, MORE), asking('after'));
        await server.restart();
        await eventually(() => watch.stderr.includes('closed for good'), { what: 'it ends', withinMs: WITHIN_MS });
        expect(await watch.exit()).toBe(1);
        expect(watch.stderr).toMatch(
          /tillwire: the connection was closed for good \(.+\): what follows is in the stream EVENTS\n$/,
        );
      } finally {
        await watch.end();
      }
    },
    { more: asking('before') },
  ));
