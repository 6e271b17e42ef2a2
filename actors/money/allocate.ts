import { assertAmount } from './amount.ts';

/**
 * Splits `amount` (minor units) by integer `weights` (money rules, section 1): largest remainder, ties to the lowest
 * index, zero weights get zero. The shares sum to `amount`, each within one minor unit of its exact part.
 *
 * Defects, so it throws: a negative amount or weight, weights whose sum is unsafe, and something to split where
 * all weights are zero (nothing can be given off lines worth nothing).
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  assertAmount(amount, 'amount');
  const total = totalOf(weights);
  if (amount === 0) return weights.map(() => 0);
  if (total === 0) throw new RangeError(`nothing to allocate ${amount} over`);

  const shares: number[] = [];
  const remainders: number[] = [];
  let left = amount;
  for (const weight of weights) {
    const product = amount * weight;
    const remainder = Number.isSafeInteger(product) ? product % total : remainderOf(amount, weight, total);
    const share = Number.isSafeInteger(product) ? (product - remainder) / total : quotientOf(amount, weight, total);
    shares.push(share);
    remainders.push(remainder);
    left -= share;
  }
  return left === 0 ? shares : giveOneEach(shares, remainders, left);
}

function totalOf(weights: readonly number[]): number {
  let total = 0;
  for (const weight of weights) {
    assertAmount(weight, 'weight');
    total += weight;
  }
  assertAmount(total, 'sum of weights');
  return total;
}

/** Fewer units are left than shares have a remainder, so who has none gets none. */
function giveOneEach(shares: number[], remainders: readonly number[], left: number): number[] {
  const remainder = (index: number) => remainders[index] ?? 0;
  const byRemainder = [...shares.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const index of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

function remainderOf(amount: number, weight: number, total: number): number {
  return Number((BigInt(amount) * BigInt(weight)) % BigInt(total));
}

function quotientOf(amount: number, weight: number, total: number): number {
  return Number((BigInt(amount) * BigInt(weight)) / BigInt(total));
}
