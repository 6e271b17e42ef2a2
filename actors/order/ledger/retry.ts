/**
 * What failed is asked for again, as a person says: only where it is certain that no money moved under the first key, and never
 * will. What the provider had accepted once it may take after all.
 */

import { create } from 'mutative';
import { type Message, nowOf, type Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { stepDown } from '../../money/step.ts';
import { NOT_IN_PART } from '../attention/advice.ts';
import { excessOf } from '../capture/capture-plan.ts';
import { reserveApart } from '../capture/recapture.ts';
import { lessFee } from '../capture/shipping-fee.ts';
import { failedCaptures, ownFee, prepaidBy, shippingToCapture } from '../capture/still-to-capture.ts';
import { isPaidByOthers, isWantedInPart, type Wanted, wantedApart } from '../capture/wanted-apart.ts';
import { isOfLost } from '../lifecycle.ts';
import { payAgain } from '../payout/payout.ts';
import { at, type Entry, type OrderPolicy, type OrderRecord } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { settle } from '../settle.ts';
import { leftOut, stepOf } from './amount-steps.ts';
import { askAgain, askedAgain, replacing, sameAs, wantedOf } from './ask-again.ts';
import { mayFailForCertain } from './failed-late.ts';
import { type Books, hasFailedLate, sumOf } from './ledger.ts';
import { namedEntry } from './looked-up.ts';
import { hasExpired, newestOf, roomOf } from './tenders.ts';

export function retry(
  record: OrderRecord,
  message: Pick<Message<OrderCommands['retry']>, 'payload' | 'at' | 'handledAt'>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const named = namedEntry(record, message.payload.entry);
  if ('refuse' in named) return named;
  return mayHaveMoved(named.entry) ?? again(record, named.position, nowOf(message), policy);
}

export function mayHaveMoved(entry: Entry): { refuse: Refusal } | undefined {
  const { key, state, replaced, outside, gatewayReference } = entry;
  if (state === 'unknown') {
    return refuse('may-have-moved', `${key} is unknown: look it up at the provider, then say confirm or fail`);
  }
  if (state !== 'failed') return refuse('wrong-state', `${key} is ${state}, not failed`);
  if (replaced) return refuse('wrong-state', `${key} was asked again, or another entry that asked for the same moved`);
  if (outside) return refuse('wrong-state', `${key} was paid at a till: a person pays it, and says settle-refund`);
  if (!hasFailedLate(entry)) return undefined;
  const ends = mayFailForCertain(entry) ? ', unless you say fail' : '';
  return refuse(
    'may-have-moved',
    `${key} was accepted as ${gatewayReference} before it failed: it may be taken after all${ends}`,
  );
}

function again(record: OrderRecord, position: number, now: number, policy: OrderPolicy): Books | { refuse: Refusal } {
  const entry = at(record.ledger, position);
  switch (entry.kind) {
    case 'capture':
      return captureAgain(record, position, now, policy);
    case 'refund': {
      const wanted = { ...wantedOf(entry), kind: 'refund', amount: entry.amount } as const;
      return notRefundable(record, position) ?? askAgain(record, position, wanted, now, policy);
    }
    case 'payout':
      return payoutAgain(record, position, now, policy);
    default:
      return plannedAgain(record, position, now, policy);
  }
}

/** Without what another capture took of the shipping fee since. */
function captureAgain(
  record: OrderRecord,
  position: number,
  now: number,
  policy: OrderPolicy,
): Books | { refuse: Refusal } {
  const apart = wantedApart(record, position);
  if (apart) return apartAgain(record, position, apart, now, policy);
  const entry = at(record.ledger, position);
  const { key, excess = 0 } = entry;
  const tender = askedOf(record, entry);
  const { with: lead } = sameAs(record, position);
  const { shipping = 0, prepaid = 0, transit = 0 } = at(record.ledger, lead);
  const feeTaken = Math.max(0, shipping - ownFee(record, lead) - shippingToCapture(record));
  const due = Math.max(0, entry.amount - excess - feeTaken);
  const amount = stepDown(due, stepOf(at(record.tenders, tender), record.currency));
  if (amount <= 0 || !failedCaptures(record).has(lead)) return refuse('wrong-state', `${key} is not wanted any more`);
  if (isPaidByOthers(record, position)) return refuse('wrong-state', `${key}: ${NOT_IN_PART}`);
  if (prepaid - prepaidBy(record, lead) > prepaidKept(record)) {
    return refuse('wrong-state', `${key}: what was prepaid for it is used by now`);
  }
  const tooLow = notEnough(record, position, amount, now);
  if (tooLow) return tooLow;
  const asked = create(record, (draft) => {
    if (feeTaken > 0) lessFee(at(draft.ledger, lead), feeTaken);
    if (amount < due) at(draft.ledger, lead).transit = transit + due - amount;
  });
  const { excess: _, ...same } = wantedOf(entry);
  const beyond = excessOf(record, { tender, amount }, now);
  const whole = { amount: amount + beyond, ...(beyond > 0 ? { excess: beyond } : {}) };
  return askAgain(asked, position, { ...same, kind: 'capture', tender, ...whole }, now, policy);
}

/** The authorisation that declined may have been made anew since: then that one is asked. */
const askedOf = (record: OrderRecord, { tender = 0 }: Entry): number => newestOf(record, tender);

function notEnough(
  record: OrderRecord,
  position: number,
  amount: number,
  now: number,
): { refuse: Refusal } | undefined {
  const entry = at(record.ledger, position);
  const { key } = entry;
  const tender = askedOf(record, entry);
  const room = roomOf(record, tender, now);
  if (room >= amount) return undefined;
  const money = (of: number): string => formatMinor(of, record.currency);
  const ended = hasExpired(at(record.tenders, tender), now) ? ', it has ended' : '';
  const why = isWantedInPart(record, position) && !wantedApart(record, position) ? `; ${NOT_IN_PART}` : '';
  return refuse(
    'authorisation-too-low',
    `${key}: ${money(amount)} of ${money(room)} that are left of the authorisation${ended}${why}`,
  );
}

/** For what is still wanted of its goods. */
function apartAgain(
  record: OrderRecord,
  position: number,
  wanted: Wanted,
  now: number,
  policy: OrderPolicy,
): Books | { refuse: Refusal } {
  const tender = askedOf(record, at(record.ledger, position));
  const due = Math.max(0, wanted.goods + wanted.shipping + leftOut(record));
  const amount = stepDown(due, stepOf(at(record.tenders, tender), record.currency));
  const tooLow = notEnough(record, position, amount, now);
  if (tooLow) return tooLow;
  const draws = [{ tender, amount }];
  const { record: next, effects } = reserveApart(record, position, { ...wanted, prepaid: 0, draws }, now, policy);
  return { record: next, effects: [askedAgain(record, position, at(next.ledger, record.ledger.length)), ...effects] };
}

function notRefundable(record: OrderRecord, position: number): { refuse: Refusal } | undefined {
  const { key, amount, tender } = at(record.ledger, position);
  if (isOfLost(record, position)) return refuse('wrong-state', `${key} gives back what was lost`);
  const ofTender = (kind: Entry['kind'], counts: (entry: Entry) => boolean) =>
    sumOf(record.ledger, (entry) => entry.kind === kind && entry.tender === tender && counts(entry));
  const captured = ofTender('capture', ({ state }) => state === 'confirmed');
  const left = captured - ofTender('refund', ({ state }) => state !== 'failed');
  if (amount <= left) return undefined;
  const [asked, most] = [amount, Math.max(0, left)].map((of) => formatMinor(of, record.currency));
  return refuse('exceeds-captured', `${key}: ${asked} of ${most} that can be refunded`);
}

/** What is owed by now, which may be less, or nothing: then it is owed no more under any key. */
function payoutAgain(
  record: OrderRecord,
  position: number,
  now: number,
  policy: OrderPolicy,
): Books | { refuse: Refusal } {
  const entry = at(record.ledger, position);
  const books = payAgain(replacing(record, position), entry, now, policy);
  if (!books) return refuse('wrong-state', `nothing can be asked for ${entry.key} now`);
  const isAsked = books.record.ledger.length > record.ledger.length;
  return isAsked ? linked(record, position, books, record.ledger.length) : books;
}

/** What is to be given up by now, which may be less, or nothing. */
function plannedAgain(
  record: OrderRecord,
  position: number,
  now: number,
  policy: OrderPolicy,
): Books | { refuse: Refusal } {
  const { key, kind, party, tender } = at(record.ledger, position);
  const books = settle(replacing(record, position), now, policy);
  const isSame = (entry: Entry): boolean =>
    entry.kind === kind && entry.party === party && (party !== 'customer' || entry.tender === tender);
  const asked = books.record.ledger.findIndex((entry, index) => index >= record.ledger.length && isSame(entry));
  if (asked < 0) return refuse('wrong-state', `nothing can be asked for ${key} now`);
  return linked(record, position, books, asked);
}

function linked(record: OrderRecord, position: number, books: Books, asked: number): Books {
  const next = create(books.record, (draft) => {
    at(draft.ledger, asked).retries = sameAs(record, position).retries;
  });
  return { record: next, effects: [askedAgain(record, position, at(next.ledger, asked)), ...books.effects] };
}
