import { decode, type Encoding } from '../../protocols/codec.ts';
import type { Stored } from './memory-server.ts';

/** Something that was said: to an origin, or (an event) to everybody. */
export interface Heard {
  origin: string | undefined;
  entity: string;
  id: string;
  name: string;
  payload: Record<string, unknown>;
}

/** `live.<unique>.out.<origin>.<entity>.<id>.<name>` or `live.<unique>.event.<entity>.<id>.<name>`. */
export function heardFrom({ tokens, bytes, headers }: Stored): Heard | undefined {
  const [live, , what] = tokens;
  if (live !== 'live' || (what !== 'out' && what !== 'event')) return undefined;
  const origin = what === 'out' ? tokens[3] : undefined;
  const [entity = '', id = '', name = ''] = tokens.slice(what === 'out' ? 4 : 3);
  return { origin, entity, id, name, payload: payloadOf(bytes, headers['Content-Type'] ? 'msgpack' : 'json') };
}

const payloads = new WeakMap<Uint8Array, Record<string, unknown>>();

/** Several listen to what was said: it is decoded once. */
export function payloadOf(bytes: Uint8Array, encoding: Encoding): Record<string, unknown> {
  let payload = payloads.get(bytes);
  if (!payload) {
    payload = decode(bytes, encoding) as Record<string, unknown>;
    payloads.set(bytes, payload);
  }
  return payload;
}
