/** The two logs of a partition, read from where they are written: see Log of supervisor/turn/ports.ts. */
import { BUCKET, COMMANDS, KEY_PREFIX } from '../../protocols/subjects.ts';
import type { Log, LogEntry, Position, Reader } from '../turn/ports.ts';
import type { Connection } from './connection.ts';
import { OrderedReader, type ReadMessage } from './ordered-reader.ts';

export class NatsLog implements Log {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async read(
    partition: number,
    after: Position,
    deliver: (entry: LogEntry) => void | Promise<void>,
    failed: (error: Error) => void,
  ): Promise<Reader> {
    const readers: OrderedReader[] = [];
    const stop = (): void => {
      for (const reader of readers) reader.stop();
    };
    const fail = (error: Error): void => {
      stop();
      failed(error);
    };
    const read = (
      log: LogEntry['log'],
      stream: string,
      filters: readonly [string, ...string[]],
      position: number,
    ): OrderedReader =>
      new OrderedReader(this.connection, {
        stream,
        filters,
        after: position,
        deliver: (message) => (isMarker(message) ? undefined : deliver(toEntry(log, partition, message))),
        failed: fail,
      });
    readers.push(read('commands', COMMANDS, commandsOf(partition), after.commands));
    readers.push(read('sends', BUCKET, [`${KEY_PREFIX}send.${partition}.>`], after.sends));
    await Promise.all(readers.map((reader) => reader.started()));
    return { stop: async () => stop() };
  }
}

/**
 * The server leaves a subject with a wildcard in it as it is: in no partition. It was acknowledged, so somebody must refuse it:
 * the first one reads those too.
 */
function commandsOf(partition: number): readonly [string, ...string[]] {
  const own = `cmd.${partition}.>`;
  return partition === 0 ? [own, 'in.>'] : [own];
}

/** A key that somebody deleted by hand is a marker in the bucket. */
function isMarker({ message: { headers } }: ReadMessage): boolean {
  return headers !== undefined && (headers.has('KV-Operation') || headers.has('Nats-Marker-Reason'));
}

function toEntry(log: LogEntry['log'], partition: number, { sequence, at, message }: ReadMessage): LogEntry {
  const { headers } = message;
  return {
    log,
    partition,
    sequence,
    subject: message.subject,
    bytes: message.data,
    messageId: headers?.get('Nats-Msg-Id') || undefined,
    contentType: headers?.get('Content-Type') || undefined,
    trace: headers?.get('traceparent') || undefined,
    at,
  };
}
