import type { Refusal } from '../../protocols/actor.ts';
import { assertAmount } from './amount.ts';

/** A capture and what of it was neither refunded nor is being refunded, in minor units. */
export interface OpenCapture {
  readonly entry: string;
  readonly remaining: number;
}

export interface Draw {
  readonly entry: string;
  readonly amount: number;
}

export type Drawn = { kind: 'drawn'; draws: Draw[] } | { kind: 'refused'; refusal: Refusal };

/**
 * A refund against captures, oldest first, never more than each one took (money rules, section 3). `captures` come
 * oldest first. Refused when they have less than `amount` (minor units) left together.
 */
export function drawOldestFirst(amount: number, captures: readonly OpenCapture[]): Drawn {
  assertAmount(amount, 'refund');
  const draws: Draw[] = [];
  let left = amount;
  for (const { entry, remaining } of captures) {
    assertAmount(remaining, `remainder of ${entry}`);
    const drawn = Math.min(left, remaining);
    if (drawn > 0) draws.push({ entry, amount: drawn });
    left -= drawn;
  }
  if (left === 0) return { kind: 'drawn', draws };
  return {
    kind: 'refused',
    refusal: { code: 'exceeds-captured', reason: `${amount} is ${left} more than is left to refund` },
  };
}
