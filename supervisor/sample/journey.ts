/** One order's way through the sample, as far as it is known before the system has decided anything. */
import { draw } from './draw.ts';
import { lineTotal, type PlacedOrder } from './place-order.ts';
import type { PlannedReturn } from './plan-returns.ts';
import { type SampleCommand, sampleCommand } from './sample-command.ts';

export type Cancellation = {
  /** Right after the order, or once all of it is ready and paid. */
  when: 'at-once' | 'when-ready';
  command: SampleCommand;
  whole: boolean;
};

export type Journey = {
  placed: PlacedOrder;
  /** The command that starts it. */
  place: SampleCommand;
  cancellation: Cancellation | null;
  returns: PlannedReturn[];
};

const CANCELLED_SHARE = 0.05;

export function planJourney(placed: PlacedOrder, returns: PlannedReturn[]): Journey {
  const to = { origin: placed.channel, entity: 'order', id: placed.order, name: 'place' } as const;
  // What the customer sends back on a credit note of the week was delivered: such an order is never cancelled.
  const cancellation = returns.length > 0 ? null : planCancellation(placed);
  return { placed, place: sampleCommand(to, placed.place), cancellation, returns };
}

function planCancellation(placed: PlacedOrder): Cancellation | null {
  const { order, channel, place } = placed;
  if (draw(`cancel ${order}`) >= CANCELLED_SHARE) return null;
  const whole = draw(`cancel whole ${order}`) < 0.5;
  const paidBefore = place.fulfilment !== 'reserve-and-collect';
  const when = paidBefore && draw(`cancel when ${order}`) < 0.4 ? 'when-ready' : 'at-once';
  const to = { origin: channel, entity: 'order', id: order, name: 'cancel' } as const;
  const payload = whole
    ? { reason: 'changed-mind' }
    : { reason: 'ordered-too-much', lines: [halfOfDearestLine(placed)] };
  return { when, whole, command: sampleCommand(to, payload) };
}

function halfOfDearestLine({ place }: PlacedOrder): { line: string; quantity: number } {
  const dearest = place.lines.reduce((a, b) => (lineTotal(b) > lineTotal(a) ? b : a));
  return { line: dearest.line, quantity: Math.ceil(dearest.quantity / 2) };
}
