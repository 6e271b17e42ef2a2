/**
 * A terminal: sends commands, asks, and listens over the public wire contract. The command line, the demo and the bench use it.
 *
 * All acknowledgements come to one inbox: a subscription, a timer and a stack trace a command would cost more than the command.
 * A command without an answer is sent again under its id, which makes it the same command.
 */
import { createInbox, type Msg } from '@nats-io/transport-node';
import { decode, type Encoding, encode, encodingOf, MSGPACK_CONTENT_TYPE } from '../../protocols/codec.ts';
import type { Connection } from './connection.ts';
import { headerLine, rawHeaders } from './raw-headers.ts';

/** Commands sent and not acknowledged; who sends more waits. */
const MAX_IN_FLIGHT = 256;
const ANSWER_TIMEOUT_MS = 5000;
const SWEEP_MS = 500;
const MAX_ATTEMPTS = 6;
const RETRY_MS = 250;
const QUERY_TIMEOUT_MS = 5000;
const NO_RESPONDERS = 503;
const NOT_FOUND = '404';

/** The server has the command for good. */
export interface Accepted {
  /** In the stream COMMANDS. */
  sequence: number;
  /** The server had seen this id within its duplicate window. */
  duplicate: boolean;
}

export interface SendOptions {
  encoding?: Encoding;
  /** W3C traceparent. */
  trace?: string;
}

export interface HeardMessage {
  subject: string;
  payload: unknown;
}

interface Answer {
  seq: number;
  duplicate?: boolean;
  error?: { description: string };
}

interface InFlight {
  sentAt: number;
  answered(message: Msg): void;
  lost(error: Error): void;
}

/** The server said no: sending the same again won't help. */
export class NotAccepted extends Error {}

/** A node answered a query, and said why it has no reply. */
export class QueryRefused extends Error {}

export class Terminal {
  private readonly connection: Connection;
  private readonly inbox: string;
  private readonly inFlight = new Map<string, InFlight>();
  private readonly waiting: (() => void)[] = [];
  private readonly sweeper: NodeJS.Timeout;
  private count = 0;

  constructor(connection: Connection) {
    this.connection = connection;
    this.inbox = `${createInbox()}.`;
    connection.nats.subscribe(`${this.inbox}*`, {
      callback: (_error, message) => this.take(message.subject)?.answered(message),
    });
    connection.onDisconnect(() => this.loseOlderThan(Number.POSITIVE_INFINITY));
    this.sweeper = setInterval(() => this.loseOlderThan(performance.now() - ANSWER_TIMEOUT_MS), SWEEP_MS).unref();
  }

  /** Resolves when the server has stored the command. */
  send(subject: string, payload: object, id: string, options: SendOptions = {}): Promise<Accepted> {
    return this.sendBytes(subject, encode(payload, options.encoding ?? 'json'), id, options);
  }

  async sendBytes(subject: string, bytes: Uint8Array, id: string, options: SendOptions = {}): Promise<Accepted> {
    const headers = commandHeaders(id, options);
    for (let attempt = 1; ; attempt++) {
      if (this.inFlight.size >= MAX_IN_FLIGHT) await new Promise<void>((resolve) => this.waiting.push(resolve));
      try {
        return accepted(await this.request(subject, bytes, headers));
      } catch (error) {
        if (error instanceof NotAccepted || attempt === MAX_ATTEMPTS || this.connection.nats.isClosed()) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempt));
      }
    }
  }

  /** Undefined when there is no such entity. */
  async query<Reply>(subject: string, request?: object): Promise<Reply | undefined> {
    const payload = request ? encode(request, 'json') : new Uint8Array();
    const asked = this.connection.nats.request(subject, payload, { timeout: QUERY_TIMEOUT_MS });
    const answer = await this.connection.whileUp(asked);
    const code = answer.headers?.get('Nats-Service-Error-Code');
    if (code === NOT_FOUND) return undefined;
    if (code) throw new QueryRefused(`${subject}: ${answer.headers?.get('Nats-Service-Error')} (${code})`);
    return answer.json<Reply>();
  }

  /** Live messages, from when this resolves. What can't be decoded is not from Tillwire and is left out. */
  async listen(subjects: readonly string[], heard: (message: HeardMessage) => void): Promise<void> {
    for (const subject of subjects) {
      this.connection.nats.subscribe(subject, {
        callback: (error, message) => {
          const read = error ? undefined : readMessage(message);
          if (read) heard(read);
        },
      });
    }
    await this.connection.nats.flush();
  }

  close(): Promise<void> {
    clearInterval(this.sweeper);
    return this.connection.drain();
  }

  private request(subject: string, bytes: Uint8Array, headers: string): Promise<Msg> {
    if (!this.connection.connected) return Promise.reject(new Error('not connected'));
    const reply = this.inbox + this.count++;
    return new Promise((answered, lost) => {
      this.inFlight.set(reply, { sentAt: performance.now(), answered, lost });
      this.connection.nats.publish(subject, bytes, { reply, headers: rawHeaders(headers) });
    });
  }

  private take(reply: string): InFlight | undefined {
    const found = this.inFlight.get(reply);
    if (this.inFlight.delete(reply)) this.waiting.shift()?.();
    return found;
  }

  private loseOlderThan(sentAt: number): void {
    for (const [reply, { sentAt: at }] of this.inFlight) {
      if (at <= sentAt) this.take(reply)?.lost(new Error('no acknowledgement: the command may be stored or not'));
    }
  }
}

function commandHeaders(id: string, { encoding, trace }: SendOptions): string {
  let lines = headerLine('Nats-Msg-Id', id);
  if (encoding === 'msgpack') lines += headerLine('Content-Type', MSGPACK_CONTENT_TYPE);
  if (trace) lines += headerLine('traceparent', trace);
  return lines;
}

function accepted(message: Msg): Accepted {
  if (message.headers?.code === NO_RESPONDERS) throw new Error('nobody stores commands there');
  const { seq, duplicate = false, error } = message.json<Answer>();
  if (error) throw new NotAccepted(error.description);
  return { sequence: seq, duplicate };
}

function readMessage(message: Msg): HeardMessage | undefined {
  try {
    const payload = decode(message.data, encodingOf(message.headers?.get('Content-Type')));
    return { subject: message.subject, payload };
  } catch {
    return undefined;
  }
}
