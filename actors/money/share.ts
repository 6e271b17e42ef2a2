import type { Commission } from '../../protocols/commission.ts';
import { parseRate } from '../../protocols/rate.ts';
import { halfUpProduct } from './round.ts';

/** What a store holds of a line, captured minus refunded: minor units, and the units they are for. */
export interface HeldOfLine {
  readonly gross: number;
  readonly net: number;
  readonly units: number;
}

/**
 * The store's share of it (minor units): gross − commission, within 0 … gross (money rules, sections 1 and 5).
 *
 * Takes what the store has of the line *so far*. A single capture or refund moves `storeShare(after) − storeShare(before)`: the
 * share of a part on its own would round on its own, and parts would not add up.
 */
export function storeShare(held: HeldOfLine, commission: Commission): number {
  return held.gross - commissionOn(held, commission);
}

/** half-up(net × percent), or fixed × units; no less than the minimum, no more than the maximum or the gross. */
function commissionOn({ gross, net, units }: HeldOfLine, { percent, fixed, minimum, maximum }: Commission): number {
  if (gross === 0) return 0;
  const reckoned = percent === undefined ? (fixed ?? 0) * units : percentOf(net, percent);
  return Math.min(gross, maximum ?? gross, Math.max(reckoned, minimum ?? 0));
}

function percentOf(net: number, percent: string): number {
  const rate = parseRate(percent);
  if (!rate) throw new Error(`${percent} is no rate`);
  return halfUpProduct(net, rate.numerator, rate.denominator);
}
