import type { Rate } from '../../protocols/rate.ts';
import { halfUpProduct } from './round.ts';

/**
 * What a store holds of a line (minor units): gross − half-up(net × commission) (money rules, sections 1 and 5).
 *
 * Takes what the store has of the line *so far*, captured minus refunded. A single capture or refund moves
 * `storeShare(after) − storeShare(before)`: the share of a part on its own would round on its own, and parts would not add up.
 */
export function storeShare({ gross, net }: { gross: number; net: number }, commission: Rate): number {
  return gross - halfUpProduct(net, commission.numerator, commission.denominator);
}
