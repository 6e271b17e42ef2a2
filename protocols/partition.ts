/**
 * The partition of an entity: what nats-server's `partition(n, 2, 3)` computes for `in.<origin>.<entity>.<id>.<command>`,
 * FNV-1a (32 bit) over the two tokens, modulo the number of partitions. A test compares it with the server.
 */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Of a system: their number is fixed for its life. */
export const MAX_PARTITIONS = 1024;

const MOST_ASCII = 0x7f;

/** FNV-1a 32 of the UTF-8 bytes of `text`. Nearly all is ASCII, whose characters are its bytes. */
export function fnv1a(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > MOST_ASCII) return ofBytes(Buffer.from(text));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return hash >>> 0;
}

function ofBytes(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}

export function partitionOf(entity: string, id: string, partitions: number): number {
  return fnv1a(entity + id) % partitions;
}
