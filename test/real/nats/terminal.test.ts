import { headers } from '@nats-io/transport-node';
import { connect as connectOld } from 'nats';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../protocols/codec.ts';
import { key } from '../../../protocols/subjects.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { DeadLetters } from '../../../supervisor/nats/dead-letters.ts';
import { DirectReader } from '../../../supervisor/nats/direct-get.ts';
import { BadQuery, type Endpoint, serveQueries } from '../../../supervisor/nats/service.ts';
import { NotAccepted, Terminal } from '../../../supervisor/nats/terminal.ts';
import { deadMessage } from '../../../supervisor/turn/messages.ts';
import { eventually } from '../../fixture/eventually.ts';
import { bytes, rejectFailure, text, useSystem } from './nats-fixture.ts';

const system = useSystem(4);

const endpoints: Endpoint[] = [
  {
    name: 'order',
    subject: 'query.order.*',
    async handle(id, request) {
      if (id === 'none') return undefined;
      if (id === 'odd') throw new BadQuery('odd');
      if (id === 'broken') throw new Error('line\r\nbreak');
      return { order: id, request };
    },
  },
  { name: 'journal', subject: 'query.gateway.*.journal', handle: async (account) => ({ account }) },
];

describe('queries', () => {
  test('are answered in the encoding of the request, by an old client too', async () => {
    const service = await serveQueries(system.connection, '0.1.0', endpoints, rejectFailure);
    const terminal = new Terminal(await system.connect('terminal'));
    expect(await terminal.query('query.order.A1')).toEqual({ order: 'A1' });
    expect(await terminal.query('query.order.A1', { page: 2 })).toEqual({ order: 'A1', request: { page: 2 } });
    expect(await terminal.query('query.gateway.main.journal')).toEqual({ account: 'main' });
    expect(await terminal.query('query.order.none')).toBeUndefined();
    await expect(terminal.query('query.order.odd')).rejects.toThrow('odd (400)');
    await expect(terminal.query('query.order.broken')).rejects.toThrow('line??break (500)');
    await expect(terminal.query('query.order.*')).rejects.toThrow('(400)');

    const sent = headers();
    sent.set('Content-Type', 'application/msgpack');
    const packed = await system.connection.nats.request('query.order.A1', encode({ x: 1 }, 'msgpack'), {
      headers: sent,
      timeout: 5000,
    });
    expect(packed.headers?.get('Content-Type')).toBe('application/msgpack');
    expect(decode(packed.data, 'msgpack')).toEqual({ order: 'A1', request: { x: 1 } });
    const garbled = await system.connection.nats.request('query.order.A1', '{', { timeout: 5000 });
    expect(garbled.headers?.get('Nats-Service-Error-Code')).toBe('400');

    const old = await connectOld({ servers: system.server.url });
    const missing = await old.request('query.order.none');
    expect(missing.headers?.get('Nats-Service-Error-Code')).toBe('404');
    const ping = (await old.request('$SRV.PING.tillwire')).json<{ name: string; version: string }>();
    expect(ping).toMatchObject({ name: 'tillwire', version: '0.1.0' });
    const info = (await old.request('$SRV.INFO.tillwire')).json<{ endpoints: { name: string }[] }>();
    expect(info.endpoints.map(({ name }) => name)).toEqual(['order', 'journal']);
    const stats = (await old.request('$SRV.STATS.tillwire')).json<{ endpoints: { num_requests: number }[] }>();
    expect(stats.endpoints[0]?.num_requests).toBeGreaterThan(5);
    await old.drain();
    await service.stop();
    await expect(terminal.query('query.order.A1')).rejects.toThrow();
  });
});

