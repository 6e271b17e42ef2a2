import { join } from 'node:path';

/** Room for a batch's largest message; the wire contract's own limit is far below. */
const DEFAULT_MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;
/**
 * More than any disk has: the disk is the bound. By itself the server takes three quarters of what is free when it starts; beyond that
 * it refuses all writes, says that it is well, and looks at the disk no more.
 */
const MAX_FILE_STORE_BYTES = 2 ** 50;
const LOG_FILE_LIMIT_BYTES = 64 * 1024 * 1024;
const LOG_FILES_KEPT = 3;
/**
 * A client that answers no pings is given up after six seconds, as nodes give up a server (`nats/connection.ts`). The server's own four
 * to six minutes are too long: a node that stands still is one of the queue group that answers queries, and gets its share of them until then.
 * Its partitions go to others after three seconds. Less would cut off who is merely busy: a process that starts on a loaded machine is
 * away for seconds.
 */
const CLIENT_PINGS = { ping_interval: '2s', ping_max: 2 };

export interface ServerSettings {
  /** 0: any free one. */
  readonly port: number;
  /** Everything the server keeps, its log included, is in here. */
  readonly storeDir: string;
  /** `always`, or an interval such as `2m`: then what was acknowledged can be lost with the power. */
  readonly syncInterval: string;
  readonly maxPayload?: number;
  /** More configuration, a file of the store folder: who may do what. Everybody everything, unless it says. */
  readonly include?: string;
}

/** The files of a store folder. */
export interface StoreLayout {
  readonly configuration: string;
  readonly log: string;
  /** Where the server writes what ports it listens on, once it does. */
  readonly ports: string;
  /** Who runs a server on this folder. */
  readonly owner: string;
  /** Locked as long as one does. */
  readonly lock: string;
}

export function storeLayout(storeDir: string): StoreLayout {
  return {
    configuration: join(storeDir, 'nats-server.conf'),
    log: join(storeDir, 'nats-server.log'),
    ports: join(storeDir, 'ports'),
    owner: join(storeDir, 'owner.json'),
    lock: join(storeDir, 'owner.lock'),
  };
}

/** The server's configuration language contains JSON. -1 is its word for any free port. */
export function serverConfiguration({ port, storeDir, syncInterval, maxPayload, include }: ServerSettings): string {
  const layout = storeLayout(storeDir);
  const configuration = {
    host: '127.0.0.1',
    port: port === 0 ? -1 : port,
    http: '127.0.0.1:-1',
    max_payload: maxPayload ?? DEFAULT_MAX_PAYLOAD_BYTES,
    ...CLIENT_PINGS,
    ports_file_dir: layout.ports,
    log_file: layout.log,
    logfile_size_limit: LOG_FILE_LIMIT_BYTES,
    logfile_max_num: LOG_FILES_KEPT,
    // The server adds a folder `jetstream` of its own.
    jetstream: { store_dir: storeDir, sync_interval: syncInterval, max_file_store: MAX_FILE_STORE_BYTES },
  };
  const more = include === undefined ? '' : `include ${JSON.stringify(include)}\n`;
  return `${JSON.stringify(configuration, null, 2)}\n${more}`;
}
