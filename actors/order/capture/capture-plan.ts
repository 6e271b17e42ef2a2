/**
 * When money is taken (money rules, section 2): a pure function of the order and the time, which says its reason. It knows nothing
 * of what asked: whichever step makes a capture possible brings it.
 *
 * P1  A parcel is captured when it is ready, by itself, as long as its tenders allow another capture after this one.
 * P2  The last capture of a tender waits for all that may still become ready, unless it takes all that the tender has, or the
 *     authorisation ends: then it takes all that is ready.
 * P3  What can be captured whole only is captured whole; what nobody asked for of it is refunded at once (owe.ts).
 * P4  A parcel is paid by all its tenders or by none.
 * P5  What is less than a provider's amount step keeps no goods waiting: it is asked with the next capture (amount-steps.ts).
 * P6  The rest of a fee that no goods bring any more is captured alone, as far as there is money for it.
 */
import { formatMinor } from '../../../protocols/currency.ts';
import { extended } from '../../../protocols/extended.ts';
import { leftOut } from '../ledger/amount-steps.ts';
import { isPending } from '../ledger/ledger.ts';
import {
  capturesLeft,
  type Draw,
  drawDown,
  drawnBy,
  hasExpired,
  isEnding,
  isIndivisible,
  prepaymentLead,
  roomOf,
} from '../ledger/tenders.ts';
import { at, type OrderRecord } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { areTheLast, awaitingFunds, type Parcel, priced } from './awaiting-funds.ts';
import { shippingWith } from './shipping-fee.ts';
import { restOfFee, stillToCapture } from './still-to-capture.ts';

export interface PlannedDraw extends Draw {
  /** What of the amount nobody asked for. */
  excess: number;
}

export interface PlannedCapture {
  plan: 'capture';
  parcels: readonly Parcel[];
  shipping: number;
  /** Paid by prepayments. */
  prepaid: number;
  /** What an amount step leaves out; negative where what it left out before is taken. */
  transit: number;
  /** None: nothing is left to ask the gateway for. */
  draws: readonly PlannedDraw[];
  reason: string;
}

interface PlannedWait {
  plan: 'wait';
  parcels: readonly Parcel[];
  reason: string;
  /** Waiting does not help: a person must look. */
  blocked?: 'authorisation-expired' | 'authorisation-exhausted';
}

export type CapturePlan = PlannedCapture | PlannedWait;

/** The next capture alone, as it changes what the others can have; where there is none, why each parcel waits. */
export function planCapture(record: OrderRecord, now: number): CapturePlan[] {
  const parcels = awaitingFunds(record);
  const plans: CapturePlan[] = [];
  const all = parcels.length;
  for (const parcel of parcels) {
    const plan = planFor(record, [parcel], all === 1, now);
    if (plan.plan === 'capture') return [plan];
    plans.push(plan);
  }
  if (all > 1) {
    const plan = planFor(record, parcels, true, now);
    if (plan.plan === 'capture') return [plan];
  }
  return all === 0 ? planRestOfFee(record, now) : plans;
}

/** P6. It goes with the last fulfilment that had its money. */
function planRestOfFee(record: OrderRecord, now: number): CapturePlan[] {
  const rest = restOfFee(record);
  if (rest === 0 || stillToCapture(record).units > 0) return [];
  const position = record.fulfilments.findLastIndex(
    ({ state, handOver, lines }) =>
      state !== 'cancelled' && (handOver !== undefined || lines.some(({ pieces }) => pieces.length > 0)),
  );
  const room = record.tenders.reduce((sum, _, tender) => sum + Math.max(0, roomOf(record, tender, now)), 0);
  const shipping = Math.min(rest, prepaidKept(record) + room);
  if (position < 0 || shipping === 0) return [];
  const parcel: Parcel = { fulfilment: at(record.fulfilments, position).id, position, units: new Map() };
  const plan = planFor(record, [parcel], true, now, shipping);
  return plan.plan === 'capture' && hasEntry(record, plan) ? [plan] : [];
}

/** One that will say that it took the fee, which would be planned for ever else. */
function hasEntry(record: OrderRecord, { draws, transit }: PlannedCapture): boolean {
  return draws.length > 0 || transit !== 0 || prepaymentLead(record) !== undefined;
}

