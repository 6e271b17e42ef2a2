/**
 * Reads the messages of some filters in the order in which they were stored, for ever: an ordered consumer of our own, because the
 * client library's waits up to 30 s before it goes on after a restart of the server.
 *
 * O1  `deliver` sees each message once, by rising sequence; nothing between two of them is left out.
 * O2  At most `WINDOW` messages, and bytes within the share of the connection's `ReadBudget`, are on their way or wait here; `deliver` is
 *     awaited before the next message.
 * O3  The consumer is disposable: at a gap, silence, or a reconnect a new one starts behind the last message taken.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createInbox, type Msg, nanos, nuid, type Subscription } from '@nats-io/transport-node';
import { requestApi } from './api.ts';
import type { Connection } from './connection.ts';
import { type DeliveryInfo, deliveryInfo } from './delivery.ts';
import { ReadBudget } from './read-budget.ts';

const WINDOW = 256;
const OWN_BYTES = 1024 * 1024;
/** Pulls that make up a share: the next one is on its way while the one before is being answered. */
const PULLS = 2;
/** What subject, ack subject and headers of a message add to its payload, at the least. */
const ENVELOPE_BYTES = 256;
/** Subjects are not part of what the server bounds a payload by. */
const LARGEST_ENVELOPE_BYTES = 64 * 1024;
const PULL_EXPIRES_MS = 60_000;
const HEARTBEAT_MS = 5000;
/** Heard nothing for so long: the consumer is gone. */
const SILENCE_MS = 12_000;
/** The server forgets a consumer that nobody pulls from. */
const INACTIVE_MS = 120_000;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 1000;
/** Attempts to create a consumer while connected: about a minute. */
const MAX_ATTEMPTS = 60;

const HEARTBEAT = 100;
const BAD_REQUEST = 400;
const NO_RESPONDERS = 503;
const CONSUMER_GONE = /consumer deleted|leadership change|server shutdown/i;
/** The next message does not fit into the bytes of a pull. */
const TOO_LARGE = /exceeds maxbytes/i;

export interface ReadMessage {
  sequence: number;
  /** Milliseconds since the epoch at which it was stored. */
  at: number;
  message: Msg;
}

export interface ReadOptions {
  stream: string;
  /** Overlapping ones are refused by the server. */
  filters: readonly [string, ...string[]];
  /** The last sequence that is known already. */
  after: number;
  /** Where many read over one connection; else it has some of its own. */
  budget?: ReadBudget;
  deliver(message: ReadMessage): void | Promise<void>;
  /** Called once, when reading can't go on. */
  failed(error: Error): void;
}

interface Pull {
  inbox: string;
  messagesLeft: number;
  bytesLeft: number;
  /** Nothing came of it so far. */
  untouched: boolean;
  /** Ends a turn beyond the share. */
  release?: () => void;
}

interface Consumer {
  name: string;
  inbox: string;
  subscription: Subscription;
  delivered: number;
  /** Requests for messages that the server has not answered in full, oldest first. */
  pulls: Pull[];
  pullCount: number;
}

export class OrderedReader {
  private readonly connection: Connection;
  private readonly options: ReadOptions;
  private readonly budget: ReadBudget;
  private consumer: Consumer | undefined;
  private starting: Promise<void> | undefined;
  /** The last message taken into the buffer. */
  private taken: number;
  private buffer: ReadMessage[] = [];
  private bufferedBytes = 0;
  private delivering = false;
  private heardAt = 0;
  private reconnects = 0;
  private stopped = false;
  private readonly watchdog: NodeJS.Timeout;
  private readonly forgetConnection: (() => void)[];

  constructor(connection: Connection, options: ReadOptions) {
    this.connection = connection;
    this.options = options;
    this.budget = options.budget ?? new ReadBudget(OWN_BYTES, 1);
    this.taken = options.after;
    this.watchdog = setInterval(() => this.checkSilence(), SILENCE_MS / 2).unref();
    this.forgetConnection = [
      connection.onReconnect(() => {
        this.reconnects++;
        this.restart();
      }),
      connection.onDisconnect(() => {
        if (connection.nats.isClosed()) this.fail(new Error('the connection is closed'));
      }),
    ];
    this.restart();
  }

