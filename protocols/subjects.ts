/**
 * Every subject that Tillwire uses. The public ones are the wire contract's (section 2); the bucket's keys are
 * architecture.md's (section 1), with one difference: `live.<unique>.event.…` carries a unique token that `republish` and the
 * archive drop again, because a bucket keeps one message a subject and two events of one name must both survive.
 */

export const BUCKET = 'KV_tillwire';
export const COMMANDS = 'COMMANDS';
export const EVENTS = 'EVENTS';
export const DEAD = 'DEAD';
export const SIMULATOR = 'SIMULATOR';

/** Prefix of all subjects of the bucket; what follows it is a KV key. */
export const KEY_PREFIX = '$KV.tillwire.';

export interface CommandAddress {
  origin: string;
  entity: string;
  id: string;
  name: string;
}

/** Where a message between actors, or a timer that fired, waits for its receiver. */
export interface SendAddress {
  partition: number;
  entity: string;
  id: string;
  name: string;
  key: string;
}

export const commandSubject = (to: CommandAddress): string => `in.${to.origin}.${to.entity}.${to.id}.${to.name}`;

export const key = {
  record: (entity: string, id: string): string => `${entity}.${id}`,
  part: (entity: string, id: string, part: string): string => `${entity}.${id}.${part}`,
  seen: (entity: string, id: string, commandHash: string): string => `seen.${entity}.${id}.${commandHash}`,
  cursor: (partition: number): string => `cursor.${partition}`,
  rules: (version: string): string => `rules.${version}`,
  node: (node: string): string => `node.${node}`,
  send: (to: SendAddress): string => `send.${to.partition}.${to.entity}.${to.id}.${to.name}.${to.key}`,
  timer: (entity: string, id: string, name: string): string => `timer.${entity}.${id}.${name}`,
  gateway: (account: string, kind: string, idempotencyKey: string): string =>
    `gateway.${account}.${kind}.${idempotencyKey}`,
  event: (unique: string, entity: string, id: string, name: string): string =>
    `live.${unique}.event.${entity}.${id}.${name}`,
  out: (unique: string, origin: string, entity: string, id: string, name: string): string =>
    `live.${unique}.out.${origin}.${entity}.${id}.${name}`,
  dead: (unique: string, entity: string, id: string, name: string): string =>
    `live.${unique}.dead.${entity}.${id}.${name}`,
};

/** What the stream COMMANDS makes of `in.…`: `cmd.<partition>.<entity>.<id>.<command>.<origin>`; or, of a wildcard, nothing. */
export function parseCommandSubject(subject: string): CommandAddress | undefined {
  if (subject.startsWith('in.')) return parseInSubject(subject);
  const [cmd, , entity, id, name, origin, ...rest] = subject.split('.');
  if (cmd !== 'cmd' || !entity || !id || !name || !origin || rest.length > 0) return undefined;
  return { origin, entity, id, name };
}

function parseInSubject(subject: string): CommandAddress | undefined {
  const [, origin, entity, id, name, ...rest] = subject.split('.');
  if (!origin || !entity || !id || !name || rest.length > 0) return undefined;
  return { origin, entity, id, name };
}

export function parseSendSubject(subject: string): SendAddress | undefined {
  if (!subject.startsWith(`${KEY_PREFIX}send.`)) return undefined;
  const [partition, entity, id, name, sendKey] = subject.slice(KEY_PREFIX.length + 'send.'.length).split('.');
  if (!partition || !entity || !id || !name || !sendKey) return undefined;
  return { partition: Number(partition), entity, id, name, key: sendKey };
}
