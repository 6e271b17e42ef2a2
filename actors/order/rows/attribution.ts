/**
 * The rows of the report to the ERP (protocols/attribution.ts), said in the same step as what they tell.
 *
 * R1  Money rows are the difference of what is booked after a step and before it (bookings.ts): all rows ever said sum to what is
 *     booked now, whatever came in which order, doubled or late.
 * R2  Share, tax and discount of what moved for a line are what its part of the line has after it, less what it had before: never a
 *     part on its own. Where several entries moved it, each carries its part by what it holds, cumulatively; by gross, where
 *     nothing is held.
 * R3  Nothing is reckoned in a step that can't have moved a booking.
 */
import type { Effect, Message } from '../../../protocols/actor.ts';
import { type AttributionRow, type Booked, MAX_ROWS_AN_EVENT } from '../../../protocols/attribution.ts';
import { isStepped } from '../ledger/amount-steps.ts';
import { at, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import { type Row, rowOf } from './attribution-row.ts';
import { RunningSums } from './attribution-sums.ts';
import { unitRows } from './attribution-units.ts';
import { type Booking, difference } from './booking.ts';
import { feeBringers } from './fee-earners.ts';
import { heardIn } from './heard.ts';
import { joinKeptFees } from './kept-fees.ts';
import { bookedIn, NOTHING_BOOKED, nothingMoved, type OrderBooked } from './known-bookings.ts';

export function attribution(
  before: OrderRecord | undefined,
  after: OrderRecord,
  message: Message,
  policy: OrderPolicy,
): Effect[] {
  const rows = [...(before ? unitRows(before, after, message.name) : []), ...moneyRows(before, after, policy)];
  if (rows.length === 0) return [];
  // As the chart will count it.
  const revision = (before?.revision ?? 0) + 1;
  return inEvents(rows.map((row, index) => complete(after, row, instant(message.at), revision, index + 1)));

  function inEvents(all: readonly AttributionRow[]): Effect[] {
    const effects: Effect[] = [];
    for (let start = 0; start < all.length; start += MAX_ROWS_AN_EVENT) {
      const payload: Pick<Booked, 'revision' | 'heard' | 'rows'> = {
        revision,
        ...heardIn(after, message),
        rows: all.slice(start, start + MAX_ROWS_AN_EVENT),
      };
      effects.push({ effect: 'event', as: 'attribution', name: 'booked', payload });
    }
    return effects;
  }
}

function complete(record: OrderRecord, row: Row, when: string, revision: number, number: number): AttributionRow {
  const { id, channel, soldBy, mode, currency } = record;
  const isSoldByStore = row.party !== undefined && row.subject === 'line';
  return {
    row: `${id}-${revision}-${number}`,
    order: id,
    at: when,
    channel,
    ...(soldBy === undefined ? {} : { soldBy }),
    mode,
    currency,
    ...row,
    net: row.gross - row.tax,
    commission: isSoldByStore ? row.gross - row.storeShare : 0,
    headquartersShare: row.gross - row.storeShare,
  };
}

function moneyRows(before: OrderRecord | undefined, after: OrderRecord, policy: OrderPolicy): Row[] {
  if (!mayHaveMoved(before, after)) {
    nothingMoved(before, after);
    return [];
  }
  const was = before && !before.unreported ? bookedIn(before) : NOTHING_BOOKED;
  const differences = differencesOf(was, bookedIn(after));
  if (differences.length === 0) return [];
  const changes = joinKeptFees(after, differences);
  const sums = new RunningSums(after, was.customer.values(), changes);
  return byItem(changes).flatMap((item) => {
    const reckoned = sums.addTogether(item);
    return item.flatMap((change, index): Row[] => {
      const row = rowOf(after, change, at(reckoned, index), policy);
      if (isEmpty(row)) return [];
      return isCorrection(before, after, change) ? [{ ...row, movement: 'correction' }] : [row];
    });
  });
}

/** What was booked before first, then what was not. */
function differencesOf(was: OrderBooked, is: OrderBooked): Booking[] {
  const found: Booking[] = [];
  const compare = (before: Booking | undefined, after: Booking | undefined): void => {
    const change = difference(before, after);
    if (change) found.push(change);
  };
  const sides = (['customer', 'stores'] as const).filter((side) => was[side] !== is[side]);
  for (const side of sides) for (const [key, before] of was[side]) compare(before, is[side].get(key));
  for (const side of sides) for (const [key, after] of is[side]) if (!was[side].has(key)) compare(undefined, after);
  return found;
}

/**
 * What entries paid of the same goods, one way: they are reckoned as one, however many tenders paid. So is what they carry of goods
 * whose capture was lost, or found, after their refund: no money moves with it.
 */
function byItem(changes: readonly Booking[]): Booking[][] {
  const items = new Map<string, Booking[]>();
  changes.forEach((change, index) => {
    const { movement, obligation, fulfilment, line, gross, held } = change;
    const moved = gross === 0 ? held.gross : gross;
    const isShared = line !== undefined && moved !== 0;
    const names = [movement, obligation, fulfilment, line, Math.sign(moved)];
    const key = isShared ? names.join(' ') : `${index}`;
    const item = items.get(key);
    if (item) item.push(change);
    else items.set(key, [change]);
  });
  return [...items.values()];
}

/**
 * R3. Money is booked where it is confirmed, or has come back without being paid, or units or a capture that failed take what was
 * prepaid; and anew where the shipping fee, or some of it, goes with another store's goods.
 */
function mayHaveMoved(before: OrderRecord | undefined, after: OrderRecord): boolean {
  if (!before || before.unreported) return after.ledger.length > 0;
  // What is in transit is rounding as soon as nothing is left to be captured.
  if (isStepped(after)) return true;
  return (
    (before.ledger !== after.ledger && entriesDiffer(before, after)) ||
    (before.obligations !== after.obligations && doneDiffers(before, after)) ||
    before.handlings !== after.handlings ||
    bringerDiffers(before, after) ||
    before.takers !== after.takers ||
    (before.lines !== after.lines && after.lines.some(({ taken }, position) => taken !== before.lines[position]?.taken))
  );
}

function entriesDiffer(before: OrderRecord, after: OrderRecord): boolean {
  return after.ledger.some(({ state, prepaid, shipping, replaced }, position) => {
    const known = before.ledger[position];
    return (
      (state === 'confirmed') !== (known?.state === 'confirmed') ||
      (known !== undefined && (prepaid !== known.prepaid || shipping !== known.shipping || replaced !== known.replaced))
    );
  });
}

function bringerDiffers(before: OrderRecord, after: OrderRecord): boolean {
  if (after.shipping === 0 || before.fulfilments === after.fulfilments) return false;
  const [was, is] = [feeBringers(before), feeBringers(after)];
  return is.some((bringer, index) => bringer !== was[index]);
}

function doneDiffers(before: OrderRecord, after: OrderRecord): boolean {
  return after.obligations.some(({ done }, position) => done !== before.obligations[position]?.done);
}

/** What the provider failed late, or found again. */
function isCorrection(before: OrderRecord | undefined, after: OrderRecord, { entry, ...change }: Booking): boolean {
  const { movement, subject, gross, quantity, settled, netted } = change;
  if (movement === 'transit' || movement === 'rounding') return false;
  const isMoneyless = [gross, quantity, settled, netted].every((amount) => amount === 0);
  if (isMoneyless && subject !== 'shipping') return true;
  const known = entry === undefined ? undefined : before?.ledger[entry];
  if (entry === undefined || !known) return false;
  const isNow = at(after.ledger, entry).state === 'confirmed';
  if (known.state === 'confirmed') return !isNow;
  return known.state === 'failed' && known.gatewayReference !== undefined;
}

function isEmpty({ quantity, gross, tax, discountShare, storeShare, settled, netted = 0, basis }: Row): boolean {
  if (basis !== undefined) return false;
  return [quantity, gross, tax, discountShare, storeShare, settled, netted].every((amount) => amount === 0);
}
