/**
 * A franchise that should give back more than its account has owes the rest to headquarters, and pays it with its next payouts,
 * whatever orders they are of.
 *
 * N1  The store keeps what it owes (store/account.ts); an order asks it before it pays out, and pays what is left.
 * N2  What the store netted is booked in the order that asked, whenever the answer comes: so receivables less nettings over all
 *     orders are what stores owe.
 * N3  Only payouts to a store that was heard to owe are asked about: it says so when it reserves, and to the orders that it works on
 *     when its debt begins. A payout that leaves before that is paid in full: the debt stays for the next one.
 */
import type { Effect, Message } from '../../../protocols/actor.ts';
import type { ToOrder, ToStore } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import { type Books, hasFailedLate, nextKey, reserve, sumOf } from '../ledger/ledger.ts';
import { type Entry, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import { paidTo } from './holdings.ts';
import { type Part, reversalParts, type Way, wayName, wayOf } from './payout-parts.ts';
import type { Clearing } from './waiting-payouts.ts';

export function clearingOf({ clearings = [] }: OrderRecord, store: string): Clearing | undefined {
  return clearings.find((clearing) => clearing.store === store);
}

export function withoutClearing({ clearings = [], ...record }: OrderRecord, store: string): OrderRecord {
  const left = clearings.filter((clearing) => clearing.store !== store);
  return left.length > 0 ? { ...record, clearings: left } : record;
}

export function mustClear({ owing = [] }: OrderRecord, store: string): boolean {
  return owing.includes(store);
}

export function askToClear(record: OrderRecord, store: string, amount: number): Books {
  const { id, clearings = [], cleared = 0, currency } = record;
  const key = `${id}-n${cleared + 1}`;
  return {
    record: { ...record, clearings: [...clearings, { store, key, amount }], cleared: cleared + 1 },
    effects: [toStore(store, 'clear-payout', { order: id, key, amount, currency })],
  };
}

export function payoutCleared(
  record: OrderRecord,
  { payload, at: now }: Message<ToOrder['payout-cleared']>,
): Verdict<OrderRecord> {
  const { key, store, netted } = payload;
  const { clearings = [], ledger } = record;
  if (ledger.some((entry) => entry.key === key)) return { ignore: `${key} is booked` };
  const isAwaited = clearings.some((clearing) => clearing.key === key);
  if (!isAwaited && netted === 0) return { ignore: `${key} is not waited for` };
  const next = {
    ...record,
    clearings: clearings.map((clearing) =>
      clearing.key === key ? { ...clearing, pay: clearing.amount - netted } : clearing,
    ),
  };
  if (netted === 0) return { record: next, effects: [] };
  const entry = booked(key, 'netting', netted, store, now);
  return { record: { ...next, ledger: [...ledger, entry] }, effects: [said('payout-netted', entry)] };
}

export function storeOwes(record: OrderRecord, { payload }: Message<ToOrder['store-owes']>): Verdict<OrderRecord> {
  if (mustClear(record, payload.store)) return { ignore: `${payload.store} is known to owe` };
  return { record: withDebtor(record, payload.store), effects: [] };
}

export function withDebtor(record: OrderRecord, store: string): OrderRecord {
  return mustClear(record, store) ? record : { ...record, owing: [...(record.owing ?? []), store] };
}

interface Reversal {
  amount: number;
  party: string;
  payoutAccount: string;
}

/**
 * Money as far as this order brought it there and the account has it, else from another account that this order paid it through or to,
 * and a debt for the rest. What an account has is asked for once: if that fails too, all of it is owed. What failed after it had been
 * accepted is owed at once: it may be taken after all, and a payout that pays the debt then gives it back.
 */
export function takeBack(record: OrderRecord, reversal: Reversal, now: number, policy: OrderPolicy): Books {
  const { party, payoutAccount } = reversal;
  const [account] = policy.accounts;
  const today: Way = { payoutAccount, ...(account === undefined ? {} : { account }) };
  let books: Books = { record, effects: [] };
  let left = reversal.amount;
  for (const late of lateReversals(record, party)) {
    const owed = Math.min(left, late.amount);
    books = owe(books, party, owed, late, now);
    left -= owed;
  }
  let money = Math.min(left, Math.max(0, paidTo(record, party)));
  const ask = (part: Part, of?: Entry): void => {
    const instead = of ? { instead: of.key } : {};
    const asked = reserve(books.record, { kind: 'payout-reversal', party, ...part, ...instead }, now, policy);
    books = { record: asked.record, effects: [...books.effects, ...asked.effects] };
    money -= part.amount;
    left -= part.amount;
  };
  const refused = refusedReversals(record, party, today);
  const beyond = Math.max(0, left - sumOf(refused, () => true));
  const short = new Set(refused.map((of) => wayName(record, of, today)));
  for (const part of reversalParts(record, { party, amount: Math.min(beyond, money), today }, short)) ask(part);
  refused.forEach((of, index) => {
    const due = index === refused.length - 1 ? left : Math.min(left, of.amount);
    let open = due;
    const askFor = (part: Part): void => {
      ask(part, of);
      open -= part.amount;
    };
    const amount = Math.min(due, money, worthAsking(of));
    if (amount > 0) askFor({ amount, ...wayOf(record, of, today) });
    // What one account lacks, another one that paid the store may have.
    const others = new Set([...short, ...askedBefore(record, of, today)]);
    const elsewhere = { party, amount: Math.min(open, money), today };
    for (const part of reversalParts(books.record, elsewhere, others)) askFor(part);
    books = owe(books, party, open, of, now);
    left -= open;
  });
  return owe(books, party, left, undefined, now);
}

function owe({ record, effects }: Books, store: string, amount: number, of: Entry | undefined, now: number): Books {
  if (amount === 0) return { record, effects };
  const key = nextKey(record, 'receivable');
  const entry: Entry = { ...booked(key, 'receivable', amount, store, now), ...(of ? { instead: of.key } : {}) };
  const debt = { order: record.id, key, amount, currency: record.currency };
  return {
    record: withDebtor({ ...record, ledger: [...record.ledger, entry] }, store),
    effects: [...effects, said('store-owes', entry), toStore(store, 'owe', debt)],
  };
}

/** Reversals that had been accepted before they failed, as far as nothing has taken their place. */
function lateReversals({ ledger }: OrderRecord, store: string): Entry[] {
  return ledger.filter(
    (entry) =>
      entry.kind === 'payout-reversal' &&
      entry.party === store &&
      hasFailedLate(entry) &&
      !isReplaced(ledger, entry.key),
  );
}

/** The newest reversal of each way, where it surely failed and nothing has taken its place. */
function refusedReversals(record: OrderRecord, store: string, today: Way): Entry[] {
  const { ledger } = record;
  const newest = new Map<string, Entry>();
  for (const entry of ledger) {
    if (entry.kind === 'payout-reversal' && entry.party === store) newest.set(wayName(record, entry, today), entry);
  }
  return [...newest.values()].filter(
    (entry) => entry.state === 'failed' && !hasFailedLate(entry) && !isReplaced(ledger, entry.key),
  );
}

/** Ways by which the store was asked for the same money, its own included: each is tried once, so that it ends. */
function askedBefore(record: OrderRecord, of: Entry, today: Way): string[] {
  const before = record.ledger.find(({ key }) => key === of.instead);
  return [wayName(record, of, today), ...(before ? askedBefore(record, before, today) : [])];
}

function isReplaced(ledger: readonly Entry[], key: string): boolean {
  return ledger.some(({ instead }) => instead === key);
}

function worthAsking({ instead, available = 0, amount }: Entry): number {
  return instead === undefined && available < amount ? available : 0;
}

function booked(key: string, kind: 'receivable' | 'netting', amount: number, party: string, now: number): Entry {
  return { key, kind, amount, state: 'confirmed', party, at: instant(now) };
}

function said(name: string, { key, amount, party }: Entry): Effect {
  return { effect: 'event', name, payload: { entry: key, amount, store: party } };
}

function toStore<Name extends 'owe' | 'clear-payout'>(store: string, name: Name, payload: ToStore[Name]): Effect {
  return { effect: 'send', entity: 'store', id: store, name, payload };
}
