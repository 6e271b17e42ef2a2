/** The records of gateway accounts in the bucket, `gateway.<account>`: what every node follows to know their methods. */
import { BUCKET, KEY_PREFIX, key } from '../../protocols/subjects.ts';
import type { Reader } from '../turn/ports.ts';
import type { Connection } from './connection.ts';
import { readOnce } from './direct-get.ts';
import { OrderedReader } from './ordered-reader.ts';

const EVERY_ACCOUNT = KEY_PREFIX + key.record('gateway', '*');

export type HearAccount = (account: string, record: Uint8Array) => void;

export class AccountRecords {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Tells every record that is stored now. */
  async stored(heard: HearAccount): Promise<void> {
    const found = await readOnce(this.connection, BUCKET, (reader) => reader.all(EVERY_ACCOUNT));
    for (const { subject, bytes } of found) heard(accountOf(subject), bytes);
  }

  /** Tells every change from now on, and once more what is stored. */
  async follow(heard: HearAccount, failed: (error: Error) => void): Promise<Reader> {
    const reader = new OrderedReader(this.connection, {
      stream: BUCKET,
      filters: [EVERY_ACCOUNT],
      after: 0,
      deliver: ({ message }) => heard(accountOf(message.subject), message.data),
      failed,
    });
    await reader.started();
    return { stop: async () => reader.stop() };
  }
}

const accountOf = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
