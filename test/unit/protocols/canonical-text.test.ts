import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from '../../../protocols/canonical-text.ts';

/** As a command comes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.each([
  [{ b: 1, a: [true, null, 'x"'] }, '{1"a:[true,null,2"x",],1"b:1,}'],
  [{ a: { d: -0, c: 1.5 } }, '{1"a:{1"c:1.5,1"d:0,},}'],
  [[[], {}, ''], '[[],{},0",]'],
  [null, 'null'],
])('%j has the one text %s', (value, text) => {
  expect(canonicalText(value)).toBe(text);
});

test('two contents have the same text only where they are the same', () => {
  const contents = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }));
  fc.assert(
    fc.property(contents, ([one, other]) => {
      const isSame = isDeepStrictEqual(plain(one), plain(other));
      expect(canonicalText(plain(one)) === canonicalText(plain(other))).toBe(isSame);
    }),
  );
});

test.each([[{ a: Number.NaN }], [{ a: 1n }], [{ a: undefined }], [[new Date(0)]], [new Map()], [undefined]])(
  'what JSON can not say has none: %s',
  (value) => {
    expect(canonicalText(value)).toBeUndefined();
  },
);

test('nor has what is deeper than any command', () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  expect(canonicalText(value)).toBeUndefined();
});
