/** The rest of an authorisation that ends is authorised again, by the merchant with the stored credential: a tender of its own. */
import { castDraft } from 'mutative';
import { HOUR_MS } from '../../../protocols/durations.ts';
import type { GatewayResult } from '../../../protocols/gateway.ts';
import { inUtc } from '../../../protocols/instant.ts';
import { stepDown } from '../../money/step.ts';
import { stepOf } from '../ledger/amount-steps.ts';
import { type Books, reserve } from '../ledger/ledger.ts';
import { isEnding } from '../ledger/tenders.ts';
import { at, type Entry, instant, type OrderPolicy, type OrderRecord, type Tender, type Working } from '../record.ts';
import { expiryPolicy } from './expiry.ts';
import { shortfall } from './shortfall.ts';

/** Once for each tender: what was refused is not asked again; nor is what nobody fulfilled while its money was authorised so often. */
export function planReauthorisation(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  const { act, maxReauthorisations } = expiryPolicy(policy);
  if (act !== 'reauthorise') return books;
  let left = shortfall(record, now);
  record.tenders.forEach((tender, position) => {
    if (left === 0 || !isEnding(tender, now) || !mayAsk(record, position)) return;
    if (reauthorisationsBefore(record, position) >= maxReauthorisations) return;
    const most = Math.max(0, tender.authorised - capturedOf(record, position));
    const amount = stepDown(Math.min(left, most), stepOf(tender, record.currency));
    if (amount <= 0) return;
    left -= amount;
    const next = reserve(books.record, { kind: 'reauthorisation', tender: position, amount }, now, policy);
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  });
  return books;
}

function mayAsk(record: OrderRecord, position: number): boolean {
  const { capability, credential, settled } = at(record.tenders, position);
  const wasAsked = record.ledger.some(
    ({ kind, tender, replaced }) => kind === 'reauthorisation' && tender === position && !replaced,
  );
  return capability.reauthorise && credential !== undefined && !settled && !wasAsked;
}

/** How many made this one out of what the customer authorised. */
function reauthorisationsBefore({ tenders }: OrderRecord, position: number): number {
  let count = 0;
  for (let before = at(tenders, position).replaces; before !== undefined; before = at(tenders, before).replaces)
    count++;
  return count;
}

/** What was asked of it, as against what it took beyond that. */
function capturedOf({ ledger }: OrderRecord, position: number): number {
  return ledger.reduce((sum, { kind, tender, state, amount, excess = 0 }) => {
    return kind === 'capture' && tender === position && state !== 'failed' ? sum + amount - excess : sum;
  }, 0);
}

type Told = Pick<GatewayResult, 'outcome' | 'at' | 'gatewayReference' | 'transaction' | 'captureBefore'>;

/** One that fails late has ended, and its credential is not asked again. */
export function reauthorised(draft: Working, entry: Entry, told: Told): void {
  if (entry.kind !== 'reauthorisation' || entry.tender === undefined) return;
  const known = draft.tenders.findIndex(({ replaces }) => replaces === entry.tender);
  if (told.outcome === 'confirmed') {
    const tender = newTender(at(draft.tenders, entry.tender), entry, told);
    if (known < 0) draft.tenders.push(castDraft(tender));
    else draft.tenders[known] = castDraft(tender);
  } else if (told.outcome === 'failed' && known >= 0) {
    const tender = at(draft.tenders, known);
    tender.captureBefore = told.at;
    delete tender.credential;
  }
}

/** The live time always wins over what is known of the method. */
function newTender(old: Tender, { amount, tender, key }: Entry, told: Told): Tender {
  const { account, method, capability, credential } = old;
  const validMs = capability.validFor.merchant * HOUR_MS;
  return {
    account,
    method,
    transaction: told.transaction ?? told.gatewayReference ?? key,
    authorised: amount,
    authorisedAt: told.at,
    captureBefore: isTime(told.captureBefore) ? inUtc(told.captureBefore) : instant(Date.parse(told.at) + validMs),
    settled: false,
    initiator: 'merchant',
    capability,
    ...(credential === undefined ? {} : { credential }),
    ...(tender === undefined ? {} : { replaces: tender }),
  };
}

/** What a provider says is not checked as commands are. */
const isTime = (text: string | undefined): text is string => text !== undefined && !Number.isNaN(Date.parse(text));
