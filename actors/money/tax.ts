import type { Rate } from '../../protocols/rate.ts';
import { halfUpProduct } from './round.ts';

/** Tax inside `gross` (minor units), prices include tax: half-up(gross × r / (1 + r)) (money rules, section 1). */
export function taxOfGross(gross: number, { numerator, denominator }: Rate): number {
  return halfUpProduct(gross, numerator, denominator + numerator);
}

/** Tax on top of `net` (minor units), prices exclude tax: half-up(net × r) (money rules, section 1). */
export function taxOfNet(net: number, { numerator, denominator }: Rate): number {
  return halfUpProduct(net, numerator, denominator);
}
