/** What a person may do about what failed, or was not taken: what is said of it is true as long as it is on the list. */
import { create } from 'mutative';
import type { Attention } from '../../../protocols/views.ts';
import { awaitingFunds } from '../capture/awaiting-funds.ts';
import { paysForGoods } from '../capture/still-to-capture.ts';
import { isWantedInPart, wantedApart } from '../capture/wanted-apart.ts';
import { mayFailForCertain } from '../ledger/failed-late.ts';
import { type Books, hasFailed, hasFailedLate } from '../ledger/ledger.ts';
import { givesBackLost } from '../lifecycle.ts';
import { isOwedNoMore } from '../payout/payout.ts';
import { at, type Entry, type OrderRecord } from '../record.ts';
import { isRaised, lower, raise, WITHOUT_MONEY } from './attention.ts';

const ASKS_AGAIN = '; retry asks again under another key, request-payment asks the customer for it';
const FOR_NO_GOODS = '; it pays for no goods that are still wanted: nothing asks for it again';
/** Others pay for its goods too, or may yet: what is wanted of them can't be told apart. */
export const NOT_IN_PART =
  "some of its goods are not wanted any more, and it can't be asked for in part: it ends when the others are cancelled, or come back";
const RETRY = '; retry asks again under another key';
const GIVES_UP = '; nothing of it is owed any more: retry gives it up';
const ADVICE = [ASKS_AGAIN, FOR_NO_GOODS, `; ${NOT_IN_PART}`, RETRY, GIVES_UP];

/** Goods were cancelled since it was said, or their money was lost, or found. */
export function planAdvice(before: OrderRecord, now: number): Books {
  const record = planFailedRefunds(before, now);
  const attention = record.attention.flatMap((known) => (isOver(record, known) ? [] : [advised(record, known)]));
  const isSame =
    attention.length === record.attention.length &&
    attention.every((known, index) => known === record.attention[index]);
  return { record: isSame ? record : { ...record, attention }, effects: [] };
}

/** Of a fulfilment none of whose goods wait for money any more. */
function isOver(record: OrderRecord, { code, about }: Attention): boolean {
  if (!WITHOUT_MONEY.includes(code) || !record.fulfilments.some(({ id }) => id === about)) return false;
  return !awaitingFunds(record).some(({ fulfilment }) => fulfilment === about);
}

/** Nothing is said of a refund while what it gives back is lost: there is nothing that a person may do about it. */
function planFailedRefunds(record: OrderRecord, now: number): OrderRecord {
  let next = record;
  record.ledger.forEach((entry, position) => {
    if (entry.kind !== 'refund' || !hasFailed(entry) || entry.outside) return;
    const isSaid = isRaised(next, 'refund-failed', entry.key);
    if (isSaid !== givesBackLost(record, position)) return;
    next = create(next, (draft) => {
      if (isSaid) lower(draft, entry.key, ['refund-failed']);
      else raise(draft, 'refund-failed', entry.key, `${entry.key}: failed${adviceOnFailed(entry, false)}`, now);
    });
  });
  return next;
}

/** Which command a person may end it with. */
export function adviceOnFailed(entry: Entry, isForGoods: boolean): string {
  const { kind, state, givenUp, lapsed } = entry;
  if (lapsed) return '';
  if (kind === 'payout-reversal' && state === 'failed')
    return '; what its account lacks is netted from its next payouts';
  if (state === 'unknown') return givenUp ? '; look it up at the provider, then say confirm or fail' : '';
  const settles = kind === 'refund' ? '; settle-refund ends it when it was paid in another way' : '';
  if (hasFailedLate(entry)) {
    const ends = mayFailForCertain(entry) ? ', unless you say fail' : '';
    return `; it had been accepted, and may be taken after all${ends}${settles}`;
  }
  // The rest of a fee alone, or goods that were cancelled since.
  if (kind === 'capture') return isForGoods ? ASKS_AGAIN : FOR_NO_GOODS;
  return `${RETRY}${settles}`;
}

function advised(record: OrderRecord, known: Attention): Attention {
  const said = ADVICE.find((advice) => known.reason.endsWith(advice));
  const position = record.ledger.findIndex(({ key }) => key === known.about);
  if (said === undefined || position < 0) return known;
  const advice = adviceOn(record, position);
  return advice === said ? known : { ...known, reason: known.reason.slice(0, -said.length) + advice };
}

function adviceOn(record: OrderRecord, position: number): string {
  const entry = at(record.ledger, position);
  if (entry.kind === 'payout') return isOwedNoMore(record, entry) ? GIVES_UP : RETRY;
  if (entry.kind !== 'capture') return RETRY;
  if (!paysForGoods(record, at(record.ledger, position).with ?? position)) return FOR_NO_GOODS;
  return isWantedInPart(record, position) && !wantedApart(record, position) ? `; ${NOT_IN_PART}` : ASKS_AGAIN;
}
