/** What careless and hostile terminals send: each is refused with this code, and changes nothing. */
import { Packr } from 'msgpackr';
import type { RefusalCode } from '../../../protocols/refusals.ts';
import { baseOrder } from '../spine/base-order.ts';
import type { Envelope } from '../spine/foreign-client.ts';

export interface BadMessage extends Envelope {
  what: string;
  subject: string;
  bytes: Uint8Array;
  code: RefusalCode;
  /** What the reason says. */
  reason?: RegExp;
}

const MSGPACK = 'application/msgpack';
const packr = new Packr({ useRecords: false });
const good = baseOrder('bad', ['lantern', 'teapot']);
const [line] = good.lines;

const json = (payload: unknown): Uint8Array => Buffer.from(JSON.stringify(payload));
const order = (
  name: string,
  payload: unknown,
  origin = 'channel-web',
  id = 'bad',
): Pick<BadMessage, 'subject' | 'bytes'> => ({
  subject: `in.${origin}.order.${id}.${name}`,
  bytes: json(payload),
});
const place = (changes: object) => order('place', { ...good, ...changes });
const placeLine = (changes: object) => place({ lines: [{ ...line, ...changes }] });
const raw = (bytes: Uint8Array | string, contentType?: string) => ({
  subject: 'in.channel-web.order.bad.place',
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
  contentType,
});
const packed = (payload: unknown) => raw(packr.pack(payload), MSGPACK);

/** Kept in DEAD, with their bytes. */
export const UNREADABLE: BadMessage[] = [
  { what: 'JSON that ends early', ...raw('{"channel":'), code: 'unreadable' },
  { what: 'an empty payload', ...raw(''), code: 'unreadable' },
  { what: 'JSON in Latin-1', ...raw(Buffer.from('{"channel":"caf\xe9"}', 'latin1')), code: 'unreadable' },
  { what: 'MessagePack that calls itself JSON', ...raw(packr.pack(good)), code: 'unreadable' },
  { what: 'an empty MessagePack payload', ...raw('', MSGPACK), code: 'unreadable' },
  { what: 'MessagePack that ends early', ...raw(packr.pack(good).subarray(0, 40), MSGPACK), code: 'unreadable' },
  {
    what: 'MessagePack with a byte too many',
    ...raw(Buffer.concat([packr.pack(good), Buffer.of(0)]), MSGPACK),
    code: 'unreadable',
  },
  {
    what: 'a list that contains itself',
    ...raw(Buffer.from('81a178d6690000000191d67000000001', 'hex'), MSGPACK),
    code: 'unreadable',
  },
  { what: 'the byte that MessagePack never uses', ...raw(Buffer.of(0xc1), MSGPACK), code: 'unreadable' },
  {
    what: 'a list of four billion, without them',
    ...raw(Buffer.of(0xdd, 255, 255, 255, 255), MSGPACK),
    code: 'unreadable',
  },
  {
    what: 'a text of four billion, without them',
    ...raw(Buffer.of(0xdb, 255, 255, 255, 255), MSGPACK),
    code: 'unreadable',
  },
  { what: 'lists in lists, 200,000 deep', ...raw(Buffer.alloc(200_000, 0x91), MSGPACK), code: 'unreadable' },
];

const WRONG_TYPES: BadMessage[] = [
  { what: 'null', ...order('place', null), code: 'invalid-payload', reason: /^payload: / },
  { what: 'a list', ...order('place', [good]), code: 'invalid-payload', reason: /^payload: / },
  { what: 'a number', ...order('place', 42), code: 'invalid-payload', reason: /^payload: / },
  { what: 'no lines', ...place({ lines: [] }), code: 'invalid-payload', reason: /^lines: / },
  { what: 'a line that is null', ...place({ lines: [null] }), code: 'invalid-payload', reason: /^lines\[0\]: / },
  {
    what: 'a text for a number',
    ...placeLine({ quantity: '1' }),
    code: 'invalid-payload',
    reason: /^lines\[0\]\.quantity: /,
  },
  { what: 'half a unit', ...placeLine({ quantity: 0.5 }), code: 'invalid-payload', reason: /^lines\[0\]\.quantity: / },
  {
    what: 'a float for a rate',
    ...placeLine({ taxRate: 0.2 }),
    code: 'invalid-payload',
    reason: /^lines\[0\]\.taxRate: /,
  },
  { what: 'a time that is none', ...place({ placedAt: 'yesterday' }), code: 'invalid-payload', reason: /^placedAt: / },
  {
    what: 'a time with the name of a zone',
    ...place({ placedAt: '2026-11-22T09:00:00Z[Europe/Paris]' }),
    code: 'invalid-payload',
    reason: /^placedAt: must be a time of RFC 3339/,
  },
  { what: 'a list for a text', ...place({ channel: ['web'] }), code: 'invalid-payload', reason: /^channel: / },
  {
    what: 'a quantity that is not a number',
    ...packed({ ...good, lines: [{ ...line, quantity: Number.NaN }] }),
    code: 'invalid-payload',
    reason: /^lines\[0\]\.quantity: /,
  },
  {
    what: 'a big integer',
    ...packed({ ...good, lines: [{ ...line, unitPrice: 2n ** 60n }] }),
    code: 'invalid-payload',
    reason: /^lines\[0\]\.unitPrice: /,
  },
  {
    what: 'a date of MessagePack',
    ...packed({ ...good, placedAt: new Date(0) }),
    code: 'invalid-payload',
    reason: /^placedAt: /,
  },
  {
    what: 'bytes for a text',
    ...packed({ ...good, channel: Buffer.from('web') }),
    code: 'invalid-payload',
    reason: /^channel: /,
  },
  { what: 'everything behind __proto__', ...raw(`{"__proto__":${JSON.stringify(good)}}`), code: 'invalid-payload' },
];

