/** How long to wait before something that failed is tried again, and when to give up. Pure: time and randomness are given. */

export const BACKOFF = {
  firstMs: 100,
  mostMs: 10_000,
  /** Half of a wait is random, so that those who failed together don't come back together. */
  jitter: 0.5,
  /** More failures than this within the window: it is not going to heal by itself. */
  failures: 12,
  windowMs: 60_000,
  /** Nor is what fails again and again for so long, without a window of peace: waits and slow starts keep it under the number. */
  longestMs: 300_000,
} as const;

export class Backoff {
  private failures: number[] = [];
  private since = 0;

  /** The wait in milliseconds before the next try, or `give-up`. `random` is from 0 up to 1. */
  failed(nowMs: number, random: number): number | 'give-up' {
    this.failures = this.failures.filter((at) => at > nowMs - BACKOFF.windowMs);
    if (this.failures.length === 0) this.since = nowMs;
    this.failures.push(nowMs);
    if (this.failures.length > BACKOFF.failures || nowMs - this.since > BACKOFF.longestMs) return 'give-up';
    const full = Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** (this.failures.length - 1));
    return Math.round(full * (1 - BACKOFF.jitter * random));
  }
}
