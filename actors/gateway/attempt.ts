/**
 * One operation from its request to what is known of it: when to send, when to ask, when to stop.
 *
 * A1  An answer that is not one (timeout, 5xx, connection) is `unknown`, never `failed`; it is reported once.
 * A2  After a fault nothing is sent: the provider is asked, and only its positive "not found" ends the doubt. (A request that
 *     was delivered before is sent again without asking: the same key is answered as the first time while A3 allows it.)
 * A3  A key is never sent when it is older than the provider keeps it, nor after `notAfter`.
 * A4  `failed` is said only where it is certain that no money moved.
 * A5  News is as old as the question to the provider, and what is said without asking as old as the request: who stood still
 *     with an answer in his hands never overrules what became known meanwhile.
 * A6  Faults are bounded. A provider that says "too many" has not failed: that ends with A3 only.
 */
import type { GatewayRequest, GatewayResult } from '../../protocols/gateway.ts';
import type { Fault, LookupAnswer } from './answer.ts';
import { type Backoff, backoffMs } from './retry.ts';

export interface AttemptPolicy {
  /** Faults after which a person has to look. */
  maxFaults: number;
  /** How long the provider keeps an idempotency key. */
  maxKeyAgeMs: number;
  backoff: Backoff;
}

export interface Attempt {
  next: 'send' | 'look-up';
  /** The provider may have executed the key. */
  inDoubt: boolean;
  unknownReported: boolean;
  faults: number;
  /** Waits so far, for the backoff. */
  waits: number;
}

export type Step = { step: 'send' } | { step: 'look-up' } | { step: 'finish'; result: GatewayResult };

export type Progress =
  | { progress: 'finished'; result: GatewayResult }
  /** `report` is to be told to the order before anything else happens. */
  | { progress: 'waits'; attempt: Attempt; waitMs: number; report?: GatewayResult };

/** A request that was delivered before may have been sent by whoever held the account then. */
export function begin(redelivered: boolean): Attempt {
  return { next: 'send', inDoubt: redelivered, unknownReported: false, faults: 0, waits: 0 };
}

/** What to do now that the operation's turn has come. */
export function decide(request: GatewayRequest, attempt: Attempt, now: number, policy: AttemptPolicy): Step {
  const exhausted = attempt.faults >= policy.maxFaults;
  if (exhausted) return { step: 'finish', result: giveUp(request, attempt) };
  if (attempt.next === 'look-up') return { step: 'look-up' };
  // Said so that a time that can't be read counts as past.
  const expired = request.notAfter !== undefined && !(now <= Date.parse(request.notAfter));
  const tooOld = !(now - Date.parse(request.requestedAt) < policy.maxKeyAgeMs);
  if (!expired && !tooOld) return { step: 'send' };
  if (attempt.inDoubt) return { step: 'look-up' };
  return { step: 'finish', result: expired ? expiredResult(request) : tooOldResult(request) };
}

/** What follows from an answer to what `decide` said. */
export function proceed(
  request: GatewayRequest,
  attempt: Attempt,
  answer: LookupAnswer,
  at: { askedAt: number; random: number },
  policy: AttemptPolicy,
): Progress {
  switch (answer.answer) {
    case 'ok': {
      const { answer: _, ...told } = answer;
      return { progress: 'finished', result: { ...resultOf(request, 'confirmed', instant(at.askedAt)), ...told } };
    }
    case 'declined': {
      const { answer: _, ...why } = answer;
      return { progress: 'finished', result: { ...resultOf(request, 'failed', instant(at.askedAt)), ...why } };
    }
    case 'not-found':
      return { progress: 'waits', attempt: { ...attempt, next: 'send', inDoubt: false }, waitMs: 0 };
    case 'fault':
      return faulted(request, attempt, answer.fault, at, policy);
  }
}

function faulted(
  request: GatewayRequest,
  attempt: Attempt,
  fault: Fault,
  { askedAt, random }: { askedAt: number; random: number },
  { backoff }: AttemptPolicy,
): Progress {
  const waits = attempt.waits + 1;
  const waitMs = backoffMs(waits, random, backoff);
  if (fault === 'rate-limit') return { progress: 'waits', attempt: { ...attempt, waits }, waitMs };
  const doubtful: Attempt = {
    next: 'look-up',
    inDoubt: true,
    unknownReported: true,
    faults: attempt.faults + 1,
    waits,
  };
  if (attempt.unknownReported) return { progress: 'waits', attempt: doubtful, waitMs };
  const reason = 'the provider gave no answer; it is being asked';
  const report: GatewayResult = { ...resultOf(request, 'unknown', instant(askedAt)), code: fault, reason };
  return { progress: 'waits', attempt: doubtful, waitMs, report };
}

function giveUp(request: GatewayRequest, attempt: Attempt): GatewayResult {
  if (!attempt.inDoubt) {
    const reason = 'the provider could not be reached, and it has not executed the request';
    return { ...resultOf(request, 'failed', request.requestedAt), code: 'gateway-unavailable', reason };
  }
  const reason = `no answer in ${attempt.faults} attempts; whether money moved has to be looked up by hand`;
  return { ...resultOf(request, 'unknown', request.requestedAt), code: 'attempts-exhausted', reason, givenUp: true };
}

function expiredResult(request: GatewayRequest): GatewayResult {
  const reason = `nothing was sent: it had to be before ${request.notAfter}`;
  return { ...resultOf(request, 'failed', request.requestedAt), code: 'authorisation-expired', reason };
}

function tooOldResult(request: GatewayRequest): GatewayResult {
  const reason = `requested at ${request.requestedAt}: the provider may have forgotten the key, so it is not sent`;
  return { ...resultOf(request, 'unknown', request.requestedAt), code: 'key-too-old', reason, givenUp: true };
}

const instant = (at: number): string => new Date(at).toISOString();

function resultOf({ key, kind, trace }: GatewayRequest, outcome: GatewayResult['outcome'], at: string): GatewayResult {
  return { key, kind, outcome, at, ...(trace !== undefined && { trace }) };
}
