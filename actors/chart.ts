/**
 * An actor whose lifecycle is an XState chart and whose judgement is one pure function a message.
 *
 * C1  What the chart does not hear in its state is refused (`wrong-state`) or, from another actor, ignored.
 * C2  A command id that was handled before is recognised: the same content is ignored, other content refused. Of those that were
 *     refused, and changed nothing, the last `MAX_REFUSED` are; nobody can push out those that were applied.
 * C3  A refusal changes nothing but the list of refused commands; the revision stays. So does one that comes later: what its command
 *     waited with is not counted, nor shown; an entity that it made is `absent` again, and only the refused command is left.
 * C4  Of an entity that is not there, a message may be kept until it is: with the commands that were handled before.
 * C5  The record moves first, then the chart: `always` transitions read the new record. Nothing else changes the state.
 */
import type { AnyMachineSnapshot, AnyStateMachine, StateNode } from 'xstate';
import type { ActorKind, Effect, Message, Part, Refusal, Step } from '../protocols/actor.ts';
import { decode, encode } from '../protocols/codec.ts';
import { commandKey } from '../protocols/command-key.ts';
import { extended } from '../protocols/extended.ts';
import type { RefusalCode } from '../protocols/refusals.ts';

type HandledCommands = readonly (readonly [key: string, hash: string])[];

/** What every record has. `handled` and `refused` list command key and content hash, oldest first. */
export interface ChartRecord {
  /** Schema version of the stored form. */
  v: number;
  id: string;
  revision: number;
  handled: HandledCommands;
  /** Not there in records from before they were kept apart, nor where none was. */
  refused?: HandledCommands;
}

export type Verdict<R> =
  | {
      record: R;
      effects: Effect[];
      /** The outcome follows later, as an `answer` effect; until then nobody is shown a change, so the revision stays. */
      deferred?: boolean;
    }
  | { refuse: Refusal }
  /** The entity is not there: this is kept for when it is. Nothing ends it. */
  | { keep: readonly unknown[]; effects: Effect[] }
  /** Effects without a change of the record; for messages of other actors only. */
  | { answer: Effect[] }
  | { ignore: string };

/** `record` is undefined where the entity is not there; `kept`: what was kept for it (C4). */
export type Judge<R> = (record: R | undefined, message: Message<never>, kept: readonly unknown[]) => Verdict<R>;

/** A judge of what the chart hears only where there is a record. */
export function existing<R, M>(
  judge: (record: R, message: M) => Verdict<R>,
): (record: R | undefined, message: M) => Verdict<R> {
  return (record, message) => {
    if (!record) throw new Error('the chart lets this through in absent, and nobody judges it there');
    return judge(record, message);
  };
}

export interface ChartDefinition<R extends ChartRecord> {
  entity: string;
  /** Starts in `absent`; without actions of its own. */
  machine: AnyStateMachine;
  judges: Record<string, Judge<R>>;
  /** The code for commands to an entity that is not there. */
  unknown: RefusalCode;
  remembersCommands: boolean;
  /** Event to emit on entering a state. */
  stateEvents: Record<string, string>;
  /** Pages of the record that are stored apart; the default is one message. */
  split?: (record: R, before: R | undefined) => { head: unknown; pages: Map<string, unknown> };
  /** States of older records in which the entity is not there: `absent`, by another name. */
  absentToo?: readonly string[];
  /** From stored form (any version) to the record of today. */
  join: (head: Stored, pages: Map<string, unknown>) => R;
}

export type Stored = Record<string, unknown> & { state: string; v: number };

export interface Charted<R> {
  state: string;
  record: R;
}

/** So that nobody can grow a record at will; an order takes a few dozen. What is applied has bounds of its own: units, money, a clerk's time. */
const MAX_REFUSED = 500;

interface ChartContext {
  record: unknown;
}

/** What can be read of stored records, without anything that judges. */
export type ChartRecords<R> = Pick<ActorKind<AnyMachineSnapshot>, 'entity' | 'paged' | 'load'> & {
  read(snapshot: AnyMachineSnapshot): Charted<R>;
};

