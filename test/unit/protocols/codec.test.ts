import { expect, test } from 'vitest';
import { decode, encodeForClient, encodingOf } from '../../../protocols/codec.ts';
import { Reply } from '../../../supervisor/nats/reply.ts';
import { outcomeMessage } from '../../../supervisor/turn/messages.ts';

test.each([
  ['application/msgpack', 'msgpack'],
  ['Application/MsgPack; v=1', 'msgpack'],
  [' application/msgpack ;charset=x', 'msgpack'],
  ['application/msgpack-like', 'json'],
  ['application/json', 'json'],
  [undefined, 'json'],
])('Content-Type %s is read as %s: neither case nor parameters matter', (contentType, encoding) => {
  expect(encodingOf(contentType)).toBe(encoding);
});

/** Of the first byte of a value: see the MessagePack specification. */
const INT64 = 0xd3;
const FLOAT64 = 0xcb;
/** IDR, in minor units. */
const MILLIONS_OF_RUPIAHS = 498_000_000_000;

test.each([
  [4_294_967_296, INT64],
  [MILLIONS_OF_RUPIAHS, INT64],
  [Number.MAX_SAFE_INTEGER, INT64],
  [-2_147_483_649, INT64],
  [-MILLIONS_OF_RUPIAHS, INT64],
  [4_294_967_295, 0xce],
  [-2_147_483_648, 0xd2],
  [45.75, FLOAT64],
  [4_294_967_296.5, FLOAT64],
])('MessagePack tells clients %d with the first byte %i: no integer is a float', (value, first) => {
  const bytes = encodeForClient(value, 'msgpack');
  expect(bytes[0]).toBe(first);
  expect(decode(bytes, 'msgpack')).toBe(value);
});

test('a reply has no float but those of a place, however deep its amounts lie', () => {
  const view = {
    order: 'A1',
    totals: { ordered: MILLIONS_OF_RUPIAHS, open: { capture: -MILLIONS_OF_RUPIAHS } },
    lines: [
      { line: '1', gross: 1 },
      { line: '2', gross: MILLIONS_OF_RUPIAHS, taxed: true, name: null },
    ],
    parties: { headquarters: MILLIONS_OF_RUPIAHS },
    latitude: 45.75,
  };
  const reply = new Reply(view);
  const bytes = reply.in('msgpack');
  expect(bytes.filter((byte) => byte === FLOAT64)).toHaveLength(1);
  expect(decode(bytes, 'msgpack')).toEqual(view);
  expect(decode(reply.in('json'), 'json')).toEqual(view);
  expect(view.totals.ordered).toBe(MILLIONS_OF_RUPIAHS);
});

test('nor has an outcome', () => {
  const command = { id: 'c1', origin: 'ops-anna', name: 'refund', encoding: 'msgpack' as const, hash: '' };
  const said = outcomeMessage({ entity: 'order', id: 'A1' }, command, undefined, MILLIONS_OF_RUPIAHS, 'u1');
  expect(said?.bytes).not.toContain(FLOAT64);
  expect(decode(said?.bytes ?? new Uint8Array(), 'msgpack')).toMatchObject({ revision: MILLIONS_OF_RUPIAHS });
});
