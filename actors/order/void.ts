/** What will never be captured is given back to the customer's card as soon as that is certain. */
import { amountOfUnits } from '../money/units.ts';
import { hasExpired, shippingToCapture } from './capture.ts';
import { type Books, capturedOrInFlight, reserve, sumOf } from './ledger.ts';
import { at, type Fulfilment, isOpen, type OrderPolicy, type OrderRecord } from './record.ts';

/**
 * A capture in flight counts as captured: should it fail, the next comparison finds its amount. What was authorised beyond
 * the order goes last, when nothing is left to capture: until then it may still serve (a void can end an authorisation).
 */
export function planVoid(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  const nothing = { record, effects: [] };
  const { payment } = record;
  if (!payment || payment.settled || hasExpired(record, now)) return nothing;
  const { units, amount: capturable } = stillToCapture(record);
  const excess = units > 0 ? payment.authorised - record.total : 0;
  // A failed void is still to be done, under its own entry.
  const voided = sumOf(record.ledger, ({ kind }) => kind === 'void');
  const amount = payment.authorised - capturedOrInFlight(record) - capturable - excess - voided;
  if (amount <= 0) return nothing;
  const { entry, effect } = reserve(record, { kind: 'void', amount }, now, policy);
  return { record: { ...record, ledger: [...record.ledger, entry] }, effects: [effect] };
}

interface ToCapture {
  units: number;
  amount: number;
}

/** Units that nobody cancelled and whose money was not taken (or whose capture failed), with the shipping fee if it is still due. */
function stillToCapture(record: OrderRecord): ToCapture {
  let units = 0;
  let amount = 0;
  record.lines.forEach((line, position) => {
    const { quantity, gross } = at(record.items, position);
    const top = quantity - line.dropped;
    units += top - line.taken;
    amount += amountOfUnits(gross, quantity, line.taken, top);
  });
  for (const fulfilment of record.fulfilments) {
    const failed = withFailedCapture(record, fulfilment);
    units += failed.units;
    amount += failed.amount;
  }
  return { units, amount: units > 0 ? amount + shippingToCapture(record) : amount };
}

function withFailedCapture(record: OrderRecord, fulfilment: Fulfilment): ToCapture {
  const found = { units: 0, amount: 0 };
  if (!isOpen(fulfilment) && fulfilment.state !== 'handed-over') return found;
  for (const { pieces } of fulfilment.lines) {
    for (const { entry, quantity, gross } of pieces) {
      if (entry === undefined || record.ledger[entry]?.state !== 'failed') continue;
      found.units += quantity;
      found.amount += gross;
    }
  }
  return found;
}
