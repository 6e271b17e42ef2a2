/** Money that was taken for what will not be delivered, beyond units that were captured one by one: it is owed to the customer. */
import { amountOfUnits } from '../money/units.ts';
import { at, type Obligation, type OrderRecord } from './record.ts';

export function oweUndelivered(record: OrderRecord): OrderRecord {
  if (!record.payment) return record;
  const known = record.obligations.filter(({ cause }) => cause === 'undelivered');
  const shipping = shippingBack(record, known);
  const goods = record.payment.settled ? goodsBack(record, record.payment.authorised, known) : 0;
  if (shipping + goods === 0) return record;
  const owed: Obligation = {
    cause: 'undelivered',
    amount: shipping + goods,
    shipping,
    pieces: [],
    allowances: [],
  };
  return { ...record, obligations: [...record.obligations, owed] };
}

/** Settled at once: units dropped before they were ready, and what was authorised beyond the order once all is decided. */
function goodsBack(record: OrderRecord, authorised: number, known: readonly Obligation[]): number {
  let dropped = 0;
  let undecided = 0;
  record.lines.forEach((line, position) => {
    const { quantity, gross } = at(record.items, position);
    if (line.dropped > 0) dropped += amountOfUnits(gross, quantity, quantity - line.dropped, quantity);
    undecided += quantity - line.taken - line.dropped;
  });
  const excess = undecided === 0 ? authorised - record.total : 0;
  return dropped + excess - known.reduce((sum, { amount, shipping }) => sum + amount - shipping, 0);
}

/** The full fee once anything ships, nothing if nothing does; and never twice. */
function shippingBack(record: OrderRecord, known: readonly Obligation[]): number {
  let captured = 0;
  for (const { kind, state, shipping } of record.ledger) {
    if (kind === 'capture' && state === 'confirmed') captured += shipping ?? 0;
  }
  if (captured === 0) return 0;
  const isCancelled = record.lines.every((line, position) => line.cancelled === at(record.items, position).quantity);
  const due = isCancelled ? captured : captured - record.shipping;
  const owed = isCancelled ? record.obligations : known;
  return Math.max(0, due - owed.reduce((sum, { shipping }) => sum + shipping, 0));
}
