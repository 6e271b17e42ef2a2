/** Each franchise gets its share when the capture is confirmed (or later, as its terms say), and gives it back when the refund is. */
import type { Effect } from '../../../protocols/actor.ts';
import { extended } from '../../../protocols/extended.ts';
import { ACCOUNT_MISSING, isRaised } from '../attention/attention.ts';
import { type Books, hasFailed, isPending, reserveEach, sumOf } from '../ledger/ledger.ts';
import { type Entry, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import { accountedFor, type Target, targets } from './holdings.ts';
import { askToClear, clearingOf, mustClear, takeBack, withoutClearing } from './netting.ts';
import { payoutParts } from './payout-parts.ts';
import { awaitPeriod, isByPeriod, periodOf, withoutPeriod } from './payout-period.ts';

interface Payout {
  kind: 'payout';
  amount: number;
  party: string;
  payoutAccount: string;
}

export function planPayouts(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  for (const [store, target] of targets(record)) {
    const { record: next, effects } = planForStore(books.record, store, target, now, policy);
    books = { record: next, effects: [...books.effects, ...effects] };
  }
  return books;
}

function planForStore(record: OrderRecord, store: string, target: Target, now: number, policy: OrderPolicy): Books {
  const clearing = clearingOf(record, store);
  if (clearing && clearing.pay === undefined) return { record, effects: [] };
  const open = clearing ? withoutClearing(record, store) : record;
  const nothing = { record: open, effects: [] };
  const due = dueTo(open, store, target);
  const period = periodOf(open, store);
  if (!due) return period?.over ? { ...nothing, record: withoutPeriod(open, store) } : nothing;
  if (mustWait(open, store, due.kind)) return nothing;
  const { payoutAccount } = target;
  if (payoutAccount === undefined) return withoutAccount(open, store, now);
  const { kind, amount } = due;
  if (kind === 'payout-reversal') return takeBack(open, { amount, party: store, payoutAccount }, now, policy);
  const move: Payout = { kind, amount, party: store, payoutAccount };
  if (!clearing) {
    if (!isByPeriod(open, store)) return payNow(open, move, now, policy);
    if (!period) return awaitPeriod(open, store, now, policy);
    return period.over ? askToClear(withoutPeriod(open, store), store, amount) : nothing;
  }
  const pay = Math.min(amount, clearing.pay ?? 0);
  const paid = pay > 0 ? payOut(open, { ...move, amount: pay }, now, policy) : nothing;
  // More has become due since the store was asked.
  if (pay === amount) return paid;
  const asked = askToClear(paid.record, store, amount - pay);
  return { record: asked.record, effects: [...paid.effects, ...asked.effects] };
}

/** Who is paid by period is always asked what it owes: it may have been long since it said so. */
function payNow(record: OrderRecord, move: Payout, now: number, policy: OrderPolicy): Books {
  return mustClear(record, move.party)
    ? askToClear(record, move.party, move.amount)
    : payOut(record, move, now, policy);
}

function payOut(record: OrderRecord, move: Payout, now: number, policy: OrderPolicy): Books {
  const parts = payoutParts(record, move.party, move.amount);
  return reserveEach(
    record,
    parts.map((part) => extended(move, part)),
    now,
    policy,
  );
}

/**
 * What is due of a payout that was given up, at once and in full: a person asked for it, so no period and no debt is waited for.
 * Undefined where it has to wait for a reversal, or for an account.
 */
export function payAgain(
  record: OrderRecord,
  { party: store, amount: most }: Pick<Entry, 'party' | 'amount'>,
  now: number,
  policy: OrderPolicy,
): Books | undefined {
  const target = targets(record).get(store);
  const due = target && dueTo(record, store, target);
  if (due?.kind !== 'payout') return { record, effects: [] };
  const { payoutAccount } = target ?? {};
  if (payoutAccount === undefined || mustWait(record, store, 'payout')) return undefined;
  const amount = Math.min(due.amount, most);
  return payOut(record, { kind: 'payout', amount, party: store, payoutAccount }, now, policy);
}

/** A failed payout is still owed under its own entry: only what goes beyond is new. */
function dueTo(
  record: OrderRecord,
  store: string,
  { low, ripe, high }: Target,
): { kind: 'payout' | 'payout-reversal'; amount: number } | undefined {
  const held = accountedFor(record, store);
  const unpaid = unpaidOf(record, store);
  const payable = Math.min(low, ripe);
  if (payable - held > unpaid) return { kind: 'payout', amount: payable - held - unpaid };
  return held > high ? { kind: 'payout-reversal', amount: held - high } : undefined;
}

/** What is asked for, and what failed of what stores should have: nobody is owed what goods that came back were to bring. */
export function owedToStores(record: OrderRecord): number {
  const failed = new Set<string>();
  const pending = sumOf(record.ledger, (entry) => {
    if (entry.kind === 'payout' && hasFailed(entry)) failed.add(entry.party);
    return entry.kind === 'payout' && isPending(entry);
  });
  if (failed.size === 0) return pending;
  const known = targets(record);
  return [...failed].reduce((sum, store) => sum + owedOfFailed(record, store, known.get(store)), pending);
}

function owedOfFailed(record: OrderRecord, store: string, target: Target | undefined): number {
  if (!target) return 0;
  const unpaid = unpaidOf(record, store);
  return Math.max(0, Math.min(unpaid, Math.min(target.low, target.ripe) - accountedFor(record, store)));
}

/** It failed, and its store is owed nothing beyond what others that failed are to bring. */
export function isOwedNoMore(record: OrderRecord, { party: store, amount }: Pick<Entry, 'party' | 'amount'>): boolean {
  return owedOfFailed(record, store, targets(record).get(store)) <= unpaidOf(record, store) - amount;
}

const unpaidOf = ({ ledger }: OrderRecord, store: string): number =>
  sumOf(ledger, (entry) => entry.kind === 'payout' && entry.party === store && hasFailed(entry));

/** What waits for the end of a period, if nothing of it comes back until then. */
export function awaitedPayouts(record: OrderRecord): { store: string; amount: number; due: string }[] {
  const known = targets(record);
  return (record.periods ?? []).flatMap(({ store, until }) => {
    const target = known.get(store);
    const due = target && dueTo(record, store, target);
    return due?.kind === 'payout' ? [{ store, amount: due.amount, due: until }] : [];
  });
}

/** A reversal waits for all that is under way with the store, a payout for reversals. */
function mustWait(record: OrderRecord, store: string, kind: 'payout' | 'payout-reversal'): boolean {
  return record.ledger.some(
    (entry) =>
      entry.party === store &&
      isPending(entry) &&
      (entry.kind === 'payout-reversal' || (entry.kind === 'payout' && kind === 'payout-reversal')),
  );
}

function withoutAccount(record: OrderRecord, store: string, now: number): Books {
  const effects: Effect[] = [];
  if (isRaised(record, ACCOUNT_MISSING, store) || record.paidApart?.includes(store)) return { record, effects };
  const reason = `${store} has no account at the gateway: headquarters holds its money`;
  const attention = { code: ACCOUNT_MISSING, reason, about: store, at: instant(now) } as const;
  return { record: { ...record, attention: [...record.attention, attention] }, effects };
}
