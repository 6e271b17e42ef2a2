/** Which units an order can't have when an authorisation ends, as nothing else pays for them. */
import { amountOfUnits } from '../../money/units.ts';
import { notReady } from '../fulfilment/cancel.ts';
import type { UnitsByLine } from '../fulfilment/requested-units.ts';
import { weighedWaiting } from '../fulfilment/weighed.ts';
import { at, type OrderPolicy, type OrderRecord, type Weighed } from '../record.ts';
import { fundReady } from './capture.ts';
import { shortfallOfOpen } from './shortfall.ts';

const NOTHING: UnitsByLine = new Map();

/**
 * By position of the line. What is ready comes first, also out of what ends, and is never among them. Of the rest each unit stays that
 * the others pay beside those that stay already, in the order of the lines: so the last ones go, and none without need.
 */
export function uncovered(record: OrderRecord, now: number, policy: OrderPolicy): UnitsByLine {
  const { record: funded } = fundReady(record, now, policy);
  const missing = shortfallOfOpen(funded, now);
  if (missing === 0) return NOTHING;
  const open = [...notReady(record)].sort(([one], [other]) => one - other);
  const waiting = weighedWaiting(funded);
  const costs = open.map(([position, count]) => costOf(funded, position, count, waiting.get(position)));
  let left = costs.reduce((sum, cost, index) => sum + cost(at(open, index)[1]), -missing);
  if (left <= 0) return new Map(open);
  const gone = new Map<number, number>();
  for (const [index, [position, count]] of open.entries()) {
    const cost = at(costs, index);
    const kept = mostWithin(left, count, cost);
    left -= cost(kept);
    if (kept < count) gone.set(position, count - kept);
  }
  return gone;
}

/** Of the first of `count` units that are not ready: they are the last of their line, as `stillToCapture` has them. */
function costOf(
  { items, lines }: OrderRecord,
  position: number,
  count: number,
  weighed: Weighed | undefined,
): (units: number) => number {
  const { gross, quantity } = at(items, position);
  const top = quantity - at(lines, position).dropped - (weighed?.quantity ?? 0);
  return (units) => amountOfUnits(gross, quantity, top - count, top - count + units);
}

/** How many of `count` units cost no more than `amount`. */
function mostWithin(amount: number, count: number, cost: (units: number) => number): number {
  let [most, tooMany] = [0, count + 1];
  while (tooMany - most > 1) {
    const units = Math.floor((most + tooMany) / 2);
    if (cost(units) <= amount) most = units;
    else tooMany = units;
  }
  return most;
}