function planFor(
  record: OrderRecord,
  parcels: readonly Parcel[],
  isAll: boolean,
  now: number,
  fee?: number,
): CapturePlan {
  const wait = (reason: string): PlannedWait => ({ plan: 'wait', parcels, reason });
  if (record.held) return wait('waits: the order is held');
  const early = record.ledger.find((entry) => entry.prepayment && isPending(entry));
  if (early) return wait(`awaits funds: all of it is being captured as ${early.key}`);
  const goods = worth(record, parcels);
  const shipping = fee ?? shippingWith(record, goods);
  const amount = goods + shipping;
  const wanted = Math.max(0, amount + leftOut(record));
  const prepaid = Math.max(0, Math.min(prepaidKept(record), wanted));
  const draws = drawDown(record, wanted - prepaid, now);
  if (!draws) return { ...wait(''), ...whyNot(record, wanted - prepaid, now) };
  const transit = amount - prepaid - drawnBy(draws);
  const isLast = areTheLast(record, parcels);
  const mayEnd = ({ tender }: Draw): boolean => isLast || (isAll && isEnding(at(record.tenders, tender), now));
  const waits = draws.find((draw) => isLastCapture(record, draw, now) && !mayEnd(draw));
  if (waits) return wait(whyWait(record, waits));
  const planned = draws.map((draw) => ({
    tender: draw.tender,
    amount: draw.amount,
    excess: excessOf(record, draw, now),
  }));
  const whole = planned.map((draw) => ({ ...draw, amount: draw.amount + draw.excess }));
  const plan = { plan: 'capture', parcels, shipping, prepaid, transit, draws: whole } as const;
  return extended(plan, { reason: whyNow(record, plan, amount) });
}

function worth(record: OrderRecord, parcels: readonly Parcel[]): number {
  return priced(record, parcels).reduce(
    (sum, pieces) => [...pieces.values()].reduce((of, { gross }) => of + gross, sum),
    0,
  );
}

/** P2 */
function isLastCapture(record: OrderRecord, { tender, amount }: Draw, now: number): boolean {
  return capturesLeft(record, tender) === 1 && amount < roomOf(record, tender, now);
}

/** P3 */
export function excessOf(record: OrderRecord, { tender, amount }: Draw, now: number): number {
  const { capability } = at(record.tenders, tender);
  return capability.delayedCapture === 'full' ? Math.max(0, roomOf(record, tender, now) - amount) : 0;
}

function whyWait(record: OrderRecord, { tender }: Draw): string {
  const { method, capability } = at(record.tenders, tender);
  const most = isIndivisible(capability) ? 1 : capability.captures;
  const last = most === 1 ? 'can be captured once' : `has one capture left of ${most}`;
  return `awaits funds: ${method} ${last}, so this waits for the rest of the order`;
}

function whyNow(
  { currency }: OrderRecord,
  { parcels, prepaid, transit, draws }: Omit<PlannedCapture, 'reason'>,
  amount: number,
): string {
  const money: Money = (of) => formatMinor(of, currency);
  if (amount === 0) return 'costs nothing';
  if (draws.length === 0) return [nothingAsked(amount, prepaid, money), ...whyRounded(transit, money)].join('; ');
  const asked = drawnBy(draws);
  const excess = draws.reduce((sum, draw) => sum + draw.excess, 0);
  return [
    `${money(asked)} captured`,
    whyThese(parcels),
    ...(prepaid > 0 ? [`${money(prepaid)} was paid before`] : []),
    ...whyRounded(transit, money),
    ...(excess > 0 ? [`${money(excess)} of it refunded at once, as only the whole can be captured`] : []),
  ].join('; ');
}

function whyThese(parcels: readonly Parcel[]): string {
  if (parcels.length > 1) return 'together, as the last capture';
  return at(parcels, 0).units.size > 0 ? 'as it is ready' : 'the rest of the shipping fee, as nothing else is to come';
}

type Money = (amount: number) => string;

function nothingAsked(amount: number, prepaid: number, money: Money): string {
  if (prepaid === 0) return `${money(amount)} is less than what can be captured`;
  return `${money(Math.min(amount, prepaid))} was paid before: nothing to capture`;
}

function whyRounded(transit: number, money: Money): string[] {
  if (transit === 0) return [];
  const before = `with ${money(-transit)} that the amount step left out before`;
  return [transit > 0 ? `${money(transit)} left out by the amount step` : before];
}

function whyNot(record: OrderRecord, amount: number, now: number): Pick<PlannedWait, 'blocked' | 'reason'> {
  const expired = record.tenders.find((tender) => hasExpired(tender, now));
  if (expired) {
    const reason = `the authorisation ended at ${expired.captureBefore}: nothing was captured`;
    return { blocked: 'authorisation-expired', reason };
  }
  const money: Money = (of) => formatMinor(of, record.currency);
  // Its own attention says what is missing.
  if (record.exchange) return { reason: `awaits funds: ${money(amount)} of the return that pays for it` };
  const left = record.tenders.reduce((sum, _, position) => sum + roomOf(record, position, now), 0);
  return {
    blocked: 'authorisation-exhausted',
    reason: `${money(amount)} to capture, ${money(left)} of the authorisation is left`,
  };
}
