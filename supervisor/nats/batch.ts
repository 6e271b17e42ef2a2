/**
 * Atomic batches (ADR-50) by raw headers: the client library's `Batch` hides the server's error code and ignores expectations.
 *
 * B1  All messages of a batch are stored, one after another without a gap, or none is.
 * B2  `refused` is final: an expected sequence was wrong. Errors that promise that nothing was stored are tried again, bounded.
 *     `unstorable` is final too: the server will never take one of its messages.
 * B3  Without an answer the outcome is `unknown`: it may have happened, or still happen.
 * B4  An id is used once. A batch whose write failed half way (a full disk) is completed by the server when it starts again, from what
 *     it keeps under its id; a batch that begins under the same id makes it throw that away.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { asError } from '../../protocols/thrown.ts';
import type { Connection } from './connection.ts';
import { rawHeaders } from './raw-headers.ts';
import { type StoreAnswer, storeMessage, WRONG_LAST_SEQUENCE } from './store-message.ts';

/** The server's own bound. */
const MAX_BATCH_MESSAGES = 1000;
const MAX_ATTEMPTS = 12;
/** Published in one go: whoever asks this node something waits that long. */
const AT_ONCE = 100;
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 500;

/** Room for the headers that are added here. */
const BATCH_HEADERS_BYTES = 200;

/** The server's own bound, of one message. */
const MAX_HEADERS_BYTES = 65_535;

/** Of what a message says or weighs: too large, with its headers or they alone, a TTL or a schedule that the server can't read, too many messages. */
const NEVER_TAKEN: ReadonlySet<number> = new Set([10054, 10097, 10165, 10189, 10190, 10191, 10192, 10199, 10212]);

export interface BatchMessage {
  subject: string;
  bytes: Uint8Array;
  /** Lines `Name:value\r\n`. */
  headers: string;
}

export type BatchOutcome =
  /** Message i of n (from 1) has the sequence `lastSequence - n + i`. */
  | { kind: 'stored'; lastSequence: number }
  | { kind: 'refused' }
  | { kind: 'unstorable'; error: Error }
  | { kind: 'unknown'; error: Error };

/** `id` is a token of at most 56 characters that was never used before; attempts are told apart by what is added to it. */
export async function storeBatch(
  connection: Connection,
  id: string,
  messages: readonly BatchMessage[],
): Promise<BatchOutcome> {
  if (messages.length < 1 || messages.length > MAX_BATCH_MESSAGES) {
    throw new RangeError(`a batch of ${messages.length} messages`);
  }
  const tooLarge = whatIsTooLarge(connection, messages);
  if (tooLarge) return { kind: 'unstorable', error: tooLarge };
  let failure = new Error('no attempt was made');
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS));
    let answer: StoreAnswer;
    try {
      answer = await publish(connection, attempt === 0 ? id : `${id}-${attempt}`, messages);
    } catch (error) {
      return { kind: 'unknown', error: asError(error) };
    }
    if (!answer.error) return { kind: 'stored', lastSequence: answer.seq };
    if (answer.error.err_code === WRONG_LAST_SEQUENCE) return { kind: 'refused' };
    // A write to one of the subjects is in flight, the leader changed, too many batches are open, no room: nothing was stored.
    failure = new Error(`batch not stored: ${answer.error.description} (${answer.error.err_code})`);
    if (NEVER_TAKEN.has(answer.error.err_code)) return { kind: 'unstorable', error: failure };
  }
  return { kind: 'unknown', error: failure };
}

async function publish(connection: Connection, id: string, messages: readonly BatchMessage[]): Promise<StoreAnswer> {
  const { nats } = connection;
  if (!connection.connected) throw new Error('not connected');
  const prefix = `Nats-Batch-Id:${id}\r\nNats-Batch-Sequence:`;
  for (const [index, { subject, bytes, headers }] of messages.entries()) {
    const isLast = index === messages.length - 1;
    const lines = `${prefix}${index + 1}\r\n${isLast ? 'Nats-Batch-Commit:1\r\n' : ''}${headers}`;
    if (isLast) return storeMessage(connection, subject, bytes, lines);
    nats.publish(subject, bytes, { headers: rawHeaders(lines) });
    if (index % AT_ONCE === AT_ONCE - 1) await breathe(connection);
  }
  throw new RangeError('an empty batch');
}

/** Found before anything is sent: a batch that can't be published whole would be left open. */
function whatIsTooLarge({ nats }: Connection, messages: readonly BatchMessage[]): Error | undefined {
  const maxPayload = nats.info?.max_payload;
  if (maxPayload === undefined) return undefined;
  for (const { subject, bytes, headers } of messages) {
    if (headers.length + BATCH_HEADERS_BYTES > MAX_HEADERS_BYTES)
      return new RangeError(`${headers.length} bytes of headers for ${subject}: the server takes ${MAX_HEADERS_BYTES}`);
    if (bytes.length + headers.length + BATCH_HEADERS_BYTES <= maxPayload) continue;
    return new RangeError(`${bytes.length} bytes for ${subject}: the server takes ${maxPayload} in a message`);
  }
  return undefined;
}

async function breathe(connection: Connection): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (!connection.connected) throw new Error('the connection was lost');
}
