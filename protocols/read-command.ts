/**
 * From stored bytes to a command, or to the reason why not. Checks, in order: size, tokens, headers, command, rights, encoding, schema.
 * Pure: the turn calls it for every message of the command log.
 */
import { createHash } from 'node:crypto';
import { Compile, type Validator } from 'typebox/compile';
import type { CommandReference, Refusal } from './actor.ts';
import { brokenRule } from './broken-rule.ts';
import { canonicalText } from './canonical-text.ts';
import { decodeFromClient, type Encoding, encodingOf } from './codec.ts';
import { COMMAND_SCHEMAS, type CommandEntity, MAX_COMMAND_BYTES, MAX_MESSAGE_ID, RIGHTS } from './commands.ts';
import type { RefusalCode } from './refusals.ts';
import type { CommandAddress } from './subjects.ts';
import { messageOf } from './thrown.ts';
import { isToken, originKind } from './token.ts';
import { malformedText } from './well-formed.ts';

export interface RawCommand {
  address: CommandAddress;
  bytes: Uint8Array;
  /** Stored size, where `bytes` is only the beginning. */
  wholeSize?: number | undefined;
  /** `Nats-Msg-Id`, if the sender set one. */
  messageId: string | undefined;
  contentType: string | undefined;
  /** Position in the log: stands in for a missing id. */
  sequence: number;
  /** What is wrong with its headers, which may have had an id: it can't be handled without it. */
  badHeaders?: string | undefined;
}

/** `bytesHash`: of the content as it was sent, byte by byte, as earlier releases remembered it. */
export type ReadCommand = { reference: CommandReference; bytesHash: string } & (
  | { kind: 'command'; payload: unknown }
  | { kind: 'refused'; refusal: Refusal }
);

/** Undefined where it was not looked into. */
type Content = { payload: unknown } | { error: unknown } | undefined;

/** A refusal names the id as it was sent, up to this many characters. */
const MAX_NAMED_ID = 16 * 1024;

const validators = new Map<string, Validator>();
for (const [entity, commands] of Object.entries(COMMAND_SCHEMAS)) {
  for (const [name, schema] of Object.entries(commands)) validators.set(`${entity}.${name}`, Compile(schema));
}

export function readCommand(raw: RawCommand): ReadCommand {
  const encoding = encodingOf(raw.contentType);
  const size = raw.wholeSize ?? raw.bytes.length;
  const content = size > MAX_COMMAND_BYTES || raw.badHeaders !== undefined ? undefined : contentOf(raw, encoding);
  const bytesHash = hashOfBytes(raw);
  const reference = referenceOf(raw, encoding, hashOf(raw, content) ?? bytesHash);
  const refuse = (code: RefusalCode, reason: string): ReadCommand => ({
    kind: 'refused',
    reference,
    bytesHash,
    refusal: { code, reason },
  });
  if (size > MAX_COMMAND_BYTES) {
    return refuse('message-too-large', `${size} bytes; at most ${MAX_COMMAND_BYTES} are allowed`);
  }
  const badId = invalidToken(raw.address) ?? invalidMessageId(raw.messageId);
  if (badId) return refuse('invalid-id', badId);
  if (raw.badHeaders !== undefined) return refuse('unreadable', `its headers are malformed: ${raw.badHeaders}`);
  const validator = validators.get(`${raw.address.entity}.${raw.address.name}`);
  if (!validator) return refuse('unknown-command', `${raw.address.entity} has no command ${raw.address.name}`);
  const kind = originKind(raw.address.origin);
  if (!kind || !rightsOf(raw.address).includes(kind)) {
    return refuse('not-allowed', `${raw.address.origin} may not send ${raw.address.entity}.${raw.address.name}`);
  }
  if (!content || 'error' in content) return refuse('unreadable', `not ${encoding}: ${messageOf(content?.error)}`);
  const { payload } = content;
  if (!validator.Check(payload)) return refuse('invalid-payload', describe(validator, payload));
  const malformed = hasEscapes(raw.bytes, encoding) ? malformedText(payload) : undefined;
  if (malformed !== undefined) {
    return refuse('invalid-payload', `${malformed || 'payload'}: must be well-formed: it has half of a surrogate pair`);
  }
  return { kind: 'command', reference, bytesHash, payload };
}

/** JSON without them is UTF-8 throughout. */
function hasEscapes({ buffer, byteOffset, byteLength }: Uint8Array, encoding: Encoding): boolean {
  return encoding === 'msgpack' || Buffer.from(buffer, byteOffset, byteLength).includes('\\u');
}

function contentOf({ bytes }: RawCommand, encoding: Encoding): Content {
  try {
    return { payload: decodeFromClient(bytes, encoding) };
  } catch (error) {
    return { error };
  }
}

function referenceOf(raw: RawCommand, encoding: Encoding, contentHash: string): CommandReference {
  return {
    id: raw.messageId?.slice(0, MAX_NAMED_ID) || `seq-${raw.sequence}`,
    origin: raw.address.origin,
    name: raw.address.name,
    encoding,
    hash: contentHash,
  };
}

/** Two terminals that chose the same id meant two commands. */
const senderOf = ({ address: { origin, name } }: RawCommand): string => `${origin} ${name}`;

function hashOfBytes(raw: RawCommand): string {
  return sha1(senderOf(raw), raw.bytes);
}

/** The same whatever the order of its fields and the encoding: a terminal that sends again may write it anew. */
function hashOf(raw: RawCommand, content: Content): string | undefined {
  const text = content && 'payload' in content ? canonicalText(content.payload) : undefined;
  return text === undefined ? undefined : sha1(`${senderOf(raw)} `, text);
}

const sha1 = (sender: string, content: string | Uint8Array): string =>
  createHash('sha1').update(sender).update(content).digest('base64url');

function invalidToken(address: CommandAddress): string | undefined {
  for (const field of ['origin', 'entity', 'id', 'name'] as const) {
    if (!isToken(address[field])) return `${field} ${JSON.stringify(address[field].slice(0, 80))} is not a token`;
  }
  return undefined;
}

function invalidMessageId(id: string | undefined): string | undefined {
  if (id === undefined || id.length <= MAX_MESSAGE_ID) return undefined;
  return `Nats-Msg-Id has ${id.length} characters; at most ${MAX_MESSAGE_ID} are allowed`;
}

function rightsOf(address: CommandAddress): readonly string[] {
  const rights: Record<string, readonly string[]> = RIGHTS[address.entity as CommandEntity];
  return rights[address.name] ?? [];
}

/** The first broken rule, as `lines[0].quantity: must be integer`. */
function describe(validator: Validator, payload: unknown): string {
  const { path, rule } = brokenRule([...validator.Errors(payload)]);
  const field = path
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/^\./, '');
  return `${field || 'payload'}: ${rule}`;
}
