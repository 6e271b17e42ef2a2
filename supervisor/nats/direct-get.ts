/** Reads the last messages of many subjects of a stream in few requests (direct get, ADR-31). */
import { createInbox, type Msg, type MsgHdrs, type Subscription } from '@nats-io/transport-node';
import type { Connection } from './connection.ts';

/** Subjects of one request. The server answers at most 1,024 messages, wildcards included, or none at all. */
const MAX_SUBJECTS = 500;
/** A larger answer might exceed what the server keeps for a slow client, beside what is read ahead: it is asked for in pieces. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const PAGE_MESSAGES = 1000;
const ANSWER_TIMEOUT_MS = 5000;

const NO_CONTENT = 204;
const NOT_FOUND = 404;
const TOO_MANY_RESULTS = 413;

export interface StoredMessage {
  subject: string;
  sequence: number;
  bytes: Uint8Array;
  headers: MsgHdrs;
}

interface Answer {
  messages: StoredMessage[];
  /** False where the server had more than it gave. */
  complete: boolean;
  /** How many more, where it said so. */
  pending: number;
  /** Sequence of the last message of the answer, left out or not. */
  last: number;
}

export class DirectReader {
  private readonly connection: Connection;
  private readonly subject: string;
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private readonly requests = new Map<string, (message: Msg) => void>();
  private count = 0;

  constructor(connection: Connection, stream: string) {
    this.connection = connection;
    this.subject = `$JS.API.DIRECT.GET.${stream}`;
    this.inbox = `${createInbox()}.`;
    this.subscription = connection.nats.subscribe(`${this.inbox}*`, {
      callback: (_error, message) => this.requests.get(message.subject)?.(message),
    });
  }

  close(): void {
    if (!this.connection.nats.isClosed()) this.subscription.unsubscribe();
  }

  /** The last message of each subject, wildcards allowed; deleted keys are left out. */
  async lastOf(subjects: readonly string[]): Promise<StoredMessage[]> {
    const found: StoredMessage[] = [];
    for (let from = 0; from < subjects.length; from += MAX_SUBJECTS) {
      found.push(...(await this.lastOfChunk(subjects.slice(from, from + MAX_SUBJECTS))));
    }
    return found;
  }

  private async lastOfChunk(subjects: string[]): Promise<StoredMessage[]> {
    const answer = await this.request({ multi_last: subjects, max_bytes: MAX_ANSWER_BYTES });
    if (answer.complete) return answer.messages;
    const [only] = subjects;
    if (subjects.length === 1 && only) return this.all(only);
    const half = Math.ceil(subjects.length / 2);
    const first = await this.lastOfChunk(subjects.slice(0, half));
    return first.concat(await this.lastOfChunk(subjects.slice(half)));
  }

  /** Every message of a filter, by sequence. In a bucket that is the last one of each of its keys. */
  async all(filter: string): Promise<StoredMessage[]> {
    const found: StoredMessage[] = [];
    for await (const page of this.pages(filter, 1)) found.push(...page);
    return found;
  }

  /** The messages of a filter from a sequence, or a time, on, up to the end as of now. */
  async *pages(filter: string, from: number | Date, pageSize = PAGE_MESSAGES): AsyncGenerator<StoredMessage[]> {
    for (let next = from; ; ) {
      const { messages, complete, last } = await this.request({
        next_by_subj: filter,
        ...(typeof next === 'number' ? { seq: next } : { start_time: next.toISOString() }),
        batch: pageSize,
        max_bytes: MAX_ANSWER_BYTES,
      });
      yield messages;
      if (complete || (typeof next === 'number' && last < next)) return;
      next = last + 1;
    }
  }

  /** How many messages a filter has from a sequence on. */
  async countFrom(filter: string, from: number): Promise<number> {
    const { messages, pending } = await this.request({ next_by_subj: filter, seq: from, batch: 1 });
    return messages.length + pending;
  }

  private request(body: object): Promise<Answer> {
    if (!this.connection.connected) return Promise.reject(new Error('not connected'));
    const reply = this.inbox + this.count++;
    return new Promise((resolve, reject) => {
      const messages: StoredMessage[] = [];
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        forget();
        this.requests.delete(reply);
        settle();
      };
      const fail = (reason: string): void => done(() => reject(new Error(`direct get: ${reason}`)));
      const timer = setTimeout(() => fail('no answer'), ANSWER_TIMEOUT_MS);
      const forget = this.connection.onDisconnect(() => fail('the connection was lost'));
      this.requests.set(reply, (message) => {
        const end = message.headers?.code ? message.headers : undefined;
        if (!end) keep(messages, message);
        else if (end.code === NO_CONTENT) {
          const pending = end.get('Nats-Num-Pending');
          const last = Number(end.get('Nats-Last-Sequence'));
          done(() => resolve({ messages, complete: pending === '0', pending: Number(pending), last }));
        } else if (end.code === NOT_FOUND) done(() => resolve({ messages, complete: true, pending: 0, last: 0 }));
        else if (end.code === TOO_MANY_RESULTS)
          done(() => resolve({ messages: [], complete: false, pending: 0, last: 0 }));
        else fail(end.status);
      });
      this.connection.nats.publish(this.subject, JSON.stringify(body), { reply });
    });
  }
}

function keep(messages: StoredMessage[], message: Msg): void {
  const { headers } = message;
  if (!headers || headers.has('KV-Operation') || headers.has('Nats-Marker-Reason')) return;
  messages.push({
    subject: headers.get('Nats-Subject'),
    sequence: Number(headers.get('Nats-Sequence')),
    bytes: message.data,
    headers,
  });
}
