/** What a turn handles. */
import type { Message } from '../../protocols/actor.ts';
import type { LogEntry } from './ports.ts';

/** An entry of a log, or a result that a part of this node delivers without storing it (its source redelivers it if need be). */
export type Incoming =
  | { kind: 'entry'; entry: LogEntry }
  | { kind: 'local'; partition: number; message: Message; done: () => void; failed: (error: Error) => void };

/** The same whenever it comes again. */
export function nameOf(incoming: Incoming): string {
  if (incoming.kind === 'entry') {
    const { log, partition, sequence } = incoming.entry;
    return `${log}.${partition}.${sequence}`;
  }
  const { entity, id, name, payload } = incoming.message;
  return `${entity}.${id}.${name}.${JSON.stringify(payload)}`;
}
