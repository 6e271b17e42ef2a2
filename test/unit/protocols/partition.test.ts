import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fnv1a } from '../../../protocols/partition.ts';

/** As its authors write it down: over bytes, without 32-bit multiplication. */
function reference(text: string): number {
  let hash = 0x811c9dc5n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
  return Number(hash);
}

test('the hash is FNV-1a over the bytes of any text', () => {
  expect([fnv1a(''), fnv1a('a'), fnv1a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
      expect(fnv1a(text)).toBe(reference(text));
    }),
  );
});
