import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView, StockView } from '../../../protocols/views.ts';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { DeadLetters } from '../../../supervisor/nats/dead-letters.ts';
import { rawHeaders } from '../../../supervisor/nats/raw-headers.ts';
import { eventually } from '../../fixture/eventually.ts';
import { baseOrder, franchise, openStore } from '../spine/base-order.ts';
import { ForeignClient } from '../spine/foreign-client.ts';
import { useSystem } from '../spine/system.ts';
import { type BadMessage, RECORD_DEFINITION, REFUSED, UNREADABLE } from './bad-messages.ts';

const system = useSystem('node-1');
const MAX_LINES = 1000;
/** Generous for two busy cores; a stuck partition would never answer. */
const NOT_DELAYED_MS = 2000;

let client: ForeignClient;
let packing: ForeignClient;
let connection: Connection;
let dead: DeadLetters;
let goodOrders = 0;
const answeredAfterMs: number[] = [];

beforeAll(async () => {
  const { url } = system.server;
  client = await ForeignClient.connect(url);
  packing = await ForeignClient.connect(url, 'msgpack');
  connection = await openConnection({ servers: url, name: 'dead' });
  dead = new DeadLetters(connection);
  const many = Object.fromEntries(Array.from({ length: MAX_LINES }, (_, index) => [`sku-${index}`, 1]));
  await openStore(client, 'store-a', franchise('store-a', true), { lantern: 1000, ...many });
  await openStore(client, 'store-b', franchise('store-b', true), { teapot: 1000 });
});

afterAll(async () => {
  await Promise.all([client?.close(), packing?.close(), connection?.drain()]);
});

/** Somebody else's order, sent right behind it. */
async function goodOrder(): Promise<void> {
  const id = `good-${++goodOrders}`;
  const sent = performance.now();
  const outcome = await client.ask(`in.channel-web.order.${id}.place`, baseOrder(id, ['lantern', 'teapot']));
  answeredAfterMs.push(performance.now() - sent);
  expect(outcome).toMatchObject({ outcome: 'applied' });
}

async function refusedWith({ subject, bytes, contentType, code, reason }: BadMessage): Promise<string> {
  const id = client.newId();
  await client.sendBytes(subject, bytes, { id, contentType });
  await goodOrder();
  const { payload, subject: answered } = await client.outcome(id);
  expect(answered).toBe(subject.replace(/^in\./, 'out.').replaceAll('*', 'invalid'));
  expect(payload).toMatchObject({ outcome: 'rejected', code });
  expect(payload.reason).toMatch(reason ?? /./);
  expect(client.outcomes(id)).toHaveLength(1);
  return id;
}

const letterOf = (command: string) =>
  eventually(async () => (await dead.list()).find((letter) => letter.command === command), { what: 'a dead letter' });

describe('is refused, and kept with its bytes:', () => {
  test.each(UNREADABLE)('$what', async (message) => {
    const letter = await letterOf(await refusedWith(message));
    expect(Buffer.compare(letter.bytes, message.bytes)).toBe(0);
    expect(letter.error).toMatch(/^not (json|msgpack): /);
  });
});

describe('is refused:', () => {
  test.each(REFUSED)('$what', async (message) => {
    await refusedWith(message);
  });

  test('the fulfilment of another store, and one that there is not', async () => {
    await goodOrder();
    const order = `good-${goodOrders}`;
    const { fulfilment } = await client.hear(`out.store-a.order.${order}.assigned`);
    const ready = (named: unknown) => client.ask(`in.store-b.order.${order}.ready`, { fulfilment: named });
    expect(await ready(fulfilment)).toMatchObject({ outcome: 'rejected', code: 'not-your-fulfilment' });
    expect(await ready('nothing')).toMatchObject({ outcome: 'rejected', code: 'unknown-fulfilment' });
  });

  test('what nobody can be told of, because its origin is no token: it is among the dead', async () => {
    for (const origin of ['*', 'x'.repeat(300)]) {
      const id = client.newId();
      await client.sendBytes(`in.${origin}.order.bad.place`, Buffer.from('{}'), { id });
      const letter = await letterOf(id);
      expect(letter.error).toMatch(/^origin .* is not a token/);
    }
  });

  test('what the server itself does not take: the sender is told at once', async () => {
    const { max_payload: most = 0 } = client.nats.info ?? {};
    await expect(client.sendBytes('in.channel-web.order.bad.place', Buffer.alloc(most + 1), {})).rejects.toThrow();
    await goodOrder();
  });

  test('all of it changed nothing', async () => {
    expect(await client.query('query.order.bad')).toBeUndefined();
    expect(await client.query('query.return.bad')).toBeUndefined();
    const { onHand } = (await client.query<StockView>('query.stock.lantern')) as StockView;
    expect(onHand).toBe(1000);
  });
});