  /** Resolves when the first consumer exists, or reading failed. */
  async started(): Promise<void> {
    await this.starting;
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.watchdog);
    for (const forget of this.forgetConnection) forget();
    this.buffer = [];
    this.bufferedBytes = 0;
    this.dropConsumer();
  }

  private restart(): void {
    if (this.starting || this.stopped) return;
    this.dropConsumer();
    this.starting = this.create()
      .catch((error: Error) => this.fail(error))
      .finally(() => {
        this.starting = undefined;
      });
  }

  private fail(error: Error): void {
    if (this.stopped) return;
    this.stop();
    this.options.failed(error);
  }

  private async create(): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt++) {
      const { reconnects } = this;
      const consumer = this.subscribe();
      this.consumer = consumer;
      try {
        await this.createOnServer(consumer.name);
        if (reconnects !== this.reconnects) throw new Error('the connection was lost');
        this.heardAt = performance.now();
        this.pull();
        return;
      } catch (error) {
        this.dropConsumer();
        if (this.connection.nats.isClosed() || attempt >= MAX_ATTEMPTS) throw error;
        if (!this.connection.connected) attempt = 0;
        await pause(Math.min(FIRST_RETRY_MS * 2 ** attempt, MAX_RETRY_MS));
      }
    }
  }

  private subscribe(): Consumer {
    const inbox = createInbox();
    const consumer: Consumer = {
      name: `reader-${nuid.next()}`,
      inbox,
      subscription: this.connection.nats.subscribe(`${inbox}.*`, {
        callback: (error, message) => {
          // What is thrown here would end the connection's reading, of everybody.
          try {
            if (error) this.fail(error);
            else if (this.consumer === consumer) this.receive(consumer, message);
          } catch (thrown) {
            this.fail(thrown as Error);
          }
        },
      }),
      delivered: 0,
      pulls: [],
      pullCount: 0,
    };
    return consumer;
  }

  private async createOnServer(name: string): Promise<void> {
    const { stream, filters } = this.options;
    const [filter] = filters;
    const single = filters.length === 1;
    await requestApi(this.connection, `CONSUMER.CREATE.${stream}.${name}${single ? `.${filter}` : ''}`, {
      stream_name: stream,
      action: 'create',
      config: {
        name,
        ...(single ? { filter_subject: filter } : { filter_subjects: filters }),
        deliver_policy: 'by_start_sequence',
        opt_start_seq: this.taken + 1,
        ack_policy: 'none',
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: nanos(INACTIVE_MS),
      },
    });
  }

  private dropConsumer(): void {
    const { consumer } = this;
    const { nats } = this.connection;
    this.consumer = undefined;
    for (const pull of consumer?.pulls ?? []) pull.release?.();
    if (!consumer || nats.isClosed()) return;
    consumer.subscription.unsubscribe();
    if (!nats.isDraining()) nats.publish(`$JS.API.CONSUMER.DELETE.${this.options.stream}.${consumer.name}`);
  }

  private receive(consumer: Consumer, message: Msg): void {
    this.heardAt = performance.now();
    const info = deliveryInfo(message.reply);
    if (!info) this.receiveStatus(consumer, message);
    else if (info.consumerSequence !== consumer.delivered + 1) this.restart();
    else this.take(consumer, info, message);
  }

  private take(consumer: Consumer, info: DeliveryInfo, message: Msg): void {
    consumer.delivered = info.consumerSequence;
    this.taken = info.streamSequence;
    const bytes = sizeOf(message);
    const [pull] = consumer.pulls;
    if (pull) {
      pull.untouched = false;
      pull.messagesLeft--;
      pull.bytesLeft = Math.max(0, pull.bytesLeft - bytes);
      if (pull.messagesLeft === 0) this.endPull(consumer, pull);
    }
    this.buffer.push({ sequence: info.streamSequence, at: info.at, message });
    this.bufferedBytes += bytes;
    if (!this.delivering) this.deliver();
  }

  private endPull(consumer: Consumer, pull: Pull): void {
    pull.release?.();
    consumer.pulls = consumer.pulls.filter((other) => other !== pull);
  }

  /** Everything but a heartbeat ends a request for messages. */
  private receiveStatus(consumer: Consumer, message: Msg): void {
    const status = message.headers;
    if (!status || status.code === HEARTBEAT) return;
    if (status.code === BAD_REQUEST)
      this.fail(new Error(`reading ${this.options.filters.join(' ')}: ${status.description}`));
    else if (status.code === NO_RESPONDERS || CONSUMER_GONE.test(status.description)) this.restart();
    else {
      const pull = consumer.pulls.find(({ inbox }) => inbox === message.subject);
      if (pull) this.endPull(consumer, pull);
      if (pull?.untouched && TOO_LARGE.test(status.description)) void this.pullLarge(consumer);
      else this.pull();
    }
  }

  /** Stays synchronous while the receiver does: a promise a message would cost more than the message. */
  private deliver(): void {
    for (let next = this.buffer.shift(); next; next = this.buffer.shift()) {
      this.bufferedBytes -= sizeOf(next.message);
      const room = this.options.deliver(next);
      if (room) {
        this.delivering = true;
        room.then(
          () => {
            this.delivering = false;
            this.deliver();
          },
          (error: Error) => this.fail(error),
        );
        return;
      }
    }
    this.pull();
  }

  /** Asks for more as soon as half of the window and of the share is free. */
  private pull(): void {
    const { consumer } = this;
    if (!consumer || this.delivering || this.stopped) return;
    const { share } = this.budget;
    let messages = this.buffer.length;
    let bytes = this.bufferedBytes;
    for (const pull of consumer.pulls) {
      messages += pull.messagesLeft;
      bytes += pull.bytesLeft;
    }
    if (messages > WINDOW / PULLS || bytes > share / PULLS) return;
    this.ask(consumer, WINDOW - messages, Math.floor(share / PULLS));
  }

  /** One message, whatever its size. Another pull may have fetched it meanwhile: then it fetches the next. */
  private async pullLarge(consumer: Consumer): Promise<void> {
    const release = await this.budget.beyondShare();
    if (this.consumer !== consumer || this.stopped) return release();
    const { max_payload: most = 0 } = this.connection.nats.info ?? {};
    this.ask(consumer, 1, most + LARGEST_ENVELOPE_BYTES).release = release;
  }

  private ask(consumer: Consumer, messages: number, bytes: number): Pull {
    const pull: Pull = {
      inbox: `${consumer.inbox}.${consumer.pullCount++}`,
      messagesLeft: messages,
      bytesLeft: bytes,
      untouched: true,
    };
    consumer.pulls.push(pull);
    const request = {
      batch: messages,
      max_bytes: bytes,
      expires: nanos(PULL_EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    };
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.options.stream}.${consumer.name}`;
    this.connection.nats.publish(subject, JSON.stringify(request), { reply: pull.inbox });
    return pull;
  }

  private checkSilence(): void {
    if (this.connection.connected && this.consumer && performance.now() - this.heardAt > SILENCE_MS) this.restart();
  }
}

const sizeOf = ({ data }: Msg): number => data.length + ENVELOPE_BYTES;
