/** The two logs of a partition, read from where they are written: see Log of supervisor/turn/ports.ts. */
import { MAX_COMMAND_BYTES } from '../../protocols/commands.ts';
import { BUCKET, COMMANDS, KEY_PREFIX } from '../../protocols/subjects.ts';
import { isTraceParent } from '../../protocols/trace-parent.ts';
import type { Log, LogEntry, Position, Reader } from '../turn/ports.ts';
import type { Connection } from './connection.ts';
import { headersOf, isMarker, type ReadHeaders } from './message-headers.ts';
import { OrderedReader, type ReadMessage } from './ordered-reader.ts';
import { ReadBudget } from './read-budget.ts';

/** Half of what the server keeps for a client: the largest message, and the records that are read meanwhile, fit into the other half. */
const READ_AHEAD_BYTES = 32 * 1024 * 1024;
/** It is refused, whatever it says; the stream COMMANDS has all of it. */
const KEPT_OF_TOO_LARGE_BYTES = 1024;
const LOGS_A_PARTITION = 2;

/** One a connection: its budget is that of the connection. */
export class NatsLog implements Log {
  private readonly connection: Connection;
  private readonly budget: ReadBudget;

  constructor(connection: Connection, partitions: number, readAheadBytes = READ_AHEAD_BYTES) {
    this.connection = connection;
    this.budget = new ReadBudget(readAheadBytes, partitions * LOGS_A_PARTITION);
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
        budget: this.budget,
        deliver: (message) => {
          const read = headersOf(message.message);
          // A key that somebody deleted by hand.
          return log === 'sends' && isMarker(read.headers)
            ? undefined
            : deliver(toEntry(log, partition, message, read));
        },
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

function toEntry(
  log: LogEntry['log'],
  partition: number,
  { sequence, at, message }: ReadMessage,
  { headers, error }: ReadHeaders,
): LogEntry {
  const { data } = message;
  const trace = headers?.get('traceparent');
  const tooLarge = log === 'commands' && data.length > MAX_COMMAND_BYTES;
  return {
    log,
    partition,
    sequence,
    subject: message.subject,
    // A copy: a view would keep all of it in memory.
    bytes: tooLarge ? data.slice(0, KEPT_OF_TOO_LARGE_BYTES) : data,
    ...(tooLarge && { wholeSize: data.length }),
    messageId: headers?.get('Nats-Msg-Id') || undefined,
    contentType: headers?.get('Content-Type') || undefined,
    trace: trace && isTraceParent(trace) ? trace : undefined,
    ...(error === undefined ? {} : { badHeaders: error }),
    at,
  };
}
