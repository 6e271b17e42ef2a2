/** Everything that was said, read from the archive: who reads it misses nothing, whatever dies meanwhile. */
import { decode, encodingOf } from '../../../protocols/codec.ts';
import { EVENTS } from '../../../protocols/subjects.ts';
import type { Connection } from '../../../supervisor/nats/connection.ts';
import { OrderedReader } from '../../../supervisor/nats/ordered-reader.ts';
import { eventually } from '../../fixture/eventually.ts';

export interface Outcome {
  command: string;
  outcome: 'applied' | 'rejected';
  code?: string;
  revision: number;
}

const WITHIN_MS = 40_000;

export class News {
  /** Commands that were decided. */
  decided = 0;
  private readonly bySubject = new Map<string, Record<string, unknown>[]>();
  private readonly byCommand = new Map<string, Outcome[]>();
  private readonly reader: OrderedReader;

  constructor(connection: Connection) {
    this.reader = new OrderedReader(connection, {
      stream: EVENTS,
      filters: ['>'],
      after: 0,
      deliver: ({ message: { subject, data, headers } }) =>
        this.take(subject, decode(data, encodingOf(headers?.get('Content-Type'))) as Record<string, unknown>),
      failed: (error) => {
        throw error;
      },
    });
  }

  outcomes(command: string): readonly Outcome[] {
    return this.byCommand.get(command) ?? [];
  }

  outcome(command: string): Promise<Outcome> {
    return eventually(() => this.outcomes(command)[0], { what: `the outcome of ${command}`, withinMs: WITHIN_MS });
  }

  /** Resolves when so many were said there. */
  hear(subject: string, count = 1): Promise<readonly Record<string, unknown>[]> {
    const heard = () => {
      const said = this.bySubject.get(subject) ?? [];
      return said.length >= count && said;
    };
    return eventually(heard, { what: `${count} × ${subject}`, withinMs: WITHIN_MS });
  }

  stop(): void {
    this.reader.stop();
  }

  private take(subject: string, payload: Record<string, unknown>): void {
    if (typeof payload.command === 'string') {
      this.decided += 1;
      append(this.byCommand, payload.command, payload as unknown as Outcome);
    }
    append(this.bySubject, subject, payload);
  }
}

function append<Value>(lists: Map<string, Value[]>, name: string, value: Value): void {
  const list = lists.get(name);
  if (list) list.push(value);
  else lists.set(name, [value]);
}