describe('headers', () => {
  const placed = (order: string) => Buffer.from(JSON.stringify(baseOrder(order, ['lantern', 'teapot'])));
  const sent = async (order: string, lines: string): Promise<number> => {
    const subject = `in.channel-web.order.${order}.place`;
    const ack = await connection.nats.request(subject, placed(order), { headers: rawHeaders(lines), timeout: 5000 });
    return ack.json<{ seq: number }>().seq;
  };

  test.each([
    ['a name with a space', 'Nats-Msg-Id:h-1\r\nStore Name: Lyon\r\n'],
    ['a line break in a value', 'Nats-Msg-Id:h-2\r\nNote: a\rb\r\n'],
  ])('that nobody can read: %s. The command is refused and kept, and nobody else waits', async (_, lines) => {
    const id = `seq-${await sent('bad', lines)}`;
    await goodOrder();
    const { payload } = await client.outcome(id);
    expect(payload).toMatchObject({
      outcome: 'rejected',
      code: 'unreadable',
      reason: expect.stringContaining('headers are malformed'),
    });
    expect(Buffer.compare((await letterOf(id)).bytes, placed('bad'))).toBe(0);
  });

  test.each([
    ['that the bucket marks deleted keys with', 'marked', 'KV-Operation:DEL\r\n'],
    ['with a trace that is none', 'traced', `traceparent:${'x'.repeat(65_300)}\r\n`],
  ])('%s are no business of a command', async (_, order, lines) => {
    const id = client.newId();
    await sent(order, `Nats-Msg-Id:${id}\r\n${lines}`);
    await goodOrder();
    expect((await client.outcome(id)).payload).toMatchObject({ outcome: 'applied' });
  });
});

/** Placed, taken, made ready, paid and shipped by `store-a`. */
async function wholeJourney(order: string, payload: object, by = client): Promise<OrderView> {
  expect(await by.ask(`in.channel-web.order.${order}.place`, payload)).toMatchObject({ outcome: 'applied' });
  await client.hear(`out.store-a.order.${order}.assigned`);
  expect(await by.ask(`in.store-a.order.${order}.ready`, {})).toMatchObject({ outcome: 'applied' });
  await client.hear(`event.order.${order}.captured`);
  expect(await by.ask(`in.store-a.order.${order}.ship`, {})).toMatchObject({ outcome: 'applied' });
  return by.until<OrderView>(
    `query.order.${order}`,
    ({ state, totals }) => state === 'fulfilled' && totals.attributed > 0,
  );
}

function orderOf(order: string, lines: { line: string; sku: string }[], quantity = 1): object {
  const { payment, discount: _, shipping: __, ...rest } = baseOrder(order, ['', '']);
  return {
    ...rest,
    lines: lines.map((named) => ({ ...named, quantity, unitPrice: 120, taxRate: '0.2' })),
    payment: { ...payment, authorised: lines.length * quantity * 120 },
  };
}

describe('is taken, however odd:', () => {
  test('1,000 lines, from placement to shipment', async () => {
    const lines = Array.from({ length: MAX_LINES }, (_, index) => ({ line: `${index}`, sku: `sku-${index}` }));
    const view = await wholeJourney('large', orderOf('large', lines));
    expect(view.totals).toMatchObject({ ordered: 120_000, captured: 120_000, attributed: 105_000 });
    expect(view.lines).toHaveLength(MAX_LINES);
    await goodOrder();
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'the name %s for whatever has one',
    async (name) => {
      await client.ask('in.store-a.store.store-a.adjust', { items: [{ sku: name, delta: 5 }] });
      const view = await wholeJourney(name, orderOf(name, [{ line: name, sku: name }]));
      expect(view).toMatchObject({ order: name, totals: { captured: 120, attributed: 105 } });
      expect(view.lines[0]).toMatchObject({ line: name, sku: name, handedOver: 1 });
      expect(await client.query<StockView>(`query.stock.${name}`)).toMatchObject({ sku: name, onHand: 4, reserved: 0 });
    },
  );

  test('a command without an id: its place in the log stands for it', async () => {
    const bytes = Buffer.from(JSON.stringify(baseOrder('nameless', ['lantern', 'teapot'])));
    const { seq } = await client.sendBytes('in.channel-web.order.nameless.place', bytes, {});
    expect((await client.outcome(`seq-${seq}`)).payload).toMatchObject({ outcome: 'applied', revision: 1 });
  });

  test('what comes after a message that redefines the decoder', async () => {
    await client.sendBytes('in.channel-web.order.bad.place', RECORD_DEFINITION, { contentType: 'application/msgpack' });
    await client.ask('in.store-a.store.store-a.adjust', { items: [{ sku: 'dozens', delta: 64 }] });
    const view = await wholeJourney('after', orderOf('after', [{ line: '1', sku: 'dozens' }], 64), packing);
    expect(view.totals).toMatchObject({ ordered: 64 * 120, captured: 64 * 120 });
  });
});

test('nothing crashed, and nobody else was delayed', () => {
  console.info(`${goodOrders} good orders in between: answered within ${Math.round(Math.max(...answeredAfterMs))} ms`);
  expect(Math.max(...answeredAfterMs)).toBeLessThan(NOT_DELAYED_MS);
  expect(system.nodes.map(({ running }) => running)).toEqual([true]);
});
