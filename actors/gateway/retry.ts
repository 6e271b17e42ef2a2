/** How long to wait before the next call of one operation. */

export interface Backoff {
  baseMs: number;
  capMs: number;
}

/** Doubles with every try, up to the cap; `random` (0 to 1) takes up to half of it away, so that retries don't come in step. */
export function backoffMs(tries: number, random: number, { baseMs, capMs }: Backoff): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(tries - 1, 0), 30));
  return Math.ceil(full / 2 + (random * full) / 2);
}