export function chartRecords<R extends ChartRecord>(
  stored: Pick<ChartDefinition<R>, 'entity' | 'machine' | 'split' | 'absentToo' | 'join'>,
): ChartRecords<R> {
  return { entity: stored.entity, paged: stored.split !== undefined, load: (parts) => fromParts(stored, parts), read };
}

/** `on` of a state that hears these messages and stays, unless an `always` moves it. */
export function hears<Name extends string>(...names: Name[]): Record<Name, Record<never, never>> {
  return Object.fromEntries(names.map((name) => [name, {}])) as Record<Name, Record<never, never>>;
}

export const refuse = (code: RefusalCode, reason: string): { refuse: Refusal } => ({ refuse: { code, reason } });

/** The kind of actor that the definition describes; `read` shows a snapshot's state and record. */
export function chartActor<R extends ChartRecord>(
  definition: ChartDefinition<R>,
): ActorKind<AnyMachineSnapshot> & ChartRecords<R> {
  const { machine, remembersCommands } = definition;
  const absent = machine.resolveState({ value: 'absent', context: { record: undefined } });
  return {
    ...chartRecords(definition),
    remembersCommands,
    handle: (snapshot, message) => handle(definition, snapshot ?? absent, message),
    parts: (snapshot, before) => toParts(definition, snapshot, before),
  };
}

function recordOf<R>(snapshot: AnyMachineSnapshot | undefined): R | undefined {
  return snapshot === undefined || isAbsent(snapshot) ? undefined : (contextOf(snapshot).record as R | undefined);
}

const contextOf = (snapshot: AnyMachineSnapshot): ChartContext => snapshot.context as ChartContext;

/** True of an entity that is not there, though commands to it may be remembered. */
export const isAbsent = (snapshot: AnyMachineSnapshot): boolean => snapshot.value === 'absent';

/** Tag of a state in which the command that creates the entity may still be refused. */
export const PENDING = 'pending';

/** True of an entity that is not there for anybody outside. */
export const isUnseen = (snapshot: AnyMachineSnapshot): boolean => isAbsent(snapshot) || snapshot.hasTag(PENDING);

/** Also of an entity that is not there: who was told so is not told anything else when it is. */
function handledOf(snapshot: AnyMachineSnapshot): Required<Pick<ChartRecord, 'handled' | 'refused'>> {
  const { handled = [], refused = [] } = (contextOf(snapshot).record as ChartRecord | undefined) ?? {};
  return { handled, refused };
}

function read<R>(snapshot: AnyMachineSnapshot): Charted<R> {
  return { state: String(snapshot.value), record: recordOf<R>(snapshot) as R };
}

function handle<R extends ChartRecord>(
  definition: ChartDefinition<R>,
  snapshot: AnyMachineSnapshot,
  message: Message,
): Step<AnyMachineSnapshot> {
  const record = recordOf<R>(snapshot);
  const revision = record?.revision ?? 0;
  const shown = isUnseen(snapshot) ? 0 : revision;
  const known = definition.remembersCommands ? handledBefore(handledOf(snapshot), message) : undefined;
  if (known === 'same') return { kind: 'ignored', reason: 'duplicate command' };
  if (known === 'other') {
    const reason = `command id ${commandId(message)} was used with other content`;
    return { kind: 'refused', refusal: refuse('command-id-reused', reason).refuse, revision: shown };
  }
  const verdict = message.refused ? { refuse: message.refused } : judge(definition, snapshot, record, message);
  if ('ignore' in verdict) return { kind: 'ignored', reason: verdict.ignore };
  if ('answer' in verdict) return { kind: 'answered', effects: verdict.answer };
  if ('record' in verdict) return move(definition, snapshot, message, verdict, revision);
  if ('keep' in verdict) {
    const { keep: kept, effects } = verdict;
    const handled = remember(handledOf(snapshot).handled, message);
    const absent = { ...absentRecord(snapshot, message.id), handled, kept };
    return { kind: 'applied', snapshot: withRecord(snapshot, absent), effects, revision };
  }
  const refused = { kind: 'refused' as const, refusal: verdict.refuse, revision: shown };
  if (!definition.remembersCommands) return refused;
  const list = remember(handledOf(snapshot).refused, message).slice(-MAX_REFUSED);
  const remembering = { ...(record ?? absentRecord(snapshot, message.id)), refused: list };
  return { ...refused, snapshot: withRecord(snapshot, remembering) };
}

