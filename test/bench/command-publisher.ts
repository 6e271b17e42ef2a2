/**
 * Publishes commands as fast terminals do: raw, with one inbox for all acknowledgements, bounded in flight. The client
 * library's `js.publish` costs more CPU than everything else a terminal does.
 */
import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { BenchCommand } from './bench-command.ts';

const MAX_UNACKNOWLEDGED = 512;

export class CommandPublisher {
  acknowledged = 0;
  /** Payloads published. */
  bytes = 0;
  /** The first error that an acknowledgement carried. */
  error: string | undefined;
  private readonly nats: NatsConnection;
  private readonly inbox = createInbox();
  private readonly waiting: BenchCommand[] = [];
  private unacknowledged = 0;
  private idle: (() => void) | undefined;

  constructor(nats: NatsConnection) {
    this.nats = nats;
    nats.subscribe(this.inbox, { callback: (error, message) => this.acknowledge(error, message) });
  }

  publish(command: BenchCommand): void {
    if (this.unacknowledged < MAX_UNACKNOWLEDGED) this.send(command);
    else this.waiting.push(command);
  }

  /** Resolves when nothing waits for its turn here. */
  async room(): Promise<void> {
    while (this.waiting.length > 0) await this.nextAcknowledgement();
  }

  /** Resolves when all is acknowledged. */
  async flush(): Promise<void> {
    while (this.unacknowledged > 0 || this.waiting.length > 0) await this.nextAcknowledgement();
  }

  private nextAcknowledgement(): Promise<void> {
    return new Promise((resolve) => {
      this.idle = resolve;
    });
  }

  private send({ subject, id, payload }: BenchCommand): void {
    this.unacknowledged++;
    this.bytes += payload.length;
    const messageHeaders = headers();
    messageHeaders.set('Nats-Msg-Id', id);
    this.nats.publish(subject, payload, { headers: messageHeaders, reply: this.inbox });
  }

  private acknowledge(failure: Error | null, message: Msg): void {
    this.unacknowledged--;
    const answer = failure ? failure.message : message.string();
    if (failure || !answer.includes('"seq"')) this.error ??= answer || 'no stream takes commands';
    else this.acknowledged++;
    const next = this.waiting.shift();
    if (next) this.send(next);
    this.idle?.();
    this.idle = undefined;
  }
}
