import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Budget, drain, emptyBudget, giveBack, type Limits, spend } from '../../../actors/gateway/budget.ts';

const limits: Limits = { requestsPerSecond: 100, burst: 10, concurrency: 1000 };

test('a new holder starts with nothing saved up', () => {
  expect(spend(emptyBudget(0), limits, 0)).toEqual({ grant: 'wait', waitMs: 10 });
});

test('idle time saves up one burst, no more', () => {
  expect(grantsAt(emptyBudget(0), limits, 3_600_000)).toHaveLength(10);
});

test('waiting as long as told is long enough, and a millisecond less is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 999 }), (requestsPerSecond, credit) => {
      const some = { ...limits, requestsPerSecond };
      const budget: Budget = { credit, at: 0, inFlight: 0 };
      const denied = spend(budget, some, 0);
      if (denied.grant !== 'wait') throw new Error('the bucket was not empty');
      expect(spend(budget, some, denied.waitMs).grant).toBe('yes');
      expect(spend(budget, some, denied.waitMs - 1).grant).toBe('wait');
    }),
  );
});

test('calls under way are bounded, and the end of one lets the next in', () => {
  const one = { ...limits, concurrency: 1 };
  const taken = spentOnce(one);
  expect(spend(taken, one, 1000)).toEqual({ grant: 'full' });
  expect(spend(giveBack(taken), one, 1000).grant).toBe('yes');
});

test('a provider that says too many costs what was saved up', () => {
  const saved = giveBack(spentOnce(limits));
  expect(spend(drain(saved, 1000), limits, 1000)).toEqual({ grant: 'wait', waitMs: 10 });
  expect(spend(drain(saved, 5000), limits, 5000)).toEqual({ grant: 'wait', waitMs: 10 });
});

test('a clock that goes back earns nothing, and nothing twice', () => {
  const taken = spentOnce({ ...limits, burst: 1 });
  expect(spend(taken, limits, 0).grant).toBe('wait');
  expect(spend(taken, limits, 1000).grant).toBe('wait');
});

test('no window sees more than the burst and what the rate earns in it', () => {
  const asked = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 120 });
  const anyLimits = fc.record({
    requestsPerSecond: fc.integer({ min: 1, max: 2000 }),
    burst: fc.integer({ min: 1, max: 50 }),
    concurrency: fc.constant(1_000_000),
  });
  fc.assert(
    fc.property(anyLimits, asked, (some, gaps) => {
      const granted = grantTimes(some, gaps);
      const excess = granted.flatMap((from, first) =>
        granted.slice(first).map((to, calls) => {
          return calls + 1 - (some.burst + ((to - from) * some.requestsPerSecond) / 1000);
        }),
      );
      expect(excess.filter((calls) => calls > 0)).toEqual([]);
    }),
  );
});

/** Takes all there is after each gap. */
function grantTimes(some: Limits, gaps: number[]): number[] {
  const times: number[] = [];
  let budget = emptyBudget(0);
  let now = 0;
  for (const gap of gaps) {
    now += gap;
    const taken = grantsAt(budget, some, now);
    times.push(...taken.map(() => now));
    budget = taken.at(-1) ?? budget;
  }
  return times;
}

function grantsAt(budget: Budget, some: Limits, now: number): Budget[] {
  const taken: Budget[] = [];
  for (let grant = spend(budget, some, now); grant.grant === 'yes'; grant = spend(grant.budget, some, now))
    taken.push(grant.budget);
  return taken;
}

function spentOnce(some: Limits): Budget {
  const [taken] = grantsAt(emptyBudget(0), some, 1000);
  if (!taken) throw new Error('nothing to spend');
  return taken;
}
