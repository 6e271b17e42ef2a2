/** How much waits at some consumers, looked at regularly: who asks does not wait for the server. */
import type { PinnedConsumer } from './pinned-consumer.ts';

/** Between two looks. */
const EVERY_MS = 1000;

export class Backlog {
  /** Resolves when there was a look. */
  readonly known: Promise<void>;
  /** When the last look began, in milliseconds since the epoch; what was delivered since is counted. */
  at = 0;
  private readonly consumers: readonly PinnedConsumer[];
  private next: NodeJS.Timeout | undefined;
  private closed = false;
  private looked: () => void = () => undefined;

  constructor(consumers: readonly PinnedConsumer[]) {
    this.consumers = consumers;
    this.known = new Promise((resolve) => {
      this.looked = resolve;
    });
    void this.look();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.next);
  }

  private async look(): Promise<void> {
    const at = Date.now();
    try {
      await Promise.all(this.consumers.map((consumer) => consumer.look()));
      this.at = at;
      this.looked();
    } catch {
      // The server is away, or did not answer: `at` says how old what is known is.
    }
    if (!this.closed) this.next = setTimeout(() => void this.look(), EVERY_MS);
  }
}
