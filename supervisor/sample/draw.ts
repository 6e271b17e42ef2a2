import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the key alone: chance without randomness, the same in every run. */
export function draw(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
}

export function pick<T>(choices: readonly [T, ...T[]], key: string): T {
  return choices[Math.floor(draw(key) * choices.length)] ?? choices[0];
}
