/**
 * What an order's payments are rounded to, and what rounding left out so far (actors/money/step.ts). Each lead entry says what of its
 * units (or of what is owed) it does not move: `transit`, negative where it moves what others left out.
 */

import type { OrderRecord, Tender } from '../record.ts';
import { hasTaken } from './ledger.ts';

export function stepOf({ capability }: Pick<Tender, 'capability'>, currency: string): number {
  return capability.amountStep[currency] ?? 1;
}

/** Of its tenders: less than this is no reason to wait for money, or to ask for more of it. */
export function coarsestStep({ tenders, currency }: Pick<OrderRecord, 'tenders' | 'currency'>): number {
  return tenders.reduce((most, tender) => Math.max(most, stepOf(tender, currency)), 1);
}

/**
 * What the next capture takes beyond its units: what earlier ones left out, and no refund left out since. Less than a step, whatever
 * failed.
 */
export function leftOut(record: OrderRecord): number {
  const most = coarsestStep(record) - 1;
  if (most === 0) return 0;
  const left = transitOf(record, 'capture') - Math.max(0, transitOf(record, 'refund'));
  return Math.max(-most, Math.min(most, left));
}

/**
 * What a refund is to bring the customer beyond what is owed: what earlier ones left out; less what his captures left out, which he has
 * already.
 */
export function leftToGive(record: OrderRecord): number {
  if (coarsestStep(record) === 1) return 0;
  return transitOf(record, 'refund') - transitOf(record, 'capture');
}

/** Something of it is, or was, in transit. */
export function isStepped({ ledger }: Pick<OrderRecord, 'ledger'>): boolean {
  return ledger.some(({ transit }) => transit !== undefined);
}

function transitOf(record: OrderRecord, of: 'capture' | 'refund'): number {
  let sum = 0;
  record.ledger.forEach(({ kind, transit = 0 }, lead) => {
    // A refund that failed is still owed; a capture that failed late may be taken after all.
    if (kind === of && transit !== 0 && (of === 'refund' || hasTaken(record, lead))) sum += transit;
  });
  return sum;
}
