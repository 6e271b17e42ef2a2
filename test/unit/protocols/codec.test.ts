import { expect, test } from 'vitest';
import { encodingOf } from '../../../protocols/codec.ts';

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
