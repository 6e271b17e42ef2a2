/** The two encodings of the wire (section 1): JSON by default, MessagePack when the Content-Type says so. Records are MessagePack. */
import { C1, Packr } from 'msgpackr';

export type Encoding = 'json' | 'msgpack';
export const MSGPACK_CONTENT_TYPE = 'application/msgpack';

// Some encoders write every integer with 64 bits. What no number holds exactly is rounded as in JSON: no field is that large.
// Without references of structured clones, which are read unless they are refused: what contains itself has no end.
const packr = new Packr({ useRecords: false, int64AsType: 'number', structuredClone: false });
const textDecoder = new TextDecoder('utf-8', { fatal: true });

/** Media types are compared without their parameters and case (RFC 9110, 8.3.1). */
export function encodingOf(contentType: string | undefined): Encoding {
  const [mediaType = ''] = (contentType ?? '').split(';', 1);
  return mediaType.trim().toLowerCase() === MSGPACK_CONTENT_TYPE ? 'msgpack' : 'json';
}

/** Throws when the bytes are not what the encoding says. */
export function decode(bytes: Uint8Array, encoding: Encoding): unknown {
  return encoding === 'msgpack' ? packr.unpack(bytes) : JSON.parse(textDecoder.decode(bytes));
}

const NEVER_USED = 0xc1;

/** The same for what a client sent: the unpacker makes a value of its own of the byte that the specification never uses. */
export function decodeFromClient(bytes: Uint8Array, encoding: Encoding): unknown {
  const value = decode(bytes, encoding);
  if (encoding === 'msgpack' && bytes.includes(NEVER_USED) && holds(value, C1)) {
    throw new Error('the byte 0xc1 is never used');
  }
  return value;
}

/** `root` may be as deep as the longest command can be. */
function holds(root: unknown, wanted: object): boolean {
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value === wanted) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const field of Object.values(value)) if (typeof field === 'object') waiting.push(field);
  }
  return false;
}

export function encode(value: unknown, encoding: Encoding): Uint8Array {
  return encoding === 'msgpack' ? packr.pack(value) : Buffer.from(JSON.stringify(value));
}

/** For clients, who are told no integer as a float: the packer takes one of more than 32 bits for what may have a fraction. */
export function encodeForClient(value: unknown, encoding: Encoding): Uint8Array {
  return encode(encoding === 'msgpack' ? withLongIntegers(value) : value, encoding);
}

const MAX_UINT32 = 0xffff_ffff;
const MIN_INT32 = -0x8000_0000;

/** Copies only what holds one. */
function withLongIntegers(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && (value > MAX_UINT32 || value < MIN_INT32) ? BigInt(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withLongIntegers);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const fields = Object.entries(value);
  const changed = fields.flatMap(([name, field]) => {
    const said = withLongIntegers(field);
    return said === field ? [] : [[name, said]];
  });
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}
