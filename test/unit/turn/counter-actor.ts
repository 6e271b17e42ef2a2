import type { ActorKind } from '../../../protocols/actor.ts';
import { decode, encode } from '../../../protocols/codec.ts';

/** Counts what it hears, under the name of a return: enough of an actor to see what a turn does. */
export const counterActor: ActorKind<number> = {
  entity: 'return',
  remembersCommands: false,
  paged: false,
  handle: (count = 0) => ({ kind: 'applied', snapshot: count + 1, effects: [], revision: count + 1 }),
  parts: (count) => [{ name: '', bytes: encode(count, 'msgpack') }],
  load: ([part]) => (part ? (decode(part.bytes, 'msgpack') as number) : undefined),
};
