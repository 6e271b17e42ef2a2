/**
 * News of a ledger entry, whoever brings it: the gateway's answer, a person who looked it up, the provider by itself.
 *
 * N1  It is applied once, whatever the order in which it comes and however often: an open entry takes any, a decided one only what
 *     is told of a later time (a late failure, a late recapture).
 * N2  What is said again of a later time keeps older news out: a failure that was mended does not come back.
 * N3  Of entries that ask for the same, those that failed are owed no more when another one moved, or asks later.
 */
import { castDraft, create } from 'mutative';
import type { Effect } from '../../../protocols/actor.ts';
import type { AttentionCode } from '../../../protocols/attentions.ts';
import { extended } from '../../../protocols/extended.ts';
import type { GatewayKind, GatewayResult } from '../../../protocols/gateway.ts';
import type { Verdict } from '../../chart.ts';
import { adviceOnFailed } from '../attention/advice.ts';
import { lower, raise } from '../attention/attention.ts';
import { reauthorised } from '../capture/reauthorise.ts';
import { takenAfterAll } from '../capture/recapture.ts';
import { paysForGoods } from '../capture/still-to-capture.ts';
import { SHORT } from '../payout/collected.ts';
import { at, type Entry, type OrderRecord, type Working } from '../record.ts';
import { isPending } from './ledger.ts';

export type News = Omit<GatewayResult, 'key' | 'kind' | 'trace'>;

const MOVED_TWICE = 'moved-twice';

const CONFIRMED: Record<GatewayKind, string> = {
  capture: 'captured',
  void: 'voided',
  refund: 'refunded',
  payout: 'paid-out',
  'payout-reversal': 'payout-reversed',
  reauthorisation: 'reauthorised',
};

export function applyNews(record: OrderRecord, position: number, news: News, now: number): Verdict<OrderRecord> {
  const entry = at(record.ledger, position);
  if (isSaidAgain(entry, news)) {
    const next = create(record, (draft) => {
      const target = at(draft.ledger, position);
      target.toldAt = news.at;
      // Who said so first may not have known that it had been accepted.
      if (news.gatewayReference !== undefined) target.gatewayReference = news.gatewayReference;
    });
    return { record: next, effects: [] };
  }
  if (!isNews(entry, news)) return { ignore: `${entry.key} is ${entry.state}` };
  const same = sameRequest(record, position);
  const heard = { ...record, ledger: record.ledger.with(position, answered(entry, news)) };
  if (isExpected(record, entry, news) && same.length === 1)
    return { record: heard, effects: [told(at(heard.ledger, position), news)] };
  const next = create(heard, (draft) => {
    reauthorised(draft, entry, news);
    if (hasLapsed(entry, news)) lapse(draft, position);
    if (entry.replaced && news.outcome === 'confirmed' && same.length === 1) {
      takenAfterAll(draft, position);
    }
    markReplaced(draft, same);
    lower(draft, entry.key);
    callForHelp(draft, record, position, news, now);
  });
  return { record: next, effects: [told(at(next.ledger, position), news)] };
}

function answered(entry: Entry, { outcome, at: toldAt, gatewayReference, available, givenUp }: News): Entry {
  const next = castDraft(extended(entry, { state: outcome, toldAt }));
  if (gatewayReference !== undefined) next.gatewayReference = gatewayReference;
  if (available !== undefined) next.available = available;
  if (givenUp) next.givenUp = true;
  delete next.surelyFailed;
  // It brought what the customer was asked for.
  if (outcome === 'confirmed') delete next.fromCustomer;
  return next;
}

/** As most are: no other entry, no tender and no person has anything to do with it. */
function isExpected({ attention }: OrderRecord, { kind, replaced }: Entry, { outcome }: News): boolean {
  return outcome === 'confirmed' && kind !== 'reauthorisation' && !replaced && attention.length === 0;
}

/** What failed late will never move, as a person found. It keeps the provider's date: what the provider tells since still holds. */
export function failForCertain(record: OrderRecord, position: number, news: News, now: number): Verdict<OrderRecord> {
  const next = create(record, (draft) => {
    const target = at(draft.ledger, position);
    target.surelyFailed = true;
    lower(draft, target.key);
    callForHelp(draft, record, position, news, now);
  });
  return { record: next, effects: [told(at(next.ledger, position), news)] };
}

function isNews(entry: Entry, { outcome, givenUp, at: toldAt }: News): boolean {
  if (entry.state === outcome) return outcome === 'unknown' && givenUp === true && !entry.givenUp;
  if (isPending(entry)) return true;
  if (outcome === 'unknown') return false;
  const [earlier, later] = [knownAt(entry), Date.parse(toldAt)];
  // At the same instant a failure wins: money that may not be there is not handed out.
  return later > earlier || (later === earlier && outcome === 'failed');
}

