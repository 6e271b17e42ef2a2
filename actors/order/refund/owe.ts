/** Money that was taken for what will not be delivered, beyond units that were captured one by one: it is owed to the customer. */

import {
  failedCaptures,
  feeOfFailed,
  givenBackOf,
  isAllCancelled,
  isFeeThatShips,
  stillToCapture,
  tookForCertain,
} from '../capture/still-to-capture.ts';
import { hasTaken, isConfirmed, isFailed, isPending, sumOf } from '../ledger/ledger.ts';
import { prepaidBeyond, prepaidLeft } from '../ledger/tenders.ts';
import { at, type Obligation, type OrderRecord } from '../record.ts';

export function oweUndelivered(record: OrderRecord): OrderRecord {
  if (record.tenders.length === 0) return record;
  return oweRest(oweExcess(record));
}

/** What a method took beyond what was asked of it, as it can only be captured whole: it goes back where it came from. */
function oweExcess(record: OrderRecord): OrderRecord {
  const owed = record.tenders.flatMap((_, tender): Obligation[] => {
    let amount = 0;
    for (const entry of record.ledger) {
      if (entry.tender === tender && entry.state === 'confirmed') amount += entry.excess ?? 0;
    }
    if (amount === 0) return [];
    for (const known of record.obligations) if (known.tender === tender) amount -= known.amount;
    return amount > 0 ? [{ cause: 'undelivered', amount, shipping: 0, pieces: [], allowances: [], tender }] : [];
  });
  return owed.length > 0 ? { ...record, obligations: [...record.obligations, ...owed] } : record;
}

function oweRest(record: OrderRecord): OrderRecord {
  const known = undelivered(record);
  const shipping = shippingBack(record, known);
  const goods = goodsBack(record, known);
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

function goodsBack(record: OrderRecord, known: readonly Obligation[]): number {
  return Math.max(0, prepaidBack(record) + stranded(record) - goodsOwed(known));
}

/** What was prepaid, stands for nothing yet, and was not owed back already: all that may still pay. */
export function prepaidKept(record: OrderRecord): number {
  const known = undelivered(record);
  const left = prepaidLeft(record);
  if (known.length === 0 || left <= 0) return Math.max(0, left);
  return Math.max(0, left - Math.max(0, goodsOwed(known) - stranded(record)));
}

/** What is owed back of all tenders together, so far. */
const undelivered = ({ obligations }: OrderRecord): readonly Obligation[] =>
  obligations.filter(({ cause, tender }) => cause === 'undelivered' && tender === undefined);

const goodsOwed = (known: readonly Obligation[]): number =>
  known.reduce((sum, { amount, shipping }) => sum + amount - shipping, 0);

/** What went back of these units, cancelled or given back, when one of their tenders had failed, which was taken after all since. */
function goneBackBefore(record: OrderRecord, { cause, amount, pieces }: Obligation): number {
  if (
    (cause !== 'cancelled' && cause !== 'claim') ||
    !pieces.some(({ entry }) => entry !== undefined && hasPartners(record, entry))
  )
    return 0;
  const beyond = goodsOwed(undelivered(record)) - prepaidBack(record) - stranded(record);
  return Math.max(0, Math.min(amount, beyond));
}

/** Without that: it is owed the other way round, and the two are settled together. */
export function withoutGoneBack(record: OrderRecord, position: number): { record: OrderRecord; positions: number[] } {
  const before = goneBackBefore(record, at(record.obligations, position));
  if (before === 0) return { record, positions: [position] };
  const less: Obligation = { cause: 'undelivered', amount: -before, shipping: 0, pieces: [], allowances: [] };
  const obligations = [...record.obligations, less];
  return { record: { ...record, obligations }, positions: [position, record.obligations.length] };
}

const hasPartners = ({ ledger }: OrderRecord, lead: number): boolean =>
  (at(ledger, lead).prepaid ?? 0) > 0 || ledger.some((entry) => entry.with === lead);

/** Prepaid, and neither taken by units nor kept for those that may still come; what is beyond the order, once all is decided. */
function prepaidBack(record: OrderRecord): number {
  const left = prepaidLeft(record, true);
  if (left <= 0) return 0;
  const { units, amount } = stillToCapture(record);
  const excess = units > 0 ? prepaidBeyond(record) : 0;
  return Math.max(0, left - amount - excess - inFlight(record));
}

/** What a customer paid when he was asked waits for captures that are under way: it pays in their place if they fail. */
function inFlight({ tenders, ledger }: OrderRecord): number {
  if (!tenders.some(({ request }) => request !== undefined)) return 0;
  return sumOf(ledger, (entry) => entry.kind === 'capture' && isPending(entry));
}

/** One tender paid, the other failed, and the goods are not wanted any more. */
function stranded(record: OrderRecord): number {
  let amount = 0;
  const wanted = failedCaptures(record);
  record.ledger.forEach(({ kind, with: of, shipping = 0 }, lead) => {
    if (kind !== 'capture' || of !== undefined || !isFailed(record, lead) || isFeeThatShips(record, lead)) return;
    const goods = wanted.get(lead);
    if (
      goods &&
      record.ledger.some((entry, position) => (position === lead || entry.with === lead) && isPending(entry))
    )
      return;
    // What may be taken after all brings its fee then.
    const fee = hasTaken(record, lead) ? shipping : feeOfFailed(record, lead);
    const kept = (goods ? goods.amount + fee : 0) + givenBackOf(record, lead);
    amount += Math.max(0, tookForCertain(record, lead) - kept);
  });
  return amount;
}

/** The full fee once anything ships, nothing if nothing does; and never twice. */
function shippingBack(record: OrderRecord, known: readonly Obligation[]): number {
  let captured = 0;
  record.ledger.forEach(({ kind, shipping }, position) => {
    if (kind === 'capture' && shipping && isConfirmed(record, position)) captured += shipping;
  });
  if (captured === 0) return 0;
  const isCancelled = isAllCancelled(record);
  const due = isCancelled ? captured : captured - record.shipping;
  const owed = isCancelled ? record.obligations : known;
  return Math.max(0, due - owed.reduce((sum, { shipping }) => sum + shipping, 0));
}
