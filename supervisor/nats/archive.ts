/** A stream of what was said (EVENTS) or asked (COMMANDS), read by subject. */
import { requestApi } from './api.ts';
import type { Connection } from './connection.ts';
import { DirectReader, type StoredMessage } from './direct-get.ts';
import { OrderedReader } from './ordered-reader.ts';

export interface ArchivedMessage {
  sequence: number;
  bytes: Uint8Array;
}

export class Archive {
  private readonly connection: Connection;
  private readonly stream: string;
  private readonly reader: DirectReader;

  constructor(connection: Connection, stream: string) {
    this.connection = connection;
    this.stream = stream;
    this.reader = new DirectReader(connection, stream);
  }

  /** Another one for a stream that was made anew: it counts from one again. */
  async identity(): Promise<string> {
    const { created } = await requestApi<{ created: string }>(this.connection, `STREAM.INFO.${this.stream}`, {});
    return `${this.stream} ${created}`;
  }

  /** All that is stored under a subject now, by sequence. */
  all(subject: string): Promise<StoredMessage[]> {
    return this.reader.all(subject);
  }

  /** What is stored under a subject from a sequence, or a time, on, up to the end as of now. */
  pages(subject: string, from: number | Date): AsyncGenerator<StoredMessage[]> {
    return this.reader.pages(subject, from);
  }

  /** How many are stored under a subject from a sequence on. */
  count(subject: string, from: number): Promise<number> {
    return this.reader.countFrom(subject, from);
  }

  /** What is stored behind `after` under a subject, and all that follows; `deliver` is awaited. The function returned ends it. */
  async follow(
    subject: string,
    after: number,
    deliver: (message: ArchivedMessage) => void | Promise<void>,
    failed: (error: Error) => void,
  ): Promise<() => void> {
    const reader = new OrderedReader(this.connection, {
      stream: this.stream,
      filters: [subject],
      after,
      deliver: ({ sequence, message }) => deliver({ sequence, bytes: message.data }),
      failed,
    });
    await reader.started();
    return () => reader.stop();
  }

  close(): void {
    this.reader.close();
  }
}
