import { statfsSync } from 'node:fs';

const MB = 1024 * 1024;

/**
 * Two of a stream's files: with less, a server that is started would soon stand still again. And a commit that it has in part it completes
 * as it starts, or never: without room, the rest is lost.
 */
export const LEAST_ROOM_BYTES = 16 * MB;

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export function requireRoom(folder: string, leastBytes: number): void {
  const free = freeBytes(folder);
  if (free >= leastBytes) return;
  const [has, wants] = [free, leastBytes].map((bytes) => Math.floor(bytes / MB));
  throw new Error(`the disk of ${folder} has ${has} MB left and nats-server needs ${wants}: free space first`);
}
