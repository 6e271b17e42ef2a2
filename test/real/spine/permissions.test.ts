import { AckPolicy, connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { serverAccounts } from '../../../supervisor/nats/permissions.ts';
import { eventually } from '../../fixture/eventually.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { TillwireProcess, tillwire } from '../cli/tillwire-process.ts';
import { baseOrder, franchise } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { NodeProcess } from './node-process.ts';

const ORIGINS = ['channel-web', 'store-a', 'store-b', 'ops-hq'];
/** What an address must encode, and a number that is text. */
const [OF_NODES, OF_ORIGINS] = ['p@ss:w', '4711'];

let server: RealServer;
let node: NodeProcess;
let tools: NatsConnection;
let address: string;
const clients = new Map<string, ForeignClient>();
const violations: string[] = [];

beforeAll(async () => {
  vi.stubEnv('TILLWIRE_PASSWORD', `"${OF_NODES}"`);
  for (const origin of ORIGINS) {
    vi.stubEnv(`TILLWIRE_${origin.toUpperCase().replace('-', '_')}`, `"${OF_ORIGINS}"`);
  }
  server = await startRealServer({ more: serverAccounts(ORIGINS) });
  address = login(encodeURIComponent(OF_NODES));
  node = await NodeProcess.start({ ...server, url: address }, 'node-1');
  await node.ready();
  tools = await connect({ servers: server.url, user: 'tillwire', pass: OF_NODES });
  for (const user of ORIGINS) {
    const client = await ForeignClient.connect(server.url, 'json', { user, pass: OF_ORIGINS });
    clients.set(user, client);
    void collectViolations(client.nats);
  }
  await as('ops-hq').ask('in.ops-hq.store.store-a.open', franchise('store-a'));
  await as('store-a').ask('in.store-a.store.store-a.stock', {
    items: ['lantern', 'teapot'].map((sku) => ({ sku, quantity: 100 })),
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([...clients.values(), tools].map((client) => client?.close()));
  await node?.stop();
  await server?.remove();
});

const login = (password: string): string => server.url.replace('//', `//tillwire:${password}@`);

function as(origin: string): ForeignClient {
  const client = clients.get(origin);
  if (!client) throw new Error(`${origin} has no connection`);
  return client;
}

async function collectViolations(nats: NatsConnection): Promise<void> {
  for await (const { data, permissionContext } of nats.status()) {
    if (data === 'PERMISSIONS_VIOLATION')
      violations.push(`${permissionContext?.operation} ${permissionContext?.subject}`);
  }
}

async function place(order: string): Promise<void> {
  await as('channel-web').ask(`in.channel-web.order.${order}.place`, baseOrder(order, ['lantern', 'teapot']));
  await as('store-a').hear(`out.store-a.order.${order}.assigned`);
}

/** How often each subject was stored, once all is that store-a has published; of the bucket, what is forged. */
async function stored(): Promise<Record<string, number>> {
  await as('store-a').send('in.store-a.order.last.accept', {});
  const { streams } = await tools.jetstreamManager();
  const [commands, bucket] = await Promise.all(
    ['COMMANDS', 'KV_tillwire'].map((stream) => streams.info(stream, { subjects_filter: '>' })),
  );
  const forged = Object.entries(bucket?.state.subjects ?? {}).filter(([subject]) => subject.includes('forged'));
  const sent = Object.entries(commands?.state.subjects ?? {}).filter(([subject]) => !subject.includes('.last.'));
  return { ...Object.fromEntries(sent), ...Object.fromEntries(forged) };
}

describe('an origin with its own credentials', () => {
  test('places, works, hears its outcomes and the events, and asks', async () => {
    await place('P1');
    const outcomes: unknown[] = [];
    for (const name of ['accept', 'ready']) {
      outcomes.push((await as('store-a').ask(`in.store-a.order.P1.${name}`, {})).outcome);
    }
    expect(outcomes).toEqual(['applied', 'applied']);
    await as('channel-web').hear('event.order.P1.ready');
    expect(await as('channel-web').query('query.order.P1')).toMatchObject({ order: 'P1', state: 'fulfilling' });
    const ping = await as('channel-web').nats.request('$SRV.PING.tillwire', '', { timeout: 5000 });
    expect(ping.json()).toMatchObject({ name: 'tillwire' });
    expect(as('store-b').heard.filter(({ subject }) => subject.startsWith('out.'))).toEqual([]);
  });

  test('reads what it missed from the consumer of its name', async () => {
    const { consumers } = await tools.jetstreamManager();
    const filter_subjects = ['out.store-a.>', 'event.>'];
    await consumers.add('EVENTS', { durable_name: 'store-a', ack_policy: AckPolicy.Explicit, filter_subjects });
    await place('P2');
    const consumer = await as('store-a').nats.jetstream({ domain: 'tillwire' }).consumers.get('EVENTS', 'store-a');
    const read: string[] = [];
    for await (const message of await consumer.consume()) {
      read.push(message.subject);
      await message.ackAck();
      if (message.subject === 'out.store-a.order.P2.assigned') break;
    }
    expect(read).toContain('event.order.P2.placed');
    expect(read.filter((subject) => !/^(event|out\.store-a)\./.test(subject))).toEqual([]);
  });
});

describe('what is not its own', () => {
  test.each([
    'in.store-b.order.forged.accept',
    'in.ops-x.order.forged.cancel',
    'in.store-a.order.forged.cancel',
    'in.store-a.store.store-b.stock',
    'cmd.0.order.forged.cancel.ops-x',
    'out.store-a.order.forged.assigned',
    'event.order.forged.placed',
    '$KV.tillwire.order.forged',
    '$KV.tillwire.live.1.event.order.forged.placed',
    '$JS.API.STREAM.DELETE.COMMANDS',
    '$JS.API.DIRECT.GET.EVENTS',
    '$JS.API.CONSUMER.CREATE.EVENTS.mine.event.>',
    '$JS.tillwire.API.CONSUMER.CREATE.EVENTS.store-a',
    '$JS.tillwire.API.CONSUMER.MSG.NEXT.EVENTS.store-b',
    '$JS.ACK.EVENTS.store-b.1.1.1.1.1',
  ])('a store may not publish %s, and nothing of it arrives', async (subject) => {
    const before = await stored();
    as('store-a').nats.publish(subject, '{}');
    await eventually(() => violations.includes(`publish ${subject}`), { what: `${subject} is refused` });
    expect(await stored()).toEqual(before);
  });

  test.each(['out.store-b.>', 'out.>', '>', '$KV.>', 'in.>', 'dead.>'])('a store may not hear %s', async (subject) => {
    as('store-a').nats.subscribe(subject, { callback: () => undefined });
    await eventually(() => violations.includes(`subscription ${subject}`), { what: `${subject} is refused` });
  });

  test('no reply speaks for it: where it is to go to is a subject of the asker alone', async () => {
    await place('P3');
    const before = await stored();
    const store = as('store-a');
    store.nats.publish('query.order.P3', '', { reply: 'in.ops-hq.order.P3.cancel' });
    store.nats.publish('in.store-a.order.P3.accept', '{}', { reply: 'in.ops-hq.order.P3.hold' });
    await store.hear('out.store-a.order.P3.accept');
    await store.query('query.order.P3');
    expect(await stored()).toEqual({ ...before, [await storedAs('accept', 'P3')]: 1 });
  });

  test('nobody comes in without a login', async () => {
    await expect(connect({ servers: server.url })).rejects.toThrow('Authorization Violation');
  });
});

/** With its partition. */
async function storedAs(name: string, order: string): Promise<string> {
  const found = Object.keys(await stored()).find((subject) => subject.endsWith(`.order.${order}.${name}.store-a`));
  return found ?? `no ${name} of ${order}`;
}

describe('tools and nodes', () => {
  test('log in with the address, and no password is shown', async () => {
    const { code, stdout } = await tillwire('order', 'P1', '--json', '--nats', address);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { order: 'P1' }]);
    const wrong = await tillwire('order', 'P1', '--nats', login('wr0ng'));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(
      new RegExp(`^tillwire: ${server.url} refuses the login: say where it is with [^\n]*\n$`),
    );
    expect(wrong.stderr).not.toContain('wr0ng');
  });

  test('`up` joins with it', async () => {
    const joined = new TillwireProcess('up', '--nats', address, '--monitor', server.monitorUrl);
    try {
      expect(await joined.ready()).toMatchObject({ nats: server.url });
    } finally {
      await joined.end();
    }
    expect(joined.stdout + joined.stderr).not.toMatch(/p@ss:w|p%40ss/);
  });
});
