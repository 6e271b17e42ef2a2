/**
 * After several faults in a row an account is left alone for a while, then tried with one call (half-open).
 * A provider that answers at all, be it "declined" or "too many requests", is there.
 */

export interface CircuitPolicy {
  /** Faults in a row that open it. */
  faults: number;
  cooldownMs: number;
}

export interface Circuit {
  faults: number;
  openUntil?: number;
  /** The one call of a half-open circuit is under way. */
  probing: boolean;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

export type Admission =
  | { admission: 'yes'; circuit: Circuit }
  | { admission: 'wait'; waitMs: number }
  /** Until the probe is answered. */
  | { admission: 'probing' };

export const CLOSED: Circuit = { faults: 0, probing: false };

export function circuitState({ openUntil }: Circuit, now: number): CircuitState {
  if (openUntil === undefined) return 'closed';
  return now < openUntil ? 'open' : 'half-open';
}

export function admit(circuit: Circuit, now: number): Admission {
  if (circuit.openUntil === undefined) return { admission: 'yes', circuit };
  if (now < circuit.openUntil) return { admission: 'wait', waitMs: circuit.openUntil - now };
  if (circuit.probing) return { admission: 'probing' };
  return { admission: 'yes', circuit: { ...circuit, probing: true } };
}

/** Nothing can still come of the probe. */
export function observe(circuit: Circuit, fault: boolean, now: number, policy: CircuitPolicy): Circuit {
  if (!fault) return CLOSED;
  const faults = circuit.faults + 1;
  if (faults < policy.faults) return { faults, probing: false };
  return { faults, openUntil: now + policy.cooldownMs, probing: false };
}
