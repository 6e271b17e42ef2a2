/**
 * A durable consumer that one client at a time reads (`pinned_client`): the server moves the pin when that client is gone. By
 * raw pulls, because what is asked for must be exactly what there is room for.
 *
 * A pin is an optimisation, never a fence: a paused holder goes on with what it had, once resumed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node';
import { isApiError, requestApi } from './api.ts';
import type { Connection } from './connection.ts';
import { deliveryInfo } from './delivery.ts';

const GROUP = 'holder';
/** After which the pin of a client that doesn't ask any more moves. */
const PRIORITY_TIMEOUT_MS = 2000;
const PULL_EXPIRES_MS = 10_000;
/** The server did not even say that it had nothing. */
const SILENCE_MS = 2000;
const MAX_ACK_PENDING = 10_000;
/** Nothing, and at once, is the answer of a server that can't serve now: it is not asked again at once. */
const FAULT_PAUSE_MS = 200;
/** A pin that is not given up by then moves by itself. */
const HAND_OVER_MS = PRIORITY_TIMEOUT_MS;
const NO_RESPONDERS = 503;
const WRONG_PIN = 423;
export const CONSUMER_NOT_FOUND = 10014;

export interface PinnedOptions {
  stream: string;
  /** Durable: what was acknowledged is known for ever. */
  name: string;
  filter: string;
  ackWaitMs: number;
}

export interface PinnedDelivery {
  subject: string;
  bytes: Uint8Array;
  redelivered: boolean;
  ack(): void;
  working(): void;
  release(): void;
}

export class PinnedConsumer {
  private readonly connection: Connection;
  private readonly options: PinnedOptions;
  private created: Promise<unknown> | undefined;
  private inbox = '';
  private subscription: Subscription | undefined;
  private pin = '';
  /** Asked for and not delivered yet. */
  private outstanding = 0;
  /** Never delivered, as the server said last. */
  private pending = 0;
  private deliveries = 0;
  private buffer: PinnedDelivery[] = [];
  private wake: (() => void) | undefined;
  private signal: AbortSignal | undefined;
  private handingOver: Promise<void> = Promise.resolve();
  private readonly forgetConnection: (() => void)[];

  constructor(connection: Connection, options: PinnedOptions) {
    this.connection = connection;
    this.options = options;
    this.forgetConnection = [
      connection.onDisconnect(() => this.resetPulls()),
      connection.onReconnect(() => this.resetPulls()),
    ];
  }

  /**
   * Up to `max`, oldest first; empty after a while without any, or when aborted. One pull at a time.
   *
   * From the moment at which `signal` aborts, what was asked for is given back and the next client has the pin, also while nobody pulls.
   */
  async pull(max: number, signal: AbortSignal): Promise<PinnedDelivery[]> {
    this.handOverAt(signal);
    await this.create();
    if (this.buffer.length === 0 && !signal.aborted) await this.more(max, signal);
    if (signal.aborted) return [];
    return this.buffer.splice(0, max);
  }

  /** How many were never pulled, as of the last delivery or look. */
  get waiting(): number {
    return this.pending + this.buffer.length;
  }

  /** Asks the server what waits: while nothing is pulled it says nothing by itself. */
  async look(): Promise<void> {
    await this.create();
    const { deliveries } = this;
    const pending = await this.askPending();
    // A delivery says the same, and later.
    if (this.deliveries === deliveries) this.pending = pending;
  }

  private async askPending(): Promise<number> {
    const { stream, name } = this.options;
    try {
      return (await requestApi<{ num_pending: number }>(this.connection, `CONSUMER.INFO.${stream}.${name}`, {}))
        .num_pending;
    } catch (error) {
      if (isApiError(error, CONSUMER_NOT_FOUND)) return 0;
      throw error;
    }
  }

  /** Resolves when the next client has the pin, or soon will. */
  async close(): Promise<void> {
    for (const forget of this.forgetConnection) forget();
    if (!this.signal?.aborted) this.handOver();
    await this.handingOver;
  }

  private handOverAt(signal: AbortSignal): void {
    if (this.signal === signal) return;
    this.signal = signal;
    if (!signal.aborted) signal.addEventListener('abort', () => this.handOver(), { once: true });
  }

  /** Once; again after a failure. */
  private create(): Promise<unknown> {
    this.created ??= this.createOnServer().catch((error: Error) => {
      this.created = undefined;
      throw error;
    });
    return this.created;
  }

