import { expect, test } from 'vitest';
import { decode } from '../../../protocols/codec.ts';
import { readCommand } from '../../../protocols/read-command.ts';

const ADDRESS = { origin: 'ops-anna', entity: 'order', id: 'A1', name: 'refund' };

const text = (value: string): Buffer => Buffer.concat([Buffer.of(0xa0 + value.length), Buffer.from(value)]);

function int64(tag: 0xcf | 0xd3, value: bigint): Buffer {
  const bytes = Buffer.alloc(9, tag);
  if (tag === 0xcf) bytes.writeBigUInt64BE(value, 1);
  else bytes.writeBigInt64BE(value, 1);
  return bytes;
}

/** As an encoder writes it that knows no shorter integers. */
function refund(amount: Buffer, ...more: Buffer[]) {
  const fields = [text('amount'), amount, text('reason'), text('goodwill'), ...more];
  const bytes = Buffer.concat([Buffer.of(0x80 + fields.length / 2), ...fields]);
  return readCommand({ address: ADDRESS, bytes, messageId: 'c1', contentType: 'application/msgpack', sequence: 1 });
}

test.each([
  [0xcf, 1000n],
  [0xd3, 1000n],
  [0xcf, 5_000_000_000n],
  [0xd3, 1_000_000_000_000n],
] as const)('MessagePack integers of 64 bits are numbers: %i %s', (tag, amount) => {
  const payload = { amount: Number(amount), reason: 'goodwill' };
  expect(refund(int64(tag, amount))).toMatchObject({ kind: 'command', payload });
});

test('an id is named up to a bound', () => {
  const bytes = Buffer.from('{');
  const read = readCommand({
    address: ADDRESS,
    bytes,
    messageId: 'c'.repeat(60_000),
    contentType: undefined,
    sequence: 1,
  });
  expect(read.reference.id).toBe('c'.repeat(16 * 1024));
});

test.each([
  [0xcf, 2n ** 53n, 'amount: must be <= 1000000000000'],
  [0xcf, 2n ** 64n - 1n, 'amount: must be <= 1000000000000'],
  [0xd3, -(2n ** 63n), 'amount: must be >= 1'],
  [0xd3, -5n, 'amount: must be >= 1'],
] as const)('those that no amount can be are refused by their field: %i %s', (tag, amount, reason) => {
  const refusal = { code: 'invalid-payload', reason };
  expect(refund(int64(tag, amount))).toMatchObject({ kind: 'refused', refusal });
});

test('a field that nobody knows may hold any integer', () => {
  const read = refund(int64(0xcf, 1000n), text('unheard'), int64(0xcf, 2n ** 64n - 1n));
  expect(read).toMatchObject({ kind: 'command', payload: { amount: 1000 } });
});

test.each([
  // Extension `i` numbers a value, and `p` is the value with that number.
  ['a list that contains itself', 'd66900000001' + '91' + 'd67000000001'],
  ['a value that is another one', '92' + 'd66900000001' + '91c0' + 'd67000000001'],
])('MessagePack has no references: %s is unreadable', (_, hex) => {
  const bytes = Buffer.from(hex, 'hex');
  expect(() => decode(bytes, 'msgpack')).toThrow();
  const refusal = { code: 'unreadable', reason: expect.stringMatching(/^not msgpack: /) };
  expect(refund(Buffer.of(5), text('unheard'), bytes)).toMatchObject({ kind: 'refused', refusal });
});

const NEVER_USED = Buffer.of(0xc1);

test.each([
  ['as a field', NEVER_USED],
  ['in a list of a field', Buffer.of(0x91, 0x81, 0xa1, 0x61, 0xc1)],
])('the byte that MessagePack never uses is unreadable %s', (_, bytes) => {
  const refusal = { code: 'unreadable', reason: 'not msgpack: the byte 0xc1 is never used' };
  expect(refund(Buffer.of(5), text('unheard'), bytes)).toMatchObject({ kind: 'refused', refusal });
});

test('within a number it is a byte like others', () => {
  const read = refund(int64(0xcf, 0xc1n), text('unheard'), int64(0xd3, 0xc1c1n));
  expect(read).toMatchObject({ kind: 'command', payload: { amount: 0xc1 } });
});
