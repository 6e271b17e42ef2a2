/**
 * Providers that refuse amounts finer than a step (money rules, section 1). What is asked of them is rounded cumulatively: each amount
 * is asked with what rounding left out before, so that the sum of what was asked is never a whole step away from the exact sum.
 *
 * Captures are rounded down: nobody is charged above what was shown. Refunds are rounded up, as far as there is something to give back:
 * nobody keeps paying for what he gave back.
 */
import { assertAmount } from './amount.ts';

/** What can be drawn from, minor units, in multiples of its step. */
export interface Source {
  readonly room: number;
  readonly step: number;
}

export const stepDown = (amount: number, step: number): number => amount - (amount % step);

/**
 * What each source gives of `amount`, in their order and each as far as it goes, on its step. What is less than a step of the source
 * that could have paid it is left out, and not asked of the next ones.
 */
export function drawInSteps(amount: number, sources: readonly Source[]): number[] {
  assertAmount(amount, 'draw');
  let left = amount;
  return sources.map(({ room, step }) => {
    const most = Math.max(0, room);
    const drawn = stepDown(Math.min(left, most), step);
    left = most >= left ? 0 : left - drawn;
    return drawn;
  });
}

/** A source, and what is to be given back by it. */
export interface Part extends Source {
  readonly amount: number;
}

/**
 * What each source gives back of its part, rounded down to its step; and what they leave out together, in whole steps of those that have
 * more. Less is given back only where none has.
 */
export function giveBackInSteps(parts: readonly Part[]): number[] {
  const given = parts.map(({ amount, room, step }) => {
    assertAmount(amount, 'refund');
    return stepDown(Math.min(amount, room), step);
  });
  let left = parts.reduce((sum, { amount }) => sum + amount, 0) - given.reduce((sum, amount) => sum + amount, 0);
  return parts.map(({ room, step }, index) => {
    const least = given[index] ?? 0;
    const more = Math.min(left <= 0 ? 0 : stepUp(left, step), stepDown(Math.max(0, room - least), step));
    left -= more;
    return least + more;
  });
}

const stepUp = (amount: number, step: number): number => stepDown(amount + step - 1, step);
