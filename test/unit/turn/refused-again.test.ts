import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { GENERIC } from '../../../actors/capability/generic.ts';
import { createGatewayAccount } from '../../../actors/gateway-account/gateway-account.ts';
import { createOrder } from '../../../actors/order/order.ts';
import { storeActor } from '../../../actors/store/store.ts';
import type { ActorKind } from '../../../protocols/actor.ts';
import { decode, encode } from '../../../protocols/codec.ts';
import { MAX_COMMAND_BYTES } from '../../../protocols/commands.ts';
import { Engine } from '../../../supervisor/turn/engine.ts';
import { HandPorts } from './hand-ports.ts';

const POLICY = {
  offerTimeoutMs: 1000,
  shipping: 'first-ready' as const,
  collectWithinMs: 1000,
  keepNoticesMs: 1000,
  reserveForMs: 1000,
  capabilityOf: () => GENERIC,
  methodsOf: () => [],
  exchangeWithinMs: 1000,
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const json = (value: unknown): Uint8Array => encode(value, 'json');

interface Outcome {
  command: string;
  outcome: string;
  code?: string;
  revision: number;
}

/** Commits each entry before the next comes, and keeps no actor in memory; the outcomes and dead letters that it made. */
interface Sent {
  subject: string;
  bytes: Uint8Array;
  messageId: string | undefined;
  contentType?: string;
}

const handled = (...entries: Sent[]) => handledBy(new HandPorts(), entries);

/** Commits each entry before the next comes; the outcomes and dead letters that it made. */
async function handledBy(
  ports: HandPorts,
  entries: readonly Sent[],
): Promise<{ outcomes: Outcome[]; letters: number; ports: HandPorts }> {
  const options = { node: 'n1', run: 'r', partitions: 1, cache: { maxActors: 0, maxBytes: 1e6 } };
  const order = createOrder({ accounts: ['main'], ...POLICY });
  const account = createGatewayAccount(new Map([['main', { provider: 'simulator', methods: {} }]]));
  const engine = new Engine(options, [order, storeActor, account] as ActorKind[], ports, ports.listener);
  engine.start();
  await engine.acquire([0]);
  for (const entry of entries) {
    ports.entry(entry);
    await settled();
    ports.accept();
    await settled();
  }
  await engine.stop();
  const live = [...ports.stored].filter(([key]) => key.startsWith('live.'));
  const outcomes = live.filter(([key]) => key.includes('.out.')).map(([, bytes]) => decode(bytes, 'json') as Outcome);
  return { outcomes, letters: live.filter(([key]) => key.includes('.dead.')).length, ports };
}

const ORDER = 'cmd.0.order.A1.cancel.channel-web';
const STORE = 'cmd.0.store.store-a.adjust.store-a';
const REFUSED: [what: string, subject: string, bytes: Uint8Array, code: string][] = [
  ['an unreadable one to an order', ORDER, Buffer.from('{'), 'unreadable'],
  ['an ill-typed one to an order', ORDER, json({ lines: 1 }), 'invalid-payload'],
  ['one that its origin may not send', 'cmd.0.order.A1.refund.channel-web', json({}), 'not-allowed'],
  ['one that is too large', ORDER, new Uint8Array(MAX_COMMAND_BYTES + 1), 'message-too-large'],
  ['an unknown one', 'cmd.0.order.A1.sing.channel-web', json({}), 'unknown-command'],
  ['one to an unknown entity', 'cmd.0.planet.A1.sing.channel-web', json({}), 'unknown-command'],
  ['one to an id that is no token', 'cmd.0.order.*.cancel.channel-web', json({}), 'invalid-id'],
  ['an unreadable one to a store', STORE, Buffer.from('{'), 'unreadable'],
  ['an ill-typed one to a store', STORE, json({}), 'invalid-payload'],
];

test.each(REFUSED)('%s is refused once, however often it comes', async (_, subject, bytes, code) => {
  const entry = { subject, bytes, messageId: 'm1' };
  const { outcomes, letters } = await handled(entry, entry);
  expect(outcomes).toMatchObject([{ command: 'm1', outcome: 'rejected', code }]);
  expect(letters).toBe(code === 'unreadable' ? 1 : 0);
});

test.each([
  [ORDER, {}],
  [STORE, { items: [{ sku: 's', delta: 1 }], reason: 'x' }],
])('the id of a refused command is not that of its correction: %s', async (subject, correct) => {
  const bad = { subject, bytes: Buffer.from('{'), messageId: 'm1' };
  const { outcomes } = await handled(bad, { subject, bytes: json(correct), messageId: 'm1' });
  expect(outcomes.map(({ code }) => code)).toEqual(['unreadable', 'command-id-reused']);
});

const ADJUST = { items: [{ sku: 's', delta: 1 }], reason: 'x' };
const REORDERED = { reason: 'x', items: [{ delta: 1, sku: 's' }] };

test.each([
  [
    'an order',
    ORDER,
    { reason: 'x', lines: [{ line: '1', quantity: 1 }] },
    { lines: [{ quantity: 1, line: '1' }], reason: 'x' },
  ],
  ['a store', STORE, ADJUST, REORDERED],
  ['an order, ill-typed', ORDER, { reason: 'x', lines: 1 }, { lines: 1, reason: 'x' }],
  ['a store, ill-typed', STORE, { items: 1, reason: 'x' }, { reason: 'x', items: 1 }],
  ['one whose origin may not', 'cmd.0.order.A1.refund.channel-web', { amount: 1, line: '1' }, { line: '1', amount: 1 }],
])('a command to %s is the same in other bytes: one outcome', async (_, subject, first, again) => {
  const { outcomes } = await handled(
    { subject, bytes: json(first), messageId: 'm1' },
    { subject, bytes: json(again), messageId: 'm1' },
    { subject, bytes: encode(again, 'msgpack'), messageId: 'm1', contentType: 'application/msgpack' },
  );
  expect(outcomes).toHaveLength(1);
  const other = { subject, bytes: json({ ...first, reason: 'y' }), messageId: 'm1' };
  const { outcomes: reused } = await handled({ subject, bytes: json(first), messageId: 'm1' }, other);
  expect(reused.at(-1)).toMatchObject({ code: 'command-id-reused' });
});

test('a command that an earlier release remembered by its bytes is known by them', async () => {
  const sent = { subject: STORE, bytes: json(ADJUST), messageId: 'm1' };
  const { outcomes: first, ports } = await handled(sent);
  expect(first).toHaveLength(1);
  const [seenKey = ''] = [...ports.stored.keys()].filter((key) => key.startsWith('seen.'));
  const after = async (content: string) => {
    const earlier = new HandPorts();
    const hash = createHash('sha1').update('store-a adjust').update(content).digest('base64url');
    earlier.stored.set(seenKey, Buffer.from(hash));
    return (await handledBy(earlier, [sent])).outcomes;
  };
  expect(await after(JSON.stringify(ADJUST))).toEqual([]);
  expect(await after('{}')).toMatchObject([{ code: 'command-id-reused' }]);
});

test('a refused command without an id leaves nothing behind but its outcome', async () => {
  const { ports } = await handled({ subject: STORE, bytes: json({}), messageId: undefined });
  expect([...ports.stored.keys()].map((key) => key.split('.')[0]).sort()).toEqual(['cursor', 'live']);
});

test.each([201, 1024])('an id of %i characters is one like any other: one outcome, which names it', async (length) => {
  const messageId = 'x'.repeat(length);
  const entry = { subject: ORDER, bytes: json({}), messageId };
  const { outcomes } = await handled(entry, entry);
  expect(outcomes).toMatchObject([{ command: messageId, code: 'unknown-order' }]);
});

test('a longer id is refused, once, and named as it was sent', async () => {
  const messageId = 'x'.repeat(1025);
  const entry = { subject: ORDER, bytes: json({}), messageId };
  const { outcomes } = await handled(entry, entry);
  expect(outcomes).toMatchObject([{ command: messageId, code: 'invalid-id' }]);
});

const GATEWAY = 'cmd.0.gateway.main.script';
const OPENED: [subject: string, payload: object] = [
  'cmd.0.store.store-a.open.ops-hq',
  { name: 'A', ownership: 'company', country: 'FR' },
];
const STOCKED: [subject: string, payload: object] = [
  'cmd.0.store.store-a.stock.store-a',
  { items: [{ sku: 's', quantity: 1 }] },
];
const SCRIPTED: [subject: string, payload: object] = [`${GATEWAY}.ops-hq`, { kind: 'capture', behave: 'decline' }];

test.each<[what: string, before: [string, object][], subject: string, payload: object, messageId?: string]>([
  ['an ill-typed count', [OPENED, STOCKED], 'cmd.0.store.store-a.stock.store-a', { items: 1 }, 'm'],
  ['one that names no id', [OPENED, STOCKED], 'cmd.0.store.store-a.stock.store-a', { items: 1 }],
  ['one of another store', [OPENED, STOCKED], 'cmd.0.store.store-a.open.store-b', {}, 'm'],
  ['one that the store judges', [OPENED, STOCKED], 'cmd.0.store.store-a.stock.store-b', STOCKED[1], 'm'],
  ['an id that was used', [OPENED, STOCKED], 'cmd.0.store.store-a.stock.store-a', { items: [] }, 'm1'],
  ['an ill-typed script', [SCRIPTED, SCRIPTED], `${GATEWAY}.ops-hq`, { kind: 'capture' }, 'm'],
  ['a script that its origin may not send', [SCRIPTED, SCRIPTED], `${GATEWAY}.store-a`, SCRIPTED[1], 'm'],
])('a rejection tells the revision of what is there: %s', async (_, before, subject, payload, messageId) => {
  const stored = before.map(([to, said], index) => ({ subject: to, bytes: json(said), messageId: `m${index}` }));
  const { outcomes } = await handled(...stored, { subject, bytes: json(payload), messageId });
  expect(outcomes.map(({ outcome, revision }) => [outcome, revision])).toEqual([
    ['applied', 1],
    ['applied', 2],
    ['rejected', 2],
  ]);
});

test.each(['cmd.0.store.store-x.stock.store-x', 'cmd.0.gateway.other.script.ops-hq'])(
  'a rejection makes no record of what is not there: %s',
  async (subject) => {
    const { outcomes, ports } = await handled({ subject, bytes: json({}), messageId: 'm' });
    expect(outcomes).toMatchObject([{ outcome: 'rejected', revision: 0 }]);
    expect([...ports.stored.keys()].map((key) => key.split('.')[0]).sort()).toEqual(['cursor', 'live', 'seen']);
  },
);

const placeAt = (address: string[]) => ({ subject: `cmd.0.${address.join('.')}.channel-web`, bytes: json({}) });
const saidTo = (ports: HandPorts): string[] =>
  [...ports.stored.keys()].filter((key) => key.includes('.out.')).map((key) => key.split('.').slice(2).join('.'));

test.each([
  ['order', 'x'.repeat(65), 'place'],
  ['order', 'x'.repeat(1024), 'place'],
  ['order', 'é$', 'place'],
  ['order', 'A1', 'a,b'],
  ['p/q', 'A1', 'place'],
])('who waits under an address that is no token hears the outcome: %s.%s.%s', async (...address) => {
  const { ports } = await handled({ ...placeAt(address), messageId: 'm' });
  expect(saidTo(ports)).toEqual([`out.channel-web.${address.join('.')}`]);
});

test.each(['*', '>', 'a>', 'a\u00a0b', 'a\u0007', 'x'.repeat(1025)])(
  'what no subject can have is answered as invalid: %j',
  async (id) => {
    const { ports } = await handled({ ...placeAt(['order', id, 'place']), messageId: 'm' });
    expect(saidTo(ports)).toEqual(['out.channel-web.order.invalid.place']);
  },
);