const ABSURD: BadMessage[] = [
  { what: 'none of it', ...placeLine({ quantity: 0 }), code: 'invalid-payload', reason: /quantity/ },
  { what: 'less than none', ...placeLine({ quantity: -1 }), code: 'invalid-payload', reason: /quantity/ },
  { what: 'a billion units', ...placeLine({ quantity: 1e9 }), code: 'invalid-payload', reason: /quantity/ },
  { what: 'a negative price', ...placeLine({ unitPrice: -1 }), code: 'invalid-payload', reason: /unitPrice/ },
  {
    what: 'a price beyond all numbers',
    ...raw(JSON.stringify(good).replace('8990', '1e400')),
    code: 'invalid-payload',
    reason: /unitPrice/,
  },
  {
    what: 'a sum that can not be counted',
    ...placeLine({ quantity: 1e6, unitPrice: 1e12 }),
    code: 'amount-out-of-bounds',
  },
  { what: 'a discount above the value', ...place({ discount: 1e9 }), code: 'discount-exceeds-value' },
  {
    what: 'an authorisation too low',
    ...place({ payment: { ...good.payment, authorised: 12979 } }),
    code: 'authorisation-too-low',
  },
  { what: 'a currency that is none', ...place({ currency: 'XXX' }), code: 'unknown-currency' },
  { what: 'a line twice', ...place({ lines: [line, line] }), code: 'duplicate-line' },
  {
    what: '1,001 lines',
    ...place({ lines: Array.from({ length: 1001 }, (_, index) => ({ ...line, line: `${index}` })) }),
    code: 'invalid-payload',
    reason: /^lines: /,
  },
];

const NOBODY: BadMessage[] = [
  {
    what: 'an entity that there is not',
    subject: 'in.channel-web.invoice.bad.place',
    bytes: json(good),
    code: 'unknown-command',
  },
  { what: 'a command that there is not', ...order('fly', {}), code: 'unknown-command' },
  {
    what: 'a message of another actor',
    ...order('gateway-result', { key: 'bad-c1' }, 'ops-hq'),
    code: 'unknown-command',
  },
  { what: 'a property of every object', ...order('constructor', {}), code: 'unknown-command' },
  { what: 'an order that there is not', ...order('cancel', {}), code: 'unknown-order' },
  {
    what: 'a store that there is not',
    subject: 'in.ops-hq.store.store-bad.stock',
    bytes: json({ items: [{ sku: 's', quantity: 1 }] }),
    code: 'unknown-store',
  },
  {
    what: 'a return that there is not',
    subject: 'in.ops-hq.return.bad.receive',
    bytes: json({ lines: [{ line: '1', quantity: 1 }] }),
    code: 'unknown-return',
  },
  {
    what: 'a return of an order that there is not',
    subject: 'in.ops-hq.return.bad.request',
    bytes: json({ order: 'bad', by: 'mail', lines: [{ line: '1', quantity: 1 }] }),
    code: 'unknown-order',
  },
  {
    what: 'a gateway account that there is not',
    subject: 'in.ops-hq.gateway.bad.script',
    bytes: json({ kind: 'capture', behave: 'ok' }),
    code: 'unknown-gateway-account',
  },
];

const STRANGERS: BadMessage[] = [
  { what: 'a store that places orders', ...order('place', good, 'store-a'), code: 'not-allowed' },
  { what: 'a channel that gives money back', ...order('refund', { amount: 1, reason: 'me' }), code: 'not-allowed' },
  { what: 'an origin of no kind', ...order('place', good, 'pirate-jack'), code: 'not-allowed' },
  { what: 'an origin without a name', ...order('place', good, 'ops'), code: 'not-allowed' },
  {
    what: 'a store that counts for another',
    subject: 'in.store-b.store.store-a.stock',
    bytes: json({ items: [{ sku: 'lantern', quantity: 0 }] }),
    code: 'not-allowed',
  },
  { what: 'a store that opens itself', subject: 'in.store-b.store.store-b.open', bytes: json({}), code: 'not-allowed' },
  {
    what: 'an id that is a wildcard',
    ...order('place', good, 'channel-web', '*'),
    code: 'invalid-id',
    reason: /^id "\*"/,
  },
  { what: 'an id of 65 characters', ...order('place', good, 'channel-web', 'x'.repeat(65)), code: 'invalid-id' },
  { what: 'an id of 300 characters', ...order('place', good, 'channel-web', 'x'.repeat(300)), code: 'invalid-id' },
  {
    what: 'an address of three times 1,024 characters',
    subject: `in.channel-web.${'e'.repeat(1024)}.${'i'.repeat(1024)}.${'n'.repeat(1024)}`,
    bytes: json({}),
    code: 'invalid-id',
  },
  { what: 'an id with an accent', ...order('place', good, 'channel-web', 'é'), code: 'invalid-id' },
  { what: 'an id with a currency', ...order('place', good, 'channel-web', 'a$b'), code: 'invalid-id' },
  { what: 'a command that is a wildcard', ...order('*', good), code: 'invalid-id' },
];

const LARGE: BadMessage[] = [300 * 1024, 1024 * 1024].map((size) => ({
  what: `${size / 1024} KiB`,
  ...place({ channel: 'x'.repeat(size) }),
  code: 'message-too-large',
}));

export const REFUSED: BadMessage[] = [...WRONG_TYPES, ...ABSURD, ...NOBODY, ...STRANGERS, ...LARGE];

/** Teaches a careless decoder that the byte 0x40 stands for an object, for this message and all that follow. */
export const RECORD_DEFINITION = Buffer.of(0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 0x01);
