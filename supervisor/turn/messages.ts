/** How an actor's effects, outcomes and dead letters look as messages of the commit. */
import type { CommandReference, Effect, Message, Refusal } from '../../protocols/actor.ts';
import { decode, encode, encodeForClient, MSGPACK_CONTENT_TYPE } from '../../protocols/codec.ts';
import { type DeadHeaders, MAX_DEAD_HEADER } from '../../protocols/dead-letter.ts';
import type { GatewayRequest, GatewayResult } from '../../protocols/gateway.ts';
import { instantOf } from '../../protocols/instant.ts';
import { partitionOf } from '../../protocols/partition.ts';
import { key } from '../../protocols/subjects.ts';
import { isToken, subjectPart } from '../../protocols/token.ts';
import type { CommitMessage } from './ports.ts';

/** Longer than any lag of the archive that we accept. */
export const LIVE_TTL_SECONDS = 24 * 3600;
/** Longer than any partition stays without an owner; also of what a timer sends when it fires. */
export const SEND_TTL_SECONDS = 7 * 24 * 3600;

/** The message that cancels a schedule says nothing itself. */
const CANCEL_TTL_SECONDS = 60;

export type StoredEffect = Exclude<Effect, { effect: 'send' | 'source' | 'answer' }>;

const CONTENT_TYPE = 'Content-Type';
const TRACE = 'traceparent';

/** What a send carries in the bucket: all of a message that its subject doesn't say. */
export type StoredSend = Pick<Message, 'payload' | 'sender' | 'trace'>;

/** Whoever an outcome is about. */
export type Addressed = Pick<Message, 'entity' | 'id'> & { trace?: string | undefined };

const traced = (trace: string | undefined): Record<string, string> => (trace ? { [TRACE]: trace } : {});

/** A result as the order hears it. */
export function resultMessage(result: GatewayResult, order: string, account: string, at: number): Message {
  const sender = { kind: 'gateway' as const, account };
  const message: Message = { entity: 'order', id: order, name: 'gateway-result', payload: result, sender, at };
  if (result.trace !== undefined) message.trace = result.trace;
  return message;
}

/**
 * Names a stored result: one that is stored twice is one message. What is said of a key again, later, is another, for what is stored
 * under a name takes the place of what was there: a first answer that comes late would take that of a recapture.
 */
export function resultName({ key: entry, outcome, at }: GatewayResult): string {
  return `${entry}-${outcome}-${Date.parse(at)}`;
}

export function sendMessage(message: Message, partition: number, unique: string): CommitMessage {
  const { entity, id, name, payload, sender, trace } = message;
  const stored: StoredSend = trace ? { payload, sender, trace } : { payload, sender };
  return {
    key: key.send({ partition, entity, id, name, key: unique }),
    bytes: encode(stored, 'msgpack'),
    ttlSeconds: SEND_TTL_SECONDS,
  };
}

export function readSend(bytes: Uint8Array): StoredSend {
  return decode(bytes, 'msgpack') as StoredSend;
}

/** What an effect that is neither a message to an actor nor an outcome stores. */
export function effectMessage(about: Message, effect: StoredEffect, unique: string, partitions: number): CommitMessage {
  switch (effect.effect) {
    case 'gateway':
      return gatewayMessage(effect.account, effect.request, about.trace);
    case 'gateway-control':
      return controlMessage(effect.account, effect.control, effect.payload, unique);
    case 'event':
      return eventMessage(about, effect, unique);
    case 'tell':
      return tellMessage(about, effect, unique);
    case 'timer':
      return timerMessage(about, effect, unique, partitions);
    case 'cancel-timer':
      return {
        key: key.timer(about.entity, about.id, `${effect.timer}-cancel`),
        bytes: new Uint8Array(),
        cancelsSchedule: key.timer(about.entity, about.id, effect.timer),
        ttlSeconds: CANCEL_TTL_SECONDS,
      };
  }
}

