/**
 * What was paid at a till goes back to the customer: the till of the store that took the goods gives the money, whoever sold them: what
 * another one gave for the seller, headquarters owes it (payout.ts). Where no till is at hand, or nobody knows it, a person pays.
 *
 * What he was asked for is his to pay, and no other order gets it; what is owed later is asked for by itself. Where other tenders paid
 * too, each refund that he is to make is an entry from the start, failed until he did: so that the captures that it gives back are taken.
 */
import { formatMinor } from '../../../protocols/currency.ts';
import type { Draw } from '../../money/oldest-first.ts';
import { isSaid } from '../attention/attention.ts';
import { type Books, nextKey } from '../ledger/ledger.ts';
import { isAsked, termsOf } from '../placing/store-terms.ts';
import { at, type Entry, instant, type OrderRecord } from '../record.ts';
import { executed, owedBy, owedName } from './owed-units.ts';

const BY_HAND = 'refund-by-hand';

/** Undefined: the store that took the goods has not said its terms yet. */
export function atTheTill(
  record: OrderRecord,
  positions: readonly number[],
  against: readonly Draw[],
  now: number,
): Books | undefined {
  const { till, return: id } = at(record.obligations, at(positions, 0));
  const payer = tillOf(record, till);
  if (payer === 'not known yet') return undefined;
  const isPaid = payer === 'known' && till !== undefined;
  if (!isPaid && record.tenders.length === 0) {
    return ask(record, owedName(record, at(positions, 0)), owedBy(record, positions), now);
  }
  const amount = against.reduce((sum, draw) => sum + draw.amount, 0);
  const transit = owedBy(record, positions) - amount;
  const entry: Entry = {
    key: nextKey(record, 'refund'),
    kind: 'refund',
    amount,
    against: [...against],
    ...(transit === 0 ? {} : { transit }),
    ...(id === undefined ? {} : { return: id }),
    at: instant(now),
    ...(isPaid ? { state: 'confirmed', party: till } : { state: 'failed', party: 'customer', outside: true }),
  };
  const next = executed({ ...record, ledger: [...record.ledger, entry] }, positions, record.ledger.length);
  if (!isPaid) return ask(next, entry.key, amount, now);
  const payload = { entry: entry.key, amount, store: till, return: id };
  return { record: next, effects: [{ effect: 'event', name: 'refunded', payload }] };
}

function tillOf(record: OrderRecord, till: string | undefined): 'known' | 'not known yet' | 'none' {
  if (till === undefined) return 'none';
  if (till === record.collectAt || termsOf(record, till)) return 'known';
  return isAsked(record, till) ? 'not known yet' : 'none';
}

/** For the same amount. */
export function isAskedByHand(record: OrderRecord, position: number): boolean {
  const { amount } = at(record.obligations, position);
  return isSaid(record, { code: BY_HAND, reason: whyByHand(record, amount), about: owedName(record, position) });
}

const whyByHand = ({ currency }: OrderRecord, amount: number): string =>
  `${formatMinor(amount, currency)} is owed to the customer, who paid at a till; settle-refund ends it`;

/** Said once for each amount. */
function ask(record: OrderRecord, about: string, amount: number, now: number): Books {
  const reason = whyByHand(record, amount);
  if (isSaid(record, { code: BY_HAND, reason, about })) return { record, effects: [] };
  const others = record.attention.filter((known) => known.code !== BY_HAND || known.about !== about);
  return {
    record: { ...record, attention: [...others, { code: BY_HAND, reason, about, at: instant(now) }] },
    effects: [{ effect: 'event', name: BY_HAND, payload: { entry: about, amount } }],
  };
}