describe('a terminal', () => {
  test('gets an acknowledgement for each of thousands of commands, and the same id is the same command', async () => {
    const terminal = new Terminal(await system.connect('terminal'));
    const accepted = await Promise.all(
      Array.from({ length: 2000 }, (_, n) => terminal.send(`in.channel-web.order.T${n}.place`, { n }, `t-${n}`)),
    );
    expect(new Set(accepted.map(({ sequence }) => sequence)).size).toBe(2000);
    const again = await terminal.send('in.channel-web.order.T7.place', { n: 7 }, 't-7');
    expect(again).toEqual({ sequence: accepted[7]?.sequence, duplicate: true });
    await terminal.close();
  });

  test('sends again what was under way when the server was killed: nothing is lost, nothing stored twice', async () => {
    const terminal = new Terminal(await system.connect('terminal'));
    const sending = Promise.all(
      Array.from({ length: 1500 }, (_, n) => terminal.send(`in.channel-web.order.K${n}.place`, { n }, `k-${n}`)),
    );
    const reader = new DirectReader(system.connection, 'COMMANDS');
    const stored = async () =>
      (await reader.all('cmd.*.order.*.place.channel-web')).filter((m) => m.subject.includes('.K'));
    await eventually(async () => (await stored()).length > 100, { what: 'some are stored' });
    await system.server.kill();
    await system.server.restart();
    const accepted = await sending;
    await eventually(() => system.connection.connected, { what: 'reconnected' });
    expect((await stored()).length).toBe(1500);
    expect(new Set(accepted.map(({ sequence }) => sequence)).size).toBe(1500);
    await terminal.close();
  });

  test('is told what the server does not take', async () => {
    const terminal = new Terminal(await system.connect('terminal'));
    const huge = new Uint8Array(3 * 1024 * 1024);
    await expect(terminal.sendBytes('in.channel-web.order.H1.place', huge, 'h-1')).rejects.toThrow(NotAccepted);
    await terminal.close();
  });

  test('listens in both encodings', async () => {
    const terminal = new Terminal(await system.connect('terminal'));
    const heard: unknown[] = [];
    await terminal.listen(['event.order.L1.*', 'out.channel-web.>'], (message) => heard.push(message));
    const messages = [
      { key: key.event('l-1', 'order', 'L1', 'placed'), bytes: encode({ a: 1 }, 'json') },
      {
        key: key.out('l-2', 'channel-web', 'order', 'L1', 'place'),
        bytes: encode({ b: 2 }, 'msgpack'),
        headers: { 'Content-Type': 'application/msgpack' },
      },
      { key: key.event('l-3', 'order', 'L1', 'garbled'), bytes: bytes('{') },
    ];
    await new NatsBucket(system.connection).commit({ batch: 'live', messages, revisions: new Map() });
    await eventually(() => heard.length === 2, { what: 'both heard' });
    expect(heard).toEqual([
      { subject: 'event.order.L1.placed', payload: { a: 1 } },
      { subject: 'out.channel-web.order.L1.place', payload: { b: 2 } },
    ]);
    await terminal.close();
  });
});

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('dead letters', () => {
  test('are listed, shown, sent again and discarded, for good', async () => {
    const letter = (id: string, subject: string) =>
      deadMessage(
        {
          entity: 'order',
          id,
          name: 'place',
          subject,
          sequence: 5,
          command: 'cmd-1',
          contentType: undefined,
          trace: TRACE,
          bytes: bytes(`bytes of ${id}`),
          error: 'could not be read',
        },
        `d-${id}`,
      );
    const bucket = new NatsBucket(system.connection);
    const messages = [
      letter('D1', 'cmd.3.order.D1.place.channel-web'),
      letter('D2', '$KV.tillwire.send.2.order.D2.expire.k1'),
    ];
    await bucket.commit({ batch: 'dead', messages, revisions: new Map() });
    const dead = new DeadLetters(system.connection);
    const [first, second] = await eventually(
      async () => {
        const found = await dead.list();
        return found.length === 2 && found;
      },
      { what: 'both archived' },
    );
    expect(first).toMatchObject({
      subject: 'cmd.3.order.D1.place.channel-web',
      error: 'could not be read',
      command: 'cmd-1',
      trace: TRACE,
    });
    if (!first || !second) throw new Error('two letters');
    expect(text((await dead.get(first.sequence))?.bytes)).toBe('bytes of D1');
    await dead.replay(first);
    await dead.replay(second);
    const commands = await new DirectReader(system.connection, 'COMMANDS').all('cmd.*.order.D1.place.channel-web');
    expect(commands.map(({ bytes: found }) => text(found))).toEqual(['bytes of D1']);
    expect(commands.map(({ headers }) => headers.get('traceparent'))).toEqual([TRACE]);
    expect(
      [...(await bucket.existing([`send.2.order.D2.expire.replay-${second.sequence}`])).values()].map(text),
    ).toEqual(['bytes of D2']);
    await dead.discard(second.sequence);
    await dead.discard(first.sequence);
    expect(await dead.list()).toEqual([]);
    expect(await dead.get(first.sequence)).toBeUndefined();
    await system.server.kill();
    await system.server.restart();
    await eventually(() => system.connection.connected, { what: 'reconnected' });
    expect(await dead.list()).toEqual([]);
  });
});
