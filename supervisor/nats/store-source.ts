/** What sourcing is kept from: all records of stores, and from then on their events. Whoever listens drops what is older. */
import { BUCKET, KEY_PREFIX } from '../../protocols/subjects.ts';
import type { Reader, StoredPart } from '../turn/ports.ts';
import { requestApi } from './api.ts';
import type { Connection } from './connection.ts';
import { DirectReader } from './direct-get.ts';
import { OrderedReader } from './ordered-reader.ts';

export interface StoreEvent {
  store: string;
  name: string;
  bytes: Uint8Array;
}

export interface StoreRecords {
  /** Parts of each store's record. */
  stores: Map<string, StoredPart[]>;
  /** Events up to here are contained; later ones may be. */
  sequence: number;
}

export class StoreSource {
  private readonly connection: Connection;
  private readonly reader: DirectReader;

  constructor(connection: Connection) {
    this.connection = connection;
    this.reader = new DirectReader(connection, BUCKET);
  }

  close(): void {
    this.reader.close();
  }

  async load(): Promise<StoreRecords> {
    const { state } = await requestApi<{ state: { last_seq: number } }>(this.connection, `STREAM.INFO.${BUCKET}`, {});
    const stores = new Map<string, StoredPart[]>();
    for (const { subject, bytes } of await this.reader.all(`${KEY_PREFIX}store.>`)) {
      const [, store = '', ...name] = subject.slice(KEY_PREFIX.length).split('.');
      const parts = stores.get(store) ?? [];
      parts.push({ name: name.join('.'), bytes });
      stores.set(store, parts);
    }
    return { stores, sequence: state.last_seq };
  }

  /** As they are committed, and before any outcome of their commit; what is said while the connection is away is `missed`. */
  async listen(heard: (event: StoreEvent) => void, missed: () => void): Promise<void> {
    const { connection } = this;
    connection.nats.subscribe('event.store.*.*', {
      callback: (error, message) => {
        if (error) return;
        const [, , store, name] = message.subject.split('.');
        if (store && name) heard({ store, name, bytes: message.data });
      },
    });
    connection.onReconnect(missed);
    await connection.nats.flush();
  }

  /** In the order of the commits, each batch in its order. */
  async follow(after: number, heard: (event: StoreEvent) => void, failed: (error: Error) => void): Promise<Reader> {
    const reader = new OrderedReader(this.connection, {
      stream: BUCKET,
      filters: [`${KEY_PREFIX}live.*.event.store.*.*`],
      after,
      deliver: ({ message }) => {
        const [store, name] = message.subject.split('.').slice(-2);
        if (store && name) heard({ store, name, bytes: message.data });
      },
      failed,
    });
    await reader.started();
    return { stop: async () => reader.stop() };
  }
}
