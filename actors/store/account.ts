/**
 * What a franchise owes headquarters: what it should have given back and its account did not have, by currency. Payouts of any order
 * pay it first.
 *
 * A1  A key counts once, among the last `MAX_ACCOUNTED`: messages come once, but for what a defect doubles.
 * A2  What is netted of a payout is taken off the debt in the step that says so.
 * A3  It pays the oldest debts first; an order hears when one that it knows is paid whole.
 */
import type { Effect, Message } from '../../protocols/actor.ts';
import type { ToOrder, ToStore } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import type { Account, Debt, StoreRecord } from './record.ts';

const MAX_ACCOUNTED = 500;
/** Debts that are told of when they are paid; more than these count all the same. */
const MAX_DEBTS = 500;
/** Orders that hear of a debt when it begins: the messages are to fit into a commit. */
const MAX_TOLD = 500;

export const NO_DEBT: Account = { owes: [], entries: [] };

export const isInDebt = ({ account = NO_DEBT }: StoreRecord): boolean => account.owes.length > 0;

export function owe(record: StoreRecord, { payload }: Message<ToStore['owe']>): Verdict<StoreRecord> {
  const { order, key, amount, currency } = payload;
  if (entryOf(record, key) !== undefined) return { ignore: `${key} is booked` };
  const next = {
    ...record,
    account: withDebt(booked(record, key, currency, amount), { order, key, currency, left: amount }),
  };
  const told = isInDebt(record) ? [] : tellOrders(record);
  return { record: next, effects: [accountEvent('owes', payload, next, { order, entry: key, amount }), ...told] };
}

export function clearPayout(
  record: StoreRecord | undefined,
  { payload, id }: Message<ToStore['clear-payout']>,
): Verdict<StoreRecord> {
  const { order, key, amount, currency } = payload;
  const known = record && entryOf(record, key);
  const netted = record && known === undefined ? Math.min(amount, debt(record, currency)) : -(known ?? 0);
  const cleared: ToOrder['payout-cleared'] = { key, store: id, netted };
  const answer: Effect = { effect: 'send', entity: 'order', id: order, name: 'payout-cleared', payload: cleared };
  if (!record || known !== undefined || netted === 0) return { answer: [answer] };
  const { account, paid } = payDebts(booked(record, key, currency, -netted), currency);
  const next = { ...record, account };
  const event = accountEvent('netted', payload, next, { order, entry: key, amount: netted });
  return { record: next, effects: [answer, ...paid.map((of) => tellPaid(id, of)), event] };
}

/** By currency, what it owes that is not among its debts. */
export function unlisted({ owes, debts = [] }: Account): [currency: string, amount: number][] {
  return owes.flatMap(([currency, amount]): [string, number][] => {
    const rest = amount - listed(debts, currency);
    return rest > 0 ? [[currency, rest]] : [];
  });
}

const listed = (debts: readonly Debt[], currency: string): number =>
  debts.reduce((sum, debt) => (debt.currency === currency ? sum + debt.left : sum), 0);

function withDebt(account: Account, debt: Debt): Account {
  const { debts = [] } = account;
  return debts.length < MAX_DEBTS ? { ...account, debts: [...debts, debt] } : account;
}

/** A3. What is not listed counts as older. */
function payDebts({ debts = [], ...account }: Account, currency: string): { account: Account; paid: Debt[] } {
  let paying = Math.max(0, listed(debts, currency) - (account.owes.find(([of]) => of === currency)?.[1] ?? 0));
  const paid: Debt[] = [];
  const left = debts.flatMap((debt): Debt[] => {
    const part = debt.currency === currency ? Math.min(paying, debt.left) : 0;
    paying -= part;
    if (part < debt.left) return [part === 0 ? debt : { ...debt, left: debt.left - part }];
    paid.push(debt);
    return [];
  });
  return { account: left.length > 0 ? { ...account, debts: left } : account, paid };
}

function tellPaid(store: string, { order, key }: Debt): Effect {
  const payload: ToOrder['debt-paid'] = { store, key };
  return { effect: 'send', entity: 'order', id: order, name: 'debt-paid', payload };
}

function debt({ account = NO_DEBT }: StoreRecord, currency: string): number {
  return account.owes.find(([of]) => of === currency)?.[1] ?? 0;
}

function entryOf({ account = NO_DEBT }: StoreRecord, key: string): number | undefined {
  return account.entries.find(([known]) => known === key)?.[1];
}

function booked(record: StoreRecord, key: string, currency: string, amount: number): Account {
  const { owes, entries, ...rest } = record.account ?? NO_DEBT;
  const left = debt(record, currency) + amount;
  const others = owes.filter(([of]) => of !== currency);
  return {
    ...rest,
    owes: left === 0 ? others : [...others, [currency, left]],
    entries: [...entries.slice(1 - MAX_ACCOUNTED), [key, amount]],
  };
}

/** Orders that are worked on may pay this store soon: as many as one step may tell. What others pay before is paid in full. */
function tellOrders({ id: store, holdings }: StoreRecord): Effect[] {
  const orders = new Set(holdings.pages.flatMap(({ work }) => work.map(({ order }) => order)));
  const payload: ToOrder['store-owes'] = { store };
  return [...orders]
    .slice(0, MAX_TOLD)
    .map((id) => ({ effect: 'send', entity: 'order', id, name: 'store-owes', payload }));
}

function accountEvent(
  name: 'owes' | 'netted',
  { currency }: { currency: string },
  after: StoreRecord,
  payload: Record<string, unknown>,
): Effect {
  return { effect: 'event', name, payload: { ...payload, currency, owes: debt(after, currency) } };
}
