/** How one gateway account is used. */
import type { AttemptPolicy } from '../../actors/gateway/attempt.ts';
import type { Limits } from '../../actors/gateway/budget.ts';
import type { CircuitPolicy } from '../../actors/gateway/circuit.ts';
import { KEY_AGE_MS } from '../../protocols/gateway.ts';

export interface AccountConfig {
  account: string;
  limits: Limits;
  attempts: AttemptPolicy;
  circuit: CircuitPolicy;
  /** Requests of one kind that are held at a time. */
  window: number;
  /**
   * After which the source delivers a request again that nobody said `working` for: how long money waits when the node that
   * held the account was killed.
   */
  ackWaitMs: number;
  /** After which a call without an answer counts as timed out. */
  callTimeoutMs: number;
  /** How long a stop waits for what is under way; the rest is asked for again by whoever holds the account next, under the same key. */
  drainMs: number;
}

const SECOND = 1000;

export const DEFAULT_LIMITS: Limits = { requestsPerSecond: 100, burst: 100, concurrency: 50 };

export function accountConfig(account: string, limits: Limits = DEFAULT_LIMITS): AccountConfig {
  return {
    account,
    limits,
    attempts: { maxFaults: 20, maxKeyAgeMs: KEY_AGE_MS, backoff: { baseMs: 200, capMs: 10 * SECOND } },
    circuit: { faults: 10, cooldownMs: 2 * SECOND },
    window: 256,
    ackWaitMs: 5 * SECOND,
    callTimeoutMs: 30 * SECOND,
    drainMs: 5 * SECOND,
  };
}
