/**
 * Payouts by period: what is due to a store waits in the order until the period ends, and what came back until then is not paid at
 * all. One timer a store and period; when it rings, all that is due by then is paid.
 */
import type { Message } from '../../../protocols/actor.ts';
import { DAY_MS } from '../../../protocols/durations.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import type { Books } from '../ledger/ledger.ts';
import type { PayoutPolicy } from '../policies.ts';
import { instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import type { Period } from './waiting-payouts.ts';

/** The epoch was a Thursday: the first Monday after it. */
const MONDAY_MS = 4 * DAY_MS;

export const DEFAULT_PAYOUT: PayoutPolicy = { when: 'at-capture', period: 'day', endsAfterMs: 0 };

/** Of the period that `now` is in; an end is not in the period that it ends. */
export function periodEnd(now: number, { period, endsAfterMs }: PayoutPolicy): number {
  const [length, first] = period === 'day' ? [DAY_MS, endsAfterMs] : [7 * DAY_MS, MONDAY_MS + endsAfterMs];
  return now + length - ((((now - first) % length) + length) % length);
}

export function isByPeriod({ fulfilments, takers = [] }: OrderRecord, store: string): boolean {
  return [...fulfilments, ...takers].some((of) => of.store === store && of.terms?.payoutWhen === 'by-period');
}

export function periodOf({ periods = [] }: OrderRecord, store: string): Period | undefined {
  return periods.find((period) => period.store === store);
}

export function withoutPeriod({ periods = [], ...record }: OrderRecord, store: string): OrderRecord {
  const left = periods.filter((period) => period.store !== store);
  return left.length > 0 ? { ...record, periods: left } : record;
}

export function awaitPeriod(record: OrderRecord, store: string, now: number, policy: OrderPolicy): Books {
  const at = periodEnd(now, policy.payout ?? DEFAULT_PAYOUT);
  const period: Period = { store, until: instant(at) };
  const payload: ToOrder['payout-due'] = { store };
  return {
    record: { ...record, periods: [...(record.periods ?? []), period] },
    effects: [{ effect: 'timer', timer: `payout-${store}`, at, name: 'payout-due', payload }],
  };
}

export function payoutDue(record: OrderRecord, { payload }: Message<ToOrder['payout-due']>): Verdict<OrderRecord> {
  const { store } = payload;
  const period = periodOf(record, store);
  if (!period || period.over) return { ignore: `no period of ${store} ends` };
  const periods = (record.periods ?? []).map((of): Period => (of === period ? { ...of, over: true } : of));
  return { record: { ...record, periods }, effects: [] };
}
