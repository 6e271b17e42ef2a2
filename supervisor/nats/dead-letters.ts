/** Commands and messages that could not be handled, as the turn keeps them in the stream DEAD. */
import { commandKey } from '../../protocols/command-key.ts';
import {
  commandSubject,
  DEAD,
  KEY_PREFIX,
  key,
  parseCommandSubject,
  parseSendSubject,
} from '../../protocols/subjects.ts';
import { SEND_TTL_SECONDS } from '../turn/messages.ts';
import type { Connection } from './connection.ts';
import { DirectReader, type StoredMessage } from './direct-get.ts';
import { headerLine } from './raw-headers.ts';
import { storeMessage } from './store-message.ts';

export const MAX_LISTED = 1000;

export interface DeadLetter {
  /** In the stream DEAD. */
  sequence: number;
  /** RFC 3339. */
  at: string;
  /** Where it was read from. */
  subject: string;
  command?: string;
  contentType?: string;
  /** W3C traceparent. */
  trace?: string;
  error: string;
  bytes: Uint8Array;
}

export const discardedSubject = (sequence: number | '*'): string => `dead-discarded.${sequence}`;

export class DeadLetters {
  private readonly connection: Connection;
  private readonly reader: DirectReader;

  constructor(connection: Connection) {
    this.connection = connection;
    this.reader = new DirectReader(connection, DEAD);
  }

  /** The oldest behind `after` that were not discarded, `MAX_LISTED` at most. */
  async list(after = 0): Promise<DeadLetter[]> {
    const marks = await this.reader.all(discardedSubject('*'));
    const discarded = new Set(marks.map(({ subject }) => subject));
    const letters: DeadLetter[] = [];
    for await (const page of this.reader.pages('dead.>', after + 1)) {
      for (const message of page) {
        if (!discarded.has(discardedSubject(message.sequence))) letters.push(toLetter(message));
      }
      if (letters.length >= MAX_LISTED) break;
    }
    return letters.slice(0, MAX_LISTED);
  }

  async get(sequence: number): Promise<DeadLetter | undefined> {
    const marked = await this.reader.lastOf([discardedSubject(sequence)]);
    if (marked.length > 0) return undefined;
    for await (const [found] of this.reader.pages('dead.>', sequence, 1)) {
      return found?.sequence === sequence ? toLetter(found) : undefined;
    }
    return undefined;
  }

  /** Sends it again, under an id of its own: once, however often it is called within the server's duplicate window. */
  async replay({ sequence, subject, command, contentType, trace, bytes }: DeadLetter): Promise<void> {
    const id = `${commandKey(command ?? 'dead')}-replay-${sequence}`;
    const type = contentType ? headerLine('Content-Type', contentType) : '';
    const kept = type + (trace ? headerLine('traceparent', trace) : '');
    const to = parseCommandSubject(subject);
    if (to) return this.publish(commandSubject(to), bytes, headerLine('Nats-Msg-Id', id) + kept);
    const send = parseSendSubject(subject);
    if (!send) throw new Error(`a letter from ${subject} can't be sent again`);
    const again = KEY_PREFIX + key.send({ ...send, key: `replay-${sequence}` });
    return this.publish(again, bytes, headerLine('Nats-TTL', `${SEND_TTL_SECONDS}s`) + kept);
  }

  /** It is listed no more. */
  discard(sequence: number): Promise<void> {
    return this.publish(discardedSubject(sequence), new Uint8Array(), '');
  }

  close(): void {
    this.reader.close();
  }

  private async publish(subject: string, bytes: Uint8Array, headers: string): Promise<void> {
    const { error } = await storeMessage(this.connection, subject, bytes, headers);
    if (error) throw new Error(`${subject}: ${error.description}`);
  }
}

function toLetter({ sequence, at, headers, bytes }: StoredMessage): DeadLetter {
  const letter: DeadLetter = {
    sequence,
    at,
    subject: headers.get('Tillwire-Subject'),
    error: headers.get('Tillwire-Error'),
    bytes,
  };
  const command = headers.get('Tillwire-Command');
  const contentType = headers.get('Content-Type');
  if (command) letter.command = command;
  if (contentType) letter.contentType = contentType;
  const trace = headers.get('traceparent');
  if (trace) letter.trace = trace;
  return letter;
}
