/** What an entry of a log says: a command, a send, or why it can't be read. */
import { hash } from 'node:crypto';
import type { Message } from '../../protocols/actor.ts';
import { encode } from '../../protocols/codec.ts';
import { extended } from '../../protocols/extended.ts';
import { type ReadCommand, readCommand } from '../../protocols/read-command.ts';
import { KEY_PREFIX, key, parseCommandSubject, parseSendSubject } from '../../protocols/subjects.ts';
import { isToken } from '../../protocols/token.ts';
import { readSend, token } from './messages.ts';
import type { LogEntry } from './ports.ts';

export interface ReadEntry {
  address: { entity: string; id: string; name: string };
  read: ReadCommand | { kind: 'send'; message: Message } | { kind: 'unreadable'; error: string };
  /** Its actor hears of it; what was refused before, only so that its record remembers the command. */
  toActor: boolean;
  /** Where the command is remembered, if not in its actor's record. */
  seenKey?: string;
}

/** `remembers`: whether the actors of an entity remember their commands themselves. */
export function readEntry(entry: LogEntry, remembers: (entity: string) => boolean): ReadEntry {
  return entry.log === 'commands' ? fromCommands(entry, remembers) : fromSends(entry);
}

function fromCommands(entry: LogEntry, remembers: (entity: string) => boolean): ReadEntry {
  const address = parseCommandSubject(entry.subject);
  if (!address) return unreadable(entry);
  const { bytes, wholeSize, messageId, contentType, sequence, badHeaders } = entry;
  const read = readCommand({ address, bytes, wholeSize, messageId, contentType, sequence, badHeaders });
  // Refused without an id of its own: nobody could send it again.
  if (read.kind === 'refused' && messageId === undefined) return { address, read, toActor: false };
  if (isToken(address.id) && remembers(address.entity)) return { address, read, toActor: true };
  const idHash = hash('sha1', messageId ?? read.reference.id, 'base64url');
  const seenKey = key.seen(token(address.entity), token(address.id), idHash);
  return { address, read, toActor: read.kind === 'command', seenKey };
}

function fromSends(entry: LogEntry): ReadEntry {
  const address = parseSendSubject(entry.subject);
  if (!address) return unreadable(entry);
  try {
    const { entity, id, name } = address;
    const message = extended(readSend(entry.bytes), { entity, id, name, at: entry.at });
    return { address, read: { kind: 'send', message }, toActor: true };
  } catch (error) {
    return { address, read: { kind: 'unreadable', error: String(error) }, toActor: false };
  }
}

function unreadable(entry: LogEntry): ReadEntry {
  return {
    address: { entity: entry.log, id: 'invalid', name: 'invalid' },
    read: { kind: 'unreadable', error: `the subject ${entry.subject} is not one of this log` },
    toActor: false,
  };
}

export function commandMessage(entry: LogEntry, address: ReadEntry['address'], read: ReadCommand): Message {
  const sender = { kind: 'command' as const, command: read.reference, bytesHash: read.bytesHash };
  const payload = read.kind === 'command' ? read.payload : undefined;
  const { entity, id, name } = address;
  const message: Message = { entity, id, name, payload, sender, at: entry.at };
  if (read.kind === 'refused') message.refused = read.refusal;
  if (entry.trace) message.trace = entry.trace;
  return message;
}

/** Who an entry is for, as far as its subject says. */
export function receiverOfSubject({ log, subject }: LogEntry): { entity: string; id: string } | undefined {
  const address = log === 'commands' ? parseCommandSubject(subject) : parseSendSubject(subject);
  return address && isToken(address.id) ? { entity: address.entity, id: address.id } : undefined;
}

/** Also of what is refused unread: its outcome tells the revision. An id like `*` would load every record. */
export function receiverOf(entry: ReadEntry | undefined): { entity: string; id: string } | undefined {
  return entry && isToken(entry.address.id) ? entry.address : undefined;
}

/** A message that was never stored, as it would have been. */
export function entryOf(message: Message): LogEntry {
  return {
    log: 'sends',
    partition: 0,
    sequence: 0,
    subject: `${KEY_PREFIX}send.${message.entity}.${message.id}.${message.name}`,
    bytes: encode(message, 'msgpack'),
    messageId: undefined,
    contentType: 'application/msgpack',
    trace: message.trace,
    at: message.at,
  };
}
