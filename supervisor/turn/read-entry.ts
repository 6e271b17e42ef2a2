/** What an entry of a log says: a command, a send, or why it can't be read. */
import { createHash } from 'node:crypto';
import type { Message } from '../../protocols/actor.ts';
import { encode } from '../../protocols/codec.ts';
import { type ReadCommand, readCommand } from '../../protocols/read-command.ts';
import { KEY_PREFIX, key, parseCommandSubject, parseSendSubject } from '../../protocols/subjects.ts';
import { isToken } from '../../protocols/token.ts';
import { readSend } from './messages.ts';
import type { LogEntry } from './ports.ts';

export interface ReadEntry {
  address: { entity: string; id: string; name: string };
  read: ReadCommand | { kind: 'send'; message: Message } | { kind: 'unreadable'; error: string };
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
  const { bytes, messageId, contentType, sequence } = entry;
  const read = readCommand({ address, bytes, messageId, contentType, sequence });
  if (read.kind !== 'command' || remembers(address.entity)) return { address, read };
  const idHash = createHash('sha1').update(read.reference.id).digest('base64url');
  return { address, read, seenKey: key.seen(address.entity, address.id, idHash) };
}

function fromSends(entry: LogEntry): ReadEntry {
  const address = parseSendSubject(entry.subject);
  if (!address) return unreadable(entry);
  try {
    const { entity, id, name } = address;
    return { address, read: { kind: 'send', message: { ...readSend(entry.bytes), entity, id, name, at: entry.at } } };
  } catch (error) {
    return { address, read: { kind: 'unreadable', error: String(error) } };
  }
}

function unreadable(entry: LogEntry): ReadEntry {
  return {
    address: { entity: entry.log, id: 'invalid', name: 'invalid' },
    read: { kind: 'unreadable', error: `the subject ${entry.subject} is not one of this log` },
  };
}

export function commandMessage(
  entry: LogEntry,
  address: ReadEntry['address'],
  { reference, payload }: Extract<ReadCommand, { kind: 'command' }>,
): Message {
  const { entity, id, name } = address;
  const message: Message = { entity, id, name, payload, sender: { kind: 'command', command: reference }, at: entry.at };
  if (entry.trace) message.trace = entry.trace;
  return message;
}

/** Who an entry is for, as far as its subject says. */
export function receiverOfSubject({ log, subject }: LogEntry): { entity: string; id: string } | undefined {
  const address = log === 'commands' ? parseCommandSubject(subject) : parseSendSubject(subject);
  return address && isToken(address.id) ? { entity: address.entity, id: address.id } : undefined;
}

/** What is refused unread has none, and an id like `*` would load every record. */
export function receiverOf(entry: ReadEntry | undefined): { entity: string; id: string } | undefined {
  return entry?.read.kind === 'command' || entry?.read.kind === 'send' ? entry.address : undefined;
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
