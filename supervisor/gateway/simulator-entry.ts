/**
 * What the simulator's log holds: the inputs of its state machine, a group a message. Answers are not stored: the machine is
 * deterministic, so the same inputs give the same answers.
 */
import { decode, encode } from '../../protocols/codec.ts';
import type { Authorisation, GatewayKind, GatewayRequest } from '../../protocols/gateway.ts';

/** It succeeds and fails afterwards; and, of a recapture, is taken after all when the order knows that it failed. */
export type LateBehaviour = 'late-failure' | 'late-recapture';

/** How the next calls of a kind behave (wire contract, section 6). */
export interface Script {
  kind: GatewayKind;
  behave: 'ok' | 'decline' | 'error-500' | 'rate-limit' | 'timeout-before' | 'timeout-after' | LateBehaviour;
  times?: number;
  delayMs?: number;
  order?: string;
  /** Why it declines, and what the party's account has then. */
  code?: 'declined' | 'insufficient-balance' | 'account-closed';
  available?: number;
}

/** As older releases said it; the terms of an authorisation come with its calls. */
export interface Capabilities {
  method: string;
  delayedCapture?: string;
}

/** The part of a request that the simulated provider looks at. */
export type Call = Omit<GatewayRequest, 'requestedAt' | 'payoutAccount' | 'credential'>;

export type SimulatorEntry =
  | { entry: 'call'; at: number; call: Call }
  | { entry: 'script'; id: string; script: Script }
  | { entry: 'capabilities'; id: string; capabilities: Capabilities }
  /** The effect of the key is undone: the provider found out afterwards. */
  | { entry: 'late-failure'; key: string; at?: number }
  /** What had failed late is taken after all. */
  | { entry: 'late-recapture'; key: string; at: number }
  /** When it is in the log, and what was answered before it is older: the first that is said holds. */
  | { entry: 'dated'; key: string; outcome: LateNews['outcome']; at: number }
  /** The order knows of it; where no outcome is said, of the late failure. */
  | { entry: 'told'; key: string; outcome?: LateNews['outcome'] };

/** What the provider says by itself of a key that it answered before. */
export interface LateNews {
  key: string;
  kind: GatewayKind;
  order: string;
  gatewayReference: string;
  outcome: 'failed' | 'confirmed';
  happened: boolean;
  /** Once it happened: the time that it is told of. */
  datedAt?: number;
  /** After a failure: it is taken after all. */
  isTakenAfterAll: boolean;
}

export interface SimulatorBatch {
  /** Tells the writer whether it was his when the answer to an append was lost. */
  id: string;
  entries: SimulatorEntry[];
}

const VERSION = 1;

type StoredCall = [
  tag: 'call',
  at: number,
  key: string,
  kind: GatewayKind,
  order: string,
  transaction: string,
  method: string,
  amount: number,
  currency: string,
  party: string | null,
  notAfter: string | null,
  /** Not there in what older releases stored. */
  authorisation?: Authorisation | null,
];

/** Calls are tuples, because there are many; the rest is as it is. */
export function encodeBatch({ id, entries }: SimulatorBatch): Uint8Array {
  const stored = entries.map((entry) => (entry.entry === 'call' ? storedCall(entry.at, entry.call) : entry));
  return encode([VERSION, id, stored], 'msgpack');
}

export function decodeBatch(bytes: Uint8Array): SimulatorBatch {
  const [version, id, stored] = decode(bytes, 'msgpack') as [number, string, (StoredCall | SimulatorEntry)[]];
  if (version !== VERSION) throw new Error(`simulator log of version ${version}, this is version ${VERSION}`);
  return { id, entries: stored.map((entry) => (Array.isArray(entry) ? callEntry(entry) : entry)) };
}

function storedCall(at: number, call: Call): StoredCall {
  const { key, kind, order, transaction, method, amount, currency, party, notAfter, authorisation } = call;
  const optional = [party ?? null, notAfter ?? null, authorisation ?? null] as const;
  return ['call', at, key, kind, order, transaction, method, amount, currency, ...optional];
}

function callEntry(stored: StoredCall): SimulatorEntry {
  const [, at, key, kind, order, transaction, method, amount, currency, party, notAfter, authorisation] = stored;
  const call: Call = { key, kind, order, transaction, method, amount, currency };
  if (party !== null) call.party = party;
  if (notAfter !== null) call.notAfter = notAfter;
  if (authorisation) call.authorisation = authorisation;
  return { entry: 'call', at, call };
}