  private createOnServer(): Promise<unknown> {
    const { stream, name, filter, ackWaitMs } = this.options;
    return requestApi(this.connection, `CONSUMER.CREATE.${stream}.${name}.${filter}`, {
      stream_name: stream,
      action: '',
      config: {
        name,
        durable_name: name,
        filter_subject: filter,
        deliver_policy: 'all',
        ack_policy: 'explicit',
        ack_wait: nanos(ackWaitMs),
        max_ack_pending: MAX_ACK_PENDING,
        priority_policy: 'pinned_client',
        priority_groups: [GROUP],
        priority_timeout: nanos(PRIORITY_TIMEOUT_MS),
      },
    });
  }

  /** Resolves at the first message, at the end of the request, or when aborted. */
  private async more(max: number, signal: AbortSignal): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    const timer = setTimeout(() => this.resetPulls(), PULL_EXPIRES_MS + SILENCE_MS);
    if (this.connection.connected && max > this.outstanding) this.request(max - this.outstanding);
    const asked = performance.now();
    await woken;
    clearTimeout(timer);
    if (this.buffer.length === 0 && !signal.aborted && performance.now() - asked < FAULT_PAUSE_MS)
      await pause(FAULT_PAUSE_MS);
    // What arrived with the first message belongs to the same answer.
    await new Promise((resolve) => setImmediate(resolve));
  }

  private request(batch: number): void {
    const { stream, name } = this.options;
    this.subscription ??= this.subscribe();
    this.outstanding += batch;
    const body = { batch, expires: nanos(PULL_EXPIRES_MS), group: GROUP, ...(this.pin ? { id: this.pin } : {}) };
    // Its size is said in the inbox, so that the end of a request says what it leaves open.
    const reply = `${this.inbox}.${batch}`;
    this.connection.nats.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, JSON.stringify(body), { reply });
  }

  private subscribe(): Subscription {
    const inbox = createInbox();
    this.inbox = inbox;
    return this.connection.nats.subscribe(`${inbox}.*`, {
      callback: (_error, message) => this.receive(message, inbox),
    });
  }

  private receive(message: Msg, inbox: string): void {
    const info = deliveryInfo(message.reply);
    if (inbox !== this.inbox) {
      // It was under way when nobody waited for it any more: dropped, it would come again after the ack wait only.
      if (info) this.toDelivery(message, info.deliveries).release();
      return;
    }
    if (info) {
      this.pin = message.headers?.get('Nats-Pin-Id') || this.pin;
      this.outstanding = Math.max(0, this.outstanding - 1);
      this.pending = info.pending;
      this.deliveries += 1;
      this.buffer.push(this.toDelivery(message, info.deliveries));
    } else {
      const code = message.headers?.code;
      if (code === WRONG_PIN) this.pin = '';
      if (code === NO_RESPONDERS) this.created = undefined;
      this.outstanding = Math.max(0, this.outstanding - leftOpen(message));
    }
    this.wake?.();
  }

  private toDelivery(message: Msg, deliveries: number): PinnedDelivery {
    const answer = (word: string): void => {
      if (!this.connection.nats.isClosed()) message.respond(word);
    };
    return {
      subject: message.subject,
      bytes: message.data,
      redelivered: deliveries > 1,
      ack: () => answer('+ACK'),
      working: () => answer('+WPI'),
      release: () => answer('-NAK'),
    };
  }

  /** Requests that the server may have forgotten: nobody counts on them any more. */
  private resetPulls(): void {
    if (!this.connection.nats.isClosed()) this.subscription?.unsubscribe();
    this.forgetPulls();
  }

  private forgetPulls(): void {
    this.subscription = undefined;
    this.inbox = '';
    this.outstanding = 0;
    this.wake?.();
  }

  private handOver(): void {
    const overdue = new Promise<void>((resolve) => setTimeout(resolve, HAND_OVER_MS).unref());
    // Where the server does not answer, the pin moves by itself.
    const handedOver = this.giveBack().catch(() => undefined);
    this.handingOver = Promise.race([handedOver, overdue]);
  }

  /** The end of the subscription is said before anything is given back: else it would be delivered here once more. */
  private async giveBack(): Promise<void> {
    const { buffer, subscription } = this;
    const { stream, name } = this.options;
    this.buffer = [];
    this.forgetPulls();
    const ended = this.connection.connected ? subscription?.drain() : undefined;
    for (const delivery of buffer) delivery.release();
    await ended;
    this.pin = '';
    if (!this.connection.connected || !this.created) return;
    // Whoever asks makes the server forget what was asked for by nobody: it would get the pin.
    await requestApi(this.connection, `CONSUMER.INFO.${stream}.${name}`, {});
    await requestApi(this.connection, `CONSUMER.UNPIN.${stream}.${name}`, { group: GROUP });
  }
}

function leftOpen({ subject, headers }: Msg): number {
  const pending = headers?.get('Nats-Pending-Messages');
  return Number(pending || subject.slice(subject.lastIndexOf('.') + 1));
}
