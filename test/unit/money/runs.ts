import { parseRate, type Rate } from '../../../protocols/rate.ts';

/** Seeded: a failure is the same failure tomorrow. */
export const RUNS = { seed: 20_091_201, numRuns: 300 };

export function rate(text: string): Rate {
  const parsed = parseRate(text);
  if (!parsed) throw new Error(`no rate: ${text}`);
  return Object.freeze(parsed);
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
