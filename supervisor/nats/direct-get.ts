/** Reads the last messages of many subjects of a stream in few requests (direct get, ADR-31). */
import { createInbox, type Msg, type MsgHdrs, type Subscription } from '@nats-io/transport-node';
import { COMMANDS } from '../../protocols/subjects.ts';
import { type Connection, ConnectionLost } from './connection.ts';
import { headersOf, isMarker } from './message-headers.ts';

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
  /** RFC 3339: when the server stored it. */
  at: string;
  bytes: Uint8Array;
  headers: MsgHdrs;
}

interface Answer {
  messages: StoredMessage[];
  /** What is wrong with the headers of one that is left out: its subject is among them. */
  malformed: string | undefined;
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
  /** Who sends a command may write of any header. */
  private readonly hasMarkers: boolean;
  private readonly subscription: Subscription;
  private readonly requests = new Map<string, (message: Msg) => void>();
  private count = 0;

  constructor(connection: Connection, stream: string) {
    this.connection = connection;
    this.subject = `$JS.API.DIRECT.GET.${stream}`;
    this.hasMarkers = stream !== COMMANDS;
    this.inbox = `${createInbox()}.`;
    this.subscription = connection.nats.subscribe(`${this.inbox}*`, {
      callback: (_error, message) => this.requests.get(message.subject)?.(message),
    });
  }

  close(): void {
    if (!this.connection.nats.isClosed()) this.subscription.unsubscribe();
  }

  /**
   * The last message of each subject, wildcards allowed; deleted keys are left out. Throws where one has headers that nobody can read:
   * whoever asks for a key would take it for one that is not there.
   */
  async lastOf(subjects: readonly string[]): Promise<StoredMessage[]> {
    const found: StoredMessage[] = [];
    for (let from = 0; from < subjects.length; from += MAX_SUBJECTS) {
      found.push(...(await this.lastOfChunk(subjects.slice(from, from + MAX_SUBJECTS))));
    }
    return found;
  }

  private async lastOfChunk(subjects: string[]): Promise<StoredMessage[]> {
    const answer = await this.request({ multi_last: subjects, max_bytes: MAX_ANSWER_BYTES });
    if (answer.malformed !== undefined) throw new Error(`direct get: malformed headers: ${answer.malformed}`);
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

  /**
   * The messages of a filter from a sequence, or a time, on, up to the end as of now. Those with headers that nobody can read are left
   * out: anybody may send one, and it is refused.
   */
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
    if (!this.connection.connected) return Promise.reject(new ConnectionLost('not connected'));
    const reply = this.inbox + this.count++;
    return new Promise((resolve, reject) => {
      const messages: StoredMessage[] = [];
      let malformed: string | undefined;
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        forget();
        this.requests.delete(reply);
        settle();
      };
      const fail = (reason: string): void => done(() => reject(new Error(`direct get: ${reason}`)));
      const answer = (end: Omit<Answer, 'malformed'>): void => done(() => resolve({ malformed, ...end }));
      const timer = setTimeout(() => fail('no answer'), ANSWER_TIMEOUT_MS);
      const forget = this.connection.onDisconnect(() => done(() => reject(new ConnectionLost())));
      this.requests.set(reply, (message) => {
        const { headers, error } = headersOf(message);
        malformed ??= error;
        if (!headers) return;
        if (!isEnd(headers)) this.keep(messages, message, headers);
        else if (headers.code === NO_CONTENT) {
          const pending = headers.get('Nats-Num-Pending');
          const last = Number(headers.get('Nats-Last-Sequence'));
          answer({ messages, complete: pending === '0', pending: Number(pending), last });
        } else if (headers.code === NOT_FOUND) answer({ messages, complete: true, pending: 0, last: 0 });
        else if (headers.code === TOO_MANY_RESULTS) answer({ messages: [], complete: false, pending: 0, last: 0 });
        else fail(headers.status);
      });
      this.connection.nats.publish(this.subject, JSON.stringify(body), { reply });
    });
  }

  private keep(messages: StoredMessage[], { data: bytes }: Msg, headers: MsgHdrs): void {
    if (this.hasMarkers && isMarker(headers)) return;
    // What the server says comes after what the sender said.
    const sequence = Number(headers.last('Nats-Sequence'));
    const [subject, at] = [headers.last('Nats-Subject'), headers.last('Nats-Time-Stamp')];
    messages.push({ subject, sequence, at, bytes, headers });
  }
}

/** For one question. */
export async function readOnce<Found>(
  connection: Connection,
  stream: string,
  ask: (reader: DirectReader) => Promise<Found>,
): Promise<Found> {
  const reader = new DirectReader(connection, stream);
  try {
    return await ask(reader);
  } finally {
    reader.close();
  }
}

/** A message may have been stored with a status of its sender's. */
const isEnd = (headers: MsgHdrs): boolean => headers.code > 0 && !headers.has('Nats-Sequence');
