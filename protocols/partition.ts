/**
 * The partition of an entity: what nats-server's `partition(n, 2, 3)` computes for `in.<origin>.<entity>.<id>.<command>`,
 * FNV-1a (32 bit) over the two tokens, modulo the number of partitions. A test compares it with the server.
 */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a 32 of the UTF-8 bytes of `text`. */
export function fnv1a(text: string): number {
  let hash = OFFSET_BASIS;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, PRIME) >>> 0;
  return hash;
}

export function partitionOf(entity: string, id: string, partitions: number): number {
  return fnv1a(entity + id) % partitions;
}
