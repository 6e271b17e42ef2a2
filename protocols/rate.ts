/**
 * Rates (tax, commission) travel as decimal strings and are reckoned with as exact fractions: no floats anywhere (wire
 * contract, section 1).
 */

/** In lowest terms, so that products with amounts stay below 2^53 as long as they can. */
export interface Rate {
  readonly numerator: number;
  readonly denominator: number;
}

/** 0 to 10 (1,000 %), at most eight decimals, no sign, no exponent, a digit on both sides of the point. */
export const RATE_PATTERN = '^(10(\\.0{1,8})?|[0-9](\\.[0-9]{1,8})?)$';
const RATE = new RegExp(RATE_PATTERN);

/** `"0.2"` is 1/5. Undefined for what is no rate of the contract. */
export function parseRate(text: string): Rate | undefined {
  if (!RATE.test(text)) return undefined;
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  const numerator = Number(text.replace('.', ''));
  const denominator = 10 ** decimals;
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
