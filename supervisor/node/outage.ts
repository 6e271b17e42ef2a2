/** How the log tells of a store that does not take commits: a hiccup is a warning, what lasts is an error that somebody must see. */
import type { Logger } from 'pino';

const ERROR_AFTER_MS = 30_000;
/** While it lasts, each try stalls after 5 s at most: one that stalled longer ago has ended otherwise. */
const FORGOTTEN_AFTER_MS = 15_000;

export class Outage {
  private readonly now: () => number;
  private readonly log: Logger;
  private since: number | undefined;
  private last = 0;

  constructor(now: () => number, log: Logger) {
    this.now = now;
    this.log = log;
  }

  stalled(error: Error): void {
    const now = this.now();
    if (this.since === undefined || now - this.last > FORGOTTEN_AFTER_MS) this.since = now;
    this.last = now;
    const lastedMs = now - this.since;
    if (lastedMs < ERROR_AFTER_MS) this.log.warn({ err: error }, 'the store does not answer');
    else {
      const seconds = Math.floor(lastedMs / 1000);
      const advice = "look at nats-server's log and its disk; it goes on by itself once commits are stored";
      this.log.error({ err: error }, `commits have not been stored for ${seconds} s: ${advice}`);
    }
  }

  /** A commit was stored. */
  over(): void {
    this.since = undefined;
  }
}