/** C5. */
function move<R extends ChartRecord>(
  { machine, remembersCommands, stateEvents }: ChartDefinition<R>,
  snapshot: AnyMachineSnapshot,
  message: Message,
  verdict: Extract<Verdict<R>, { record: R }>,
  before: number,
): Step<AnyMachineSnapshot> {
  const late = refusedLate(verdict.effects);
  const revision = verdict.deferred || late !== undefined ? before : before + 1;
  const known = withRefused(handledOf(snapshot), late);
  const handled = remembersCommands ? remember(known.handled, message) : verdict.record.handled;
  const refused = known.refused.length > 0 ? { refused: known.refused } : {};
  const record = { ...verdict.record, revision, handled, ...refused };
  const next = moved(machine, withRecord(snapshot, record), message.name);
  if (isAbsent(next)) {
    const gone = goneRecord(record);
    return { kind: 'applied', snapshot: withRecord(next, gone), effects: verdict.effects, revision: gone.revision };
  }
  const entered = next.value === snapshot.value ? undefined : stateEvents[String(next.value)];
  const effects = entered ? [...verdict.effects, stateEvent(entered, revision)] : verdict.effects;
  return { kind: 'applied', snapshot: next, effects, revision, ...(verdict.deferred ? { deferred: true } : {}) };
}

/** Most messages change no state: XState takes fifty times as long to find it. */
function moved(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, name: string): AnyMachineSnapshot {
  const { transitions, always = [] } = stateNode(machine, snapshot);
  const args = { context: snapshot.context, event: { type: name } };
  const mayMove =
    transitions.get(name)?.some(({ target }) => target !== undefined) ||
    always.some(({ guard }) => typeof guard !== 'function' || guard(args, undefined));
  return mayMove ? (machine.transition(snapshot, args.event, INERT_SCOPE) as AnyMachineSnapshot) : snapshot;
}

/** Charts are flat. */
function stateNode(machine: AnyStateMachine, { value }: AnyMachineSnapshot): StateNode {
  const node = machine.states[String(value)];
  if (!node) throw new Error(`${machine.id} has no state ${String(value)}`);
  return node;
}

function toParts<R extends ChartRecord>(
  { split }: ChartDefinition<R>,
  snapshot: AnyMachineSnapshot,
  before: AnyMachineSnapshot | undefined,
): Part[] {
  if (isAbsent(snapshot))
    return [{ name: '', bytes: encode({ ...(contextOf(snapshot).record as object), state: 'absent' }, 'msgpack') }];
  const { state, record } = read<R>(snapshot);
  if (!split) return [{ name: '', bytes: encode(extended(record, { state }), 'msgpack') }];
  const { head, pages } = split(record, recordOf<R>(before));
  const parts: Part[] = [{ name: '', bytes: encode(extended(head as object, { state }), 'msgpack') }];
  for (const [name, page] of pages) parts.push({ name, bytes: encode(page, 'msgpack') });
  return parts;
}

function fromParts<R extends ChartRecord>(
  { entity, machine, absentToo = [], join }: Pick<ChartDefinition<R>, 'entity' | 'machine' | 'absentToo' | 'join'>,
  parts: readonly Part[],
): AnyMachineSnapshot | undefined {
  const head = parts.find(({ name }) => name === '');
  if (!head) return undefined;
  const stored = decode(head.bytes, 'msgpack') as Stored;
  const absent = (record: unknown) => machine.resolveState({ value: 'absent', context: { record } });
  if (absentToo.includes(stored.state)) return absent(goneRecord(stored as unknown as ChartRecord));
  if (!(stored.state in machine.states)) throw new Error(`${entity}: stored state ${stored.state} is unknown`);
  if (stored.state === 'absent') return absent(stored);
  const pages = new Map<string, unknown>();
  for (const part of parts) if (part !== head) pages.set(part.name, decode(part.bytes, 'msgpack'));
  return machine.resolveState({ value: stored.state, context: { record: join(stored, pages) } });
}

