/**
 * The money rules once more, with BigInt and from the payload of `place` alone: what the amounts must be. On purpose it shares
 * nothing with actors/money.
 */
import type { OrderCommands } from '../../protocols/commands.ts';
import type { Commission } from '../../protocols/commission.ts';

export interface ExactLine {
  line: string;
  quantity: number;
  gross: bigint;
  tax: bigint;
}

export interface ExactOrder {
  lines: ExactLine[];
  shipping: bigint;
  total: bigint;
}

export function exactOrder(place: OrderCommands['place']): ExactOrder {
  const values = place.lines.map(
    ({ unitPrice, quantity, discount }) => BigInt(unitPrice) * BigInt(quantity) - BigInt(discount ?? 0),
  );
  const shares = largestRemainder(BigInt(place.discount ?? 0), values);
  const lines = place.lines.map(({ line, quantity, taxRate }, index) => {
    const amount = (values[index] ?? 0n) - (shares[index] ?? 0n);
    return { line, quantity, ...taxed(amount, taxRate, place.taxIncluded) };
  });
  const { gross: shipping } = place.shipping
    ? taxed(BigInt(place.shipping.amount), place.shipping.taxRate, place.taxIncluded)
    : { gross: 0n };
  return { lines, shipping, total: lines.reduce((sum, { gross }) => sum + gross, shipping) };
}

function taxed(amount: bigint, rate: string, included: boolean): { gross: bigint; tax: bigint } {
  const { numerator, denominator } = fraction(rate);
  const tax = halfUp(amount * numerator, included ? denominator + numerator : denominator);
  return { gross: included ? amount : amount + tax, tax };
}

/** What the first `count` units of a line of `quantity` carry. */
export function firstUnits(total: bigint, quantity: number, count: number): bigint {
  const more = total % BigInt(quantity);
  const taken = BigInt(count);
  return (total / BigInt(quantity)) * taken + (taken < more ? taken : more);
}

/** What a store keeps of goods that the customer paid `gross` for. */
export function exactShare(held: { gross: bigint; net: bigint; units: bigint }, rule: Commission): bigint {
  if (held.gross === 0n) return 0n;
  let commission = held.units * BigInt(rule.fixed ?? 0);
  if (rule.percent !== undefined) {
    const { numerator, denominator } = fraction(rule.percent);
    commission = halfUp(held.net * numerator, denominator);
  }
  if (rule.minimum !== undefined && commission < rule.minimum) commission = BigInt(rule.minimum);
  if (rule.maximum !== undefined && commission > rule.maximum) commission = BigInt(rule.maximum);
  return commission < held.gross ? held.gross - commission : 0n;
}

/** Nothing here is negative. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

function fraction(decimal: string): { numerator: bigint; denominator: bigint } {
  const [whole = '0', decimals = ''] = decimal.split('.');
  return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
}

export function largestRemainder(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (amount === 0n || total === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (amount * weight) / total);
  let left = amount - shares.reduce((sum, share) => sum + share, 0n);
  const order = weights.map((weight, index) => ({ index, rest: (amount * weight) % total }));
  order.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of order) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left--;
  }
  return shares;
}
