/**
 * How often and how widely an account may be called: a token bucket and a number of slots.
 *
 * B1  In any window of t ms at most `burst + requestsPerSecond × t / 1000` calls are granted.
 * B2  At most `concurrency` calls are under way.
 * B3  A new holder starts with an empty bucket, so that B1 survives a change of holder.
 */

export interface Limits {
  requestsPerSecond: number;
  burst: number;
  concurrency: number;
}

export interface Budget {
  /** Thousandths of a call: whole milliseconds earn whole numbers, so nothing is lost to rounding. */
  credit: number;
  at: number;
  inFlight: number;
}

export type Grant =
  | { grant: 'yes'; budget: Budget }
  | { grant: 'wait'; waitMs: number }
  /** Until a call under way ends. */
  | { grant: 'full' };

const CALL = 1000;

export function emptyBudget(now: number): Budget {
  return { credit: 0, at: now, inFlight: 0 };
}

export function spend(budget: Budget, limits: Limits, now: number): Grant {
  if (budget.inFlight >= limits.concurrency) return { grant: 'full' };
  const { credit, at } = earn(budget, limits, now);
  if (credit < CALL) return { grant: 'wait', waitMs: Math.ceil((CALL - credit) / limits.requestsPerSecond) };
  return { grant: 'yes', budget: { credit: credit - CALL, at, inFlight: budget.inFlight + 1 } };
}

/** A call ended. */
export function giveBack(budget: Budget): Budget {
  return { ...budget, inFlight: budget.inFlight - 1 };
}

/** The provider says that it is too much: what was saved up is not spent. */
export function drain(budget: Budget, now: number): Budget {
  return { ...budget, credit: 0, at: Math.max(budget.at, now) };
}

/** A clock that goes back earns nothing. */
function earn(budget: Budget, limits: Limits, now: number): { credit: number; at: number } {
  const at = Math.max(budget.at, now);
  const earned = (at - budget.at) * limits.requestsPerSecond;
  return { credit: Math.min(limits.burst * CALL, budget.credit + earned), at };
}
