/** Whether the account may be called now: its circuit, then its budget. */

import type { LookupAnswer } from '../../actors/gateway/answer.ts';
import { type Budget, drain, emptyBudget, giveBack, type Limits, spend } from '../../actors/gateway/budget.ts';
import {
  admit,
  type Circuit,
  type CircuitPolicy,
  type CircuitState,
  CLOSED,
  circuitState,
  observe,
} from '../../actors/gateway/circuit.ts';

/** `ask-again` in so many ms; `blocked` until a call under way ends. */
export type Decision = { decision: 'go' } | { decision: 'ask-again'; waitMs: number } | { decision: 'blocked' };

/**
 * At a high rate one wake-up for several calls is far cheaper than one for each. Nothing is lost: the bucket holds what is
 * earned meanwhile, or the wait is shorter.
 */
const COARSE_WAIT_MS = 5;

export class Admission {
  private readonly limits: Limits;
  private readonly leastWaitMs: number;
  private readonly policy: CircuitPolicy;
  private budget: Budget;
  private circuit: Circuit = CLOSED;

  constructor(limits: Limits, policy: CircuitPolicy, now: number) {
    this.limits = limits;
    this.leastWaitMs = Math.min(COARSE_WAIT_MS, Math.floor((limits.burst * 1000) / limits.requestsPerSecond));
    this.policy = policy;
    this.budget = emptyBudget(now);
  }

  get inFlight(): number {
    return this.budget.inFlight;
  }

  circuitState(now: number): CircuitState {
    return circuitState(this.circuit, now);
  }

  take(now: number): Decision {
    const admission = admit(this.circuit, now);
    if (admission.admission === 'probing') return { decision: 'blocked' };
    if (admission.admission === 'wait') return { decision: 'ask-again', waitMs: admission.waitMs };
    const grant = spend(this.budget, this.limits, now);
    if (grant.grant === 'full') return { decision: 'blocked' };
    if (grant.grant === 'wait') return { decision: 'ask-again', waitMs: Math.max(grant.waitMs, this.leastWaitMs) };
    this.circuit = admission.circuit;
    this.budget = grant.budget;
    return { decision: 'go' };
  }

  /** A call that was let go is answered. */
  answered(answer: LookupAnswer, now: number): void {
    const limited = answer.answer === 'fault' && answer.fault === 'rate-limit';
    this.budget = giveBack(limited ? drain(this.budget, now) : this.budget);
    this.circuit = observe(this.circuit, answer.answer === 'fault' && !limited, now, this.policy);
  }
}