function judge<R extends ChartRecord>(
  definition: ChartDefinition<R>,
  snapshot: AnyMachineSnapshot,
  record: R | undefined,
  message: Message,
): Verdict<R> {
  const { transitions } = stateNode(definition.machine, snapshot);
  if (!transitions.has(message.name)) return unheard(definition, snapshot, message);
  const judgement = definition.judges[message.name];
  if (!judgement) throw new Error(`${definition.entity}: nobody judges ${message.name}`);
  const kept = record ? [] : (absentRecord(snapshot, message.id).kept ?? []);
  return judgement(record, message as Message<never>, kept);
}

function unheard<R extends ChartRecord>(
  definition: ChartDefinition<R>,
  snapshot: AnyMachineSnapshot,
  message: Message,
): Verdict<R> {
  const state = String(snapshot.value);
  if (message.sender.kind !== 'command') return { ignore: `${message.name} in state ${state}` };
  const creates = definition.machine.states.absent?.config.on ?? {};
  if (message.name in creates) return refuse('already-exists', `${definition.entity} ${message.id} exists`);
  if (isUnseen(snapshot)) return refuse(definition.unknown, `no ${definition.entity} ${message.id}`);
  return refuse('wrong-state', `${definition.entity} ${message.id} is ${state}: it does not take ${message.name}`);
}

function commandId(message: Message): string | undefined {
  return message.sender.kind === 'command' ? message.sender.command.id : undefined;
}

function handledBefore(
  { handled, refused }: ReturnType<typeof handledOf>,
  message: Message,
): 'same' | 'other' | undefined {
  if (message.sender.kind !== 'command') return undefined;
  const { command, bytesHash } = message.sender;
  const key = commandKey(command.id);
  const isKnown = ([handledKey]: HandledCommands[number]): boolean => handledKey === key;
  const known = handled.find(isKnown) ?? refused.find(isKnown);
  if (!known) return undefined;
  return known[1] === command.hash || known[1] === bytesHash ? 'same' : 'other';
}

function remember(known: HandledCommands, message: Message): HandledCommands {
  if (message.sender.kind !== 'command') return known;
  const { id, hash } = message.sender.command;
  return [...known, [commandKey(id), hash]];
}

/** The command that was deferred, and is refused now. */
function refusedLate(effects: readonly Effect[]): string | undefined {
  for (const effect of effects) if (effect.effect === 'answer' && effect.refusal) return effect.command.id;
  return undefined;
}

/** C2: it counts among those that changed nothing. */
function withRefused(known: ReturnType<typeof handledOf>, late: string | undefined): ReturnType<typeof handledOf> {
  if (late === undefined) return known;
  const key = commandKey(late);
  const isLate = ([handledKey]: HandledCommands[number]): boolean => handledKey === key;
  return {
    handled: known.handled.filter((one) => !isLate(one)),
    refused: [...known.refused, ...known.handled.filter(isLate)].slice(-MAX_REFUSED),
  };
}

/** What is stored of an entity that is not there. */
interface AbsentRecord extends ChartRecord {
  kept?: readonly unknown[];
}

function absentRecord(snapshot: AnyMachineSnapshot, id: string): AbsentRecord {
  return (contextOf(snapshot).record as AbsentRecord | undefined) ?? { v: 0, id, revision: 0, handled: [] };
}

/** Of an entity that is not there again: all that it handled was refused. */
function goneRecord({ id, handled, refused = [] }: ChartRecord): AbsentRecord {
  return { v: 0, id, revision: 0, handled: [], refused: [...refused, ...handled].slice(-MAX_REFUSED) };
}

function withRecord(snapshot: AnyMachineSnapshot, record: unknown): AnyMachineSnapshot {
  return { ...snapshot, context: { record } };
}

function stateEvent(name: string, revision: number): Effect {
  return { effect: 'event', name, payload: { revision } };
}

/** XState asks for an actor scope; charts here have no effects of their own, so one that does nothing serves them all. */
const nothing = (): void => {};
const INERT_SCOPE = {
  id: 'chart',
  sessionId: 'chart',
  self: {},
  logger: nothing,
  defer: nothing,
  emit: nothing,
  stopChild: nothing,
  actionExecutor: nothing,
  system: { _sendInspectionEvent: nothing, scheduler: { schedule: nothing, cancel: nothing, cancelAll: nothing } },
} as unknown as Parameters<AnyStateMachine['transition']>[2];
