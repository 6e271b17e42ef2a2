import { decode } from '../../protocols/codec.ts';
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
export function heardFrom({ key, bytes, headers }: Stored): Heard | undefined {
  const [, , what, ...address] = key.split('.');
  if (what !== 'out' && what !== 'event') return undefined;
  const origin = what === 'out' ? address.shift() : undefined;
  const [entity = '', id = '', name = ''] = address;
  const payload = decode(bytes, headers['Content-Type'] ? 'msgpack' : 'json') as Record<string, unknown>;
  return { origin, entity, id, name, payload };
}