/** N2. */
function isSaidAgain(entry: Entry, { outcome, at: toldAt }: News): boolean {
  return entry.state === outcome && outcome !== 'unknown' && Date.parse(toldAt) > knownAt(entry);
}

function knownAt({ toldAt, at: reservedAt }: Entry): number {
  return Date.parse(toldAt ?? reservedAt);
}

/** Nothing moved, and nothing will: said by whoever did not send it, or by the provider. */
function hasLapsed({ kind, gatewayReference }: Entry, { outcome, code }: News): boolean {
  return (
    kind === 'capture' && outcome === 'failed' && code === 'authorisation-expired' && gatewayReference === undefined
  );
}

function lapse(draft: Working, position: number): void {
  const entry = at(draft.ledger, position);
  entry.lapsed = true;
  if (entry.tender !== undefined) at(draft.tenders, entry.tender).expiry = 'over';
}

/** N3. */
function markReplaced(draft: Working, positions: readonly number[]): void {
  const same = positions.map((index) => at(draft.ledger, index));
  const moved = same.filter(({ state }) => state === 'confirmed').length;
  if (moved < 2) for (const { key } of same) lower(draft, key, [MOVED_TWICE]);
  same.forEach((entry, index) => {
    if (entry.state === 'failed' && (moved > 0 || index < same.length - 1)) {
      entry.replaced = true;
      lower(draft, entry.key);
    } else delete entry.replaced;
  });
}

/** Positions of the entries that ask for the same, oldest first. */
function sameRequest({ ledger }: OrderRecord, position: number): number[] {
  const first = at(ledger, position).retries ?? position;
  return ledger.flatMap(({ retries }, index) => (index === first || retries === first ? [index] : []));
}

function callForHelp(draft: Working, record: OrderRecord, position: number, news: News, now: number): void {
  const { key } = at(draft.ledger, position);
  const same = sameRequest(record, position);
  if (news.outcome === 'confirmed') {
    const moved = same.map((index) => at(draft.ledger, index)).filter(({ state }) => state === 'confirmed');
    if (moved.length < 2) return;
    const keys = moved.map((entry) => entry.key).join(' and ');
    raise(draft, MOVED_TWICE, key, `${keys} asked for the same, and all of them moved`, now);
    return;
  }
  const { outcome, code, reason } = news;
  // What is owed under the last of them is owed again when an earlier one did not move after all.
  const isOwed = (index: number): boolean =>
    at(draft.ledger, index).state === outcome && !at(draft.ledger, index).replaced;
  const owed = isOwed(position) ? position : same.find(isOwed);
  if (owed === undefined) return;
  const entry = at(draft.ledger, owed);
  const said = owed === position ? [outcome, code, reason] : [outcome, `as did ${key}`];
  const what = adviceOnFailed(entry, paysForGoods(record, entry.with ?? owed));
  const why = `${entry.key}: ${said.filter(Boolean).join(', ')}${what}`;
  raise(draft, attentionFor(record, entry, outcome), entry.key, why, now);
}

function attentionFor(record: OrderRecord, entry: Entry, outcome: 'failed' | 'unknown'): AttentionCode {
  const { kind, lapsed } = entry;
  if (lapsed) return 'authorisation-expired';
  if (outcome === 'unknown') return `${kind as GatewayKind}-unknown`;
  if (kind === 'capture' && haveGoodsLeft(record, entry)) return 'funds-lost';
  if (kind === 'payout-reversal') return SHORT;
  return `${kind as Exclude<GatewayKind, 'payout-reversal'>}-failed`;
}

function haveGoodsLeft(record: OrderRecord, { fulfilment, fulfilments = [] }: Entry): boolean {
  const paid = [fulfilment, ...fulfilments];
  return record.fulfilments.some(({ id, state }) => paid.includes(id) && state === 'handed-over');
}

function told(entry: Entry, { outcome, code, reason }: News): Effect {
  const name = outcome === 'confirmed' ? CONFIRMED[entry.kind as GatewayKind] : `${entry.kind}-${outcome}`;
  const payload: Record<string, unknown> = { entry: entry.key, amount: entry.amount };
  if (entry.fulfilment !== undefined) payload.fulfilment = entry.fulfilment;
  if (entry.fulfilments !== undefined) payload.fulfilments = entry.fulfilments;
  if (entry.party !== 'customer') payload.store = entry.party;
  if (entry.return !== undefined) payload.return = entry.return;
  if (entry.gatewayReference !== undefined) payload.gatewayReference = entry.gatewayReference;
  if (code !== undefined) payload.code = code;
  if (reason !== undefined) payload.reason = reason;
  return { effect: 'event', name, payload };
}
