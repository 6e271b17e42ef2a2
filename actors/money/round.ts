/**
 * `numerator / denominator` rounded half-up (money rules, section 1), exactly. Halves go away from zero, so that what is
 * taken back mirrors what was given: `halfUp(-n, d) === -halfUp(n, d)`.
 */
export function halfUp(numerator: number, denominator: number): number {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator) || denominator <= 0) {
    throw new RangeError(`no exact fraction: ${numerator} / ${denominator}`);
  }
  if (numerator < 0) return 0 - halfUp(-numerator, denominator);
  const remainder = numerator % denominator;
  const quotient = (numerator - remainder) / denominator;
  return remainder >= denominator - remainder ? quotient + 1 : quotient;
}

/**
 * `amount × numerator / denominator` rounded as `halfUp` does, whatever the size of the product. The result may lie beyond
 * safe integers (a rate above 1 of a huge amount): who takes amounts from outside checks it.
 */
export function halfUpProduct(amount: number, numerator: number, denominator: number): number {
  const product = amount * numerator;
  return Number.isSafeInteger(product) ? halfUp(product, denominator) : halfUpLarge(amount, numerator, denominator);
}

function halfUpLarge(amount: number, numerator: number, denominator: number): number {
  const product = BigInt(amount) * BigInt(numerator);
  const divisor = 2n * BigInt(denominator);
  const half = BigInt(denominator);
  // BigInt division cuts towards zero, so the half is added on the side of the sign.
  return Number((2n * product + (product < 0n ? -half : half)) / divisor);
}