function timerMessage(
  about: Message,
  { timer, name, payload, at }: Extract<Effect, { effect: 'timer' }>,
  unique: string,
  partitions: number,
): CommitMessage {
  const { entity, id, trace } = about;
  const message: Message = { entity, id, name, payload, sender: { kind: 'timer' }, at };
  if (trace) message.trace = trace;
  const target = sendMessage(message, partitionOf(entity, id, partitions), `${timer}-${unique}`);
  return { key: key.timer(entity, id, timer), bytes: target.bytes, schedule: { at, targetKey: target.key } };
}

function gatewayMessage(account: string, request: GatewayRequest, trace: string | undefined): CommitMessage {
  return {
    key: key.gateway(account, request.kind, request.key),
    bytes: encode(trace ? { ...request, trace } : request, 'msgpack'),
    ttlSeconds: SEND_TTL_SECONDS,
    headers: traced(trace),
  };
}

function controlMessage(account: string, control: string, payload: unknown, unique: string): CommitMessage {
  return {
    key: key.gateway(account, 'control', unique),
    bytes: encode({ control, payload }, 'msgpack'),
    ttlSeconds: SEND_TTL_SECONDS,
  };
}

/** Events are JSON; the entity's id and the time are in every one. */
function eventMessage(
  about: Message,
  { name, payload, as = about.entity }: Extract<Effect, { effect: 'event' }>,
  unique: string,
): CommitMessage {
  const body = { [about.entity]: about.id, at: instantOf(about.at), ...payload };
  return {
    key: key.event(unique, as, about.id, name),
    bytes: encode(body, 'json'),
    ttlSeconds: LIVE_TTL_SECONDS,
    headers: traced(about.trace),
  };
}

/** Work for a store: JSON. */
function tellMessage(
  about: Message,
  { origin, name, payload }: Extract<Effect, { effect: 'tell' }>,
  unique: string,
): CommitMessage {
  return {
    key: key.out(unique, origin, about.entity, about.id, name),
    bytes: encode({ [about.entity]: about.id, at: instantOf(about.at), ...payload }, 'json'),
    ttlSeconds: LIVE_TTL_SECONDS,
    headers: traced(about.trace),
  };
}

/** The one outcome of a command, in the encoding of its request. Undefined where its origin can't be addressed. */
export function outcomeMessage(
  about: Addressed,
  command: CommandReference,
  refusal: Refusal | undefined,
  revision: number,
  unique: string,
): CommitMessage | undefined {
  if (!isToken(command.origin)) return undefined;
  const verdict = refusal ? { outcome: 'rejected', ...refusal } : { outcome: 'applied' };
  const subject = key.out(
    unique,
    command.origin,
    subjectPart(about.entity),
    subjectPart(about.id),
    subjectPart(command.name),
  );
  return {
    key: subject,
    bytes: encodeForClient({ command: command.id, ...verdict, revision }, command.encoding),
    ttlSeconds: LIVE_TTL_SECONDS,
    headers: {
      ...(command.encoding === 'msgpack' ? { [CONTENT_TYPE]: MSGPACK_CONTENT_TYPE } : {}),
      ...traced(about.trace),
    },
  };
}

/** Part of a key that is read by its tokens, whatever was sent. */
export const token = (text: string): string => (isToken(text) ? text : 'invalid');

export interface Unhandled {
  entity: string;
  id: string;
  name: string;
  /** Subject and sequence in the log that it was read from. */
  subject: string;
  sequence: number;
  command: string | undefined;
  contentType: string | undefined;
  trace: string | undefined;
  bytes: Uint8Array;
  error: string;
}

export function deadMessage(letter: Unhandled, unique: string): CommitMessage {
  const headers: DeadHeaders = {
    'Tillwire-Error': headerText(letter.error),
    'Tillwire-Subject': headerText(letter.subject),
    'Tillwire-Sequence': String(letter.sequence),
    ...(letter.command ? { 'Tillwire-Command': headerText(letter.command) } : {}),
    ...(letter.contentType ? { [CONTENT_TYPE]: headerText(letter.contentType) } : {}),
    ...traced(letter.trace),
  };
  return {
    key: key.dead(unique, token(letter.entity), token(letter.id), token(letter.name)),
    bytes: letter.bytes,
    ttlSeconds: LIVE_TTL_SECONDS,
    headers,
  };
}

const headerText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_DEAD_HEADER);
