/** Some methods take multiples of a step only, in currencies of every exponent: what they take is on it, and rounding ends within it. */

import type { Entry, OrderRecord } from '../../actors/order/record.ts';
import type { CapabilityOverride } from '../../protocols/capability.ts';
import type { Random } from './random.ts';

const COARSE = { JPY: 100, EUR: 5, KWD: 10, CLF: 1000 };
const FINE = { KWD: 10 };

export const STEPPED: Readonly<Record<string, Required<Pick<CapabilityOverride, 'amountStep'>>>> = {
  mastercard: { amountStep: COARSE },
  'apple-pay': { amountStep: FINE },
  ideal: { amountStep: COARSE },
};

const stepFor = (method: string, currency: string): number => STEPPED[method]?.amountStep[currency] ?? 1;

/** As a shop would have it authorised: less than a step below the price, or above it; now and then it does not know the step. */
export function authorisable(amount: number, method: string, currency: string, random: Random): number {
  const step = stepFor(method, currency);
  if (step === 1 || random.chance(0.03)) return amount;
  const less = amount - (amount % step);
  return less < amount && random.chance(0.5) ? less + step : less;
}

const stepOf = ({ tenders, currency }: OrderRecord, position: number): number =>
  tenders[position]?.capability.amountStep[currency] ?? 1;

const coarsestStep = (order: OrderRecord): number =>
  Math.max(1, ...order.tenders.map((_, position) => stepOf(order, position)));

/** What can't go back through a provider: other orders and payments on request brought, or got, amounts that are not on the step. */
export function mostKept(order: OrderRecord): number {
  const brought = order.tenders.filter(({ authorised }, position) => authorised % stepOf(order, position) !== 0);
  const got = order.ledger.filter(({ kind, exchange, amount }) => {
    return kind === 'refund' && exchange !== undefined && amount % coarsestStep(order) !== 0;
  });
  return (brought.length + got.length) * (coarsestStep(order) - 1);
}

/** Of an order that is decided: nobody pays above what he keeps is worth, or two steps less, one of captures and one of refunds. */
export function isWellRounded(order: OrderRecord, rounding: number): boolean {
  return rounding <= mostKept(order) && rounding > -2 * coarsestStep(order);
}

/** What the provider would decline. */
export function offTheStep(order: OrderRecord): string[] {
  return order.ledger.flatMap((entry) => {
    const step = isAsked(order, entry) ? stepOf(order, entry.tender ?? 0) : 1;
    return entry.amount % step === 0 ? [] : [`${entry.key} of ${entry.amount} is not a multiple of ${step}`];
  });
}

const ASKED: ReadonlySet<string> = new Set(['capture', 'void', 'refund', 'reauthorisation']);

function isAsked({ tenders }: OrderRecord, { kind, party, tender, exchange, outside, released }: Entry): boolean {
  const isPaidBefore = kind === 'capture' && tender !== undefined && tenders[tender]?.settled === true;
  return ASKED.has(kind) && party === 'customer' && !exchange && !outside && !released && !isPaidBefore;
}
