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
export function heardFrom({ tokens, bytes, headers }: Stored): Heard | undefined {
  const [live, , what] = tokens;
  if (live !== 'live' || (what !== 'out' && what !== 'event')) return undefined;
  const origin = what === 'out' ? tokens[3] : undefined;
  const [entity = '', id = '', name = ''] = tokens.slice(what === 'out' ? 4 : 3);
  const payload = decode(bytes, headers['Content-Type'] ? 'msgpack' : 'json') as Heard['payload'];
  return { origin, entity, id, name, payload };
}
