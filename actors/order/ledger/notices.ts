/**
 * What a provider says by itself (a webhook): which entry it is about, and what is kept of it until there is one.
 *
 * A notice may come twice, late, dated before an earlier one, or before the order knows that it asks. It is news like any other
 * (news.ts) of an entry with the same kind, amount and currency; what differs is told to a person, and changes no money.
 */

import { create } from 'mutative';
import type { Effect } from '../../../protocols/actor.ts';
import { amountText, formatMinor } from '../../../protocols/currency.ts';
import { isRaised, lower, raise } from '../attention/attention.ts';
import { at, type Entry, type Notice, type OrderPolicy, type OrderRecord } from '../record.ts';
import { accountOf, type Books, isPending } from './ledger.ts';
import { applyNews } from './news.ts';

/** Kept at a time, of an order or of one that is not there yet. */
export const MAX_NOTICES = 20;

export const MISMATCH = 'gateway-mismatch';

type Fit = { fit: number } | { fit: 'none-yet' } | { fit: 'differs'; why: string };

export function fitOf(record: OrderRecord, notice: Notice, policy: OrderPolicy): Fit {
  const position = entryOf(record, notice);
  if (position === undefined) return { fit: 'none-yet' };
  const why = difference(record, at(record.ledger, position), notice, policy);
  return why === undefined ? { fit: position } : { fit: 'differs', why };
}

/** Providers date by the second. */
const DATED_WITHIN_MS = 1000;

/**
 * By key, by the provider's name, or as the only one of that kind and amount on the transaction that has no name yet: of those that had
 * been asked for when it happened. What it says of one that failed before is not said of the one that asks again.
 */
function entryOf({ ledger, tenders }: OrderRecord, notice: Notice): number | undefined {
  const { key, kind, amount, transaction, gatewayReference, at: happened } = notice;
  if (key !== undefined) return found(ledger.findIndex((entry) => entry.key === key));
  const onTransaction = (entry: Entry): boolean =>
    entry.kind === kind && tenders[entry.tender ?? 0]?.transaction === transaction;
  if (gatewayReference !== undefined) {
    const named = ledger.findIndex((entry) => onTransaction(entry) && entry.gatewayReference === gatewayReference);
    if (named >= 0) return named;
  }
  const wasAsked = (entry: Entry): boolean => Date.parse(entry.at) < Date.parse(happened) + DATED_WITHIN_MS;
  const nameless = ledger.flatMap((entry, position) =>
    onTransaction(entry) &&
    wasAsked(entry) &&
    entry.amount === amount &&
    (entry.gatewayReference === undefined || entry.prepayment)
      ? [position]
      : [],
  );
  const open = nameless.filter((position) => isPending(at(ledger, position)));
  const [only, ...others] = open.length > 0 ? open : nameless;
  return others.length === 0 ? only : undefined;
}

const found = (position: number): number | undefined => (position < 0 ? undefined : position);

function difference(record: OrderRecord, entry: Entry, notice: Notice, policy: OrderPolicy): string | undefined {
  const differs = (what: string, is: unknown, must: unknown) =>
    is === must ? undefined : `${entry.key}: the provider says ${what} ${is}, the order asked for ${must}`;
  const account = accountOf(record, entry, policy);
  return (
    differs('account', notice.account ?? account, account) ??
    differs('kind', notice.kind, entry.kind) ??
    differs('currency', notice.currency, record.currency) ??
    differs('amount', formatMinor(notice.amount, record.currency), formatMinor(entry.amount, record.currency))
  );
}

/** What is kept is heard as soon as an entry fits; until then a person is told of it. */
export function hearKept(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  for (const notice of record.notices ?? []) {
    const fit = fitOf(books.record, notice, policy);
    if (fit.fit === 'none-yet' && isRaised(books.record, MISMATCH, nameOf(notice))) continue;
    const next =
      fit.fit === 'none-yet'
        ? mismatch(books.record, notice, nothingLike(notice), now)
        : hear(without(books.record, notice), notice, fit, now);
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  }
  return books;
}

export function hear(record: OrderRecord, notice: Notice, fit: Exclude<Fit, { fit: 'none-yet' }>, now: number): Books {
  if (fit.fit === 'differs') return mismatch(record, notice, fit.why, now);
  const { outcome, gatewayReference, code, reason, at: toldAt } = notice;
  const news = {
    outcome,
    at: toldAt,
    ...(gatewayReference === undefined ? {} : { gatewayReference }),
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
  };
  const agreed = create(record, (draft) => lower(draft, nameOf(notice)));
  const verdict = applyNews(agreed, fit.fit, news, now);
  return 'record' in verdict ? verdict : { record: agreed, effects: [] };
}

function nothingLike(notice: Notice): string {
  const { kind, amount, currency, outcome } = notice;
  const what = `${kind} of ${amountText(amount, currency)}`;
  return `${nameOf(notice)}: the provider says ${what} ${outcome}, and nothing like it was asked for yet`;
}

function mismatch(record: OrderRecord, notice: Notice, why: string, now: number): Books {
  const next = create(record, (draft) => raise(draft, MISMATCH, nameOf(notice), why, now));
  const event: Effect = { effect: 'event', name: MISMATCH, payload: { ...notice, why } };
  return { record: next, effects: [event] };
}

function without(record: OrderRecord, notice: Notice): OrderRecord {
  const { notices = [], ...rest } = record;
  const left = notices.filter((other) => other !== notice);
  return left.length > 0 ? { ...rest, notices: left } : rest;
}

/** What a person has looked at waits for no entry any more. */
export function forgetNotices(record: OrderRecord, name: string): OrderRecord {
  const looked = record.notices?.filter((notice) => nameOf(notice) === name) ?? [];
  return looked.reduce(without, record);
}

/** Of the provider's, so that news of the entry does not end what differs. */
const nameOf = ({ gatewayReference, key, transaction }: Notice): string => gatewayReference ?? key ?? transaction ?? '';

export function isKept(kept: readonly Notice[], notice: Notice): boolean {
  const text = JSON.stringify(notice);
  return kept.some((other) => JSON.stringify(other) === text);
}
