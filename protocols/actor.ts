/**
 * The contract between an actor's judgement and the turn that runs it.
 *
 * An actor kind is a pure object: `(snapshot, message) → (snapshot', effects)`. It knows no clock (`nowOf(message)`), no
 * randomness, no IO. The turn (supervisor/turn/) stores the changed parts of the record, and turns effects into messages of
 * the same atomic commit.
 */
import type { Encoding } from './codec.ts';
import type { GatewayRequest } from './gateway.ts';
import type { SourcingQuestion } from './sourcing.ts';
import type { StoreWork } from './store-work.ts';

/** Who a message comes from. Only `command` comes from outside and is owed an outcome. */
export type Sender =
  /** `bytesHash`: how earlier releases remembered its content. */
  | { kind: 'command'; command: CommandReference; bytesHash?: string }
  | { kind: 'actor'; entity: string; id: string }
  | { kind: 'gateway'; account: string }
  | { kind: 'sourcing' }
  | { kind: 'timer' };

/** All that is needed to answer a command, now or in a later turn; kept in a record while the answer is deferred. */
export interface CommandReference {
  /** `Nats-Msg-Id`. */
  id: string;
  origin: string;
  name: string;
  encoding: Encoding;
  /** Hash of the content: the same id with other content is refused. */
  hash: string;
}

export interface Message<Payload = unknown> {
  entity: string;
  id: string;
  name: string;
  payload: Payload;
  sender: Sender;
  /** Milliseconds since the epoch at which the message was stored in its log. */
  at: number;
  /** Later than `at` where it waited, as no node was running: keys of the gateway are as old as what is reserved now. */
  handledAt?: number;
  /** W3C traceparent, carried on. */
  trace?: string;
  /** A command that can't be taken, whoever it is for: the actor only remembers that it was refused. */
  refused?: Refusal;
}

export const nowOf = ({ at, handledAt = at }: Pick<Message, 'at' | 'handledAt'>): number =>
  // Of two clocks, of which one may be behind.
  Math.max(at, handledAt);

export interface Refusal {
  /** Kebab-case, stable: part of the contract (protocols/refusals.ts). */
  code: string;
  reason: string;
}

export type Effect =
  /** To another actor; in the same turn where this node owns it too. */
  | { effect: 'send'; entity: string; id: string; name: string; payload: unknown }
  /** A question to sourcing; the plan comes back as the message `sourced`. */
  | { effect: 'source'; question: SourcingQuestion }
  /** A request to the payment gateway, reserved in this actor's record. */
  | { effect: 'gateway'; account: string; request: GatewayRequest }
  /** A script or capability record for the account's simulator or adapter. */
  | { effect: 'gateway-control'; account: string; control: string; payload: unknown }
  /** `event.<entity>.<id>.<name>`, for everybody; `as` where the subject names another entity than the one that speaks. */
  | { effect: 'event'; name: string; payload: Record<string, unknown>; as?: string }
  /** `out.<origin>.<entity>.<id>.<name>`: work for a store. */
  | {
      [Name in keyof StoreWork]: { effect: 'tell'; origin: string; name: Name; payload: StoreWork[Name] };
    }[keyof StoreWork]
  /** The outcome of a command that was deferred before. Outcomes of the message at hand are the turn's. */
  | { effect: 'answer'; command: CommandReference; refusal?: Refusal }
  /** Deliver `name` to this actor at `at` (ms since the epoch); the same timer set again replaces it. */
  | { effect: 'timer'; timer: string; at: number; name: string; payload: unknown }
  | { effect: 'cancel-timer'; timer: string };

export type Step<Snapshot> =
  | { kind: 'applied'; snapshot: Snapshot; effects: Effect[]; revision: number; deferred?: boolean }
  | {
      kind: 'refused';
      refusal: Refusal;
      revision: number /** Set where the refusal is remembered. */;
      snapshot?: Snapshot;
    }
  /** Nothing changed here, but somebody gets an answer: asked of an entity that is not there, or told no. */
  | { kind: 'answered'; effects: Effect[] }
  | { kind: 'ignored'; reason: string };

/** One stored message of a record: `''` is the record itself, other names are pages of it. */
export interface Part {
  name: string;
  bytes: Uint8Array;
}

export interface ActorKind<Snapshot = unknown> {
  entity: string;
  /** True where the record lists the commands that it handled; else the turn keeps a `seen` key for each. */
  remembersCommands: boolean;
  /** True where the record has pages beside it. */
  paged: boolean;
  handle(snapshot: Snapshot | undefined, message: Message): Step<Snapshot>;
  /** The parts that differ from `before` (all of them when there is none). */
  parts(snapshot: Snapshot, before: Snapshot | undefined): Part[];
  /** Migrates older schema versions. Undefined when `parts` is empty. */
  load(parts: Part[]): Snapshot | undefined;
}
