/** Entries of the ledger, and the gateway requests that execute them: reserved in the record by the same step that sends them. */
import type { Effect } from '../../../protocols/actor.ts';
import { extended } from '../../../protocols/extended.ts';
import type { Authorisation, GatewayKind, GatewayRequest } from '../../../protocols/gateway.ts';
import type { LedgerKind, LedgerState } from '../../../protocols/views.ts';
import { termsOf } from '../../capability/terms.ts';
import { at, type Entry, type FeePart, instant, type OrderPolicy, type OrderRecord, type Tender } from '../record.ts';
import { isPaidAtTill, tillTender } from '../refund/till-money.ts';
import { payInExchange } from '../returns/exchange-payment.ts';

const LETTERS: Record<LedgerKind, string> = {
  capture: 'c',
  void: 'v',
  refund: 'r',
  payout: 'p',
  'payout-reversal': 'b',
  'till-sale': 't',
  reauthorisation: 'a',
  receivable: 'o',
  netting: 'n',
};

/** `<order>-c1`: counted by order and kind, so that the same step always asks under the same key. */
export function nextKey(record: Pick<OrderRecord, 'id' | 'ledger'>, kind: LedgerKind): string {
  let number = 1;
  for (const entry of record.ledger) if (entry.kind === kind) number++;
  return `${record.id}-${LETTERS[kind]}${number}`;
}

export function isPending(entry: Entry): boolean {
  return entry.state === 'requested' || entry.state === 'unknown';
}

/** What is asked for here is not done, and nobody asks for it elsewhere. */
export function isOwed(entry: Entry): boolean {
  return isPending(entry) || hasFailed(entry);
}

export function hasFailed({ state, replaced }: Entry): boolean {
  return state === 'failed' && !replaced;
}

/** It took money, or may still. */
export function mayTakeMoney(entry: Pick<Entry, 'state' | 'gatewayReference' | 'surelyFailed'>): boolean {
  return entry.state !== 'failed' || hasFailedLate(entry);
}

/** After the provider had accepted it, so that it can be taken after all, unless a person found that it will not. */
export function hasFailedLate({
  state,
  gatewayReference,
  surelyFailed,
}: Pick<Entry, 'state' | 'gatewayReference' | 'surelyFailed'>): boolean {
  return state === 'failed' && gatewayReference !== undefined && !surelyFailed;
}

/** Entries that pay the same units count as one: confirmed when all are, failed when any is. */
export function isConfirmed(record: Pick<OrderRecord, 'ledger'>, lead: number | undefined): boolean {
  return lead !== undefined && stateOf(record, lead) === 'confirmed';
}

export function isFailed(record: Pick<OrderRecord, 'ledger'>, lead: number | undefined): boolean {
  return lead !== undefined && stateOf(record, lead) === 'failed';
}

/** A capture that may have been made, or may be made after all. */
export function hasTaken(record: Pick<OrderRecord, 'ledger'>, lead: number): boolean {
  return !isFailed(record, lead) || lostOf(record, lead) > 0;
}

/** What the provider may take after all. */
export function lostOf({ ledger }: Pick<OrderRecord, 'ledger'>, lead: number): number {
  return sumOf(ledger, (entry) => hasFailedLate(entry) && (entry.with === lead || entry === ledger[lead]));
}

/** Itself, whatever became of others that pay the same units; of what was asked again, the newest counts. */
export function hasFailedAlone(record: Pick<OrderRecord, 'ledger'>, position: number): boolean {
  const { replaced, state } = at(record.ledger, position);
  return replaced ? isFailed(record, position) : state === 'failed';
}

/** By position of the lead; read once for every piece of an order. */
const states = new WeakMap<readonly Entry[], LedgerState[]>();

function stateOf({ ledger }: Pick<OrderRecord, 'ledger'>, lead: number): LedgerState | undefined {
  let known = states.get(ledger);
  if (!known) {
    // What was asked again counts as the entry that asks again, which is together with the lead.
    known = ledger.map(({ state, replaced }) => (replaced ? 'confirmed' : state));
    for (const { with: of, state, replaced } of ledger) {
      if (of !== undefined && !replaced) known[of] = together(at(known, of), state);
    }
    losePrepaid(ledger, known);
    states.set(ledger, known);
  }
  return known[lead];
}

/** What prepaid money stands in for is paid no more when some of that failed: the goods wait, until it comes back. */
function losePrepaid(ledger: readonly Entry[], known: LedgerState[]): void {
  if (!ledger.some(({ prepayment }, position) => prepayment && known[position] === 'failed')) return;
  ledger.forEach(({ replaced, prepaid = 0 }, position) => {
    if (replaced && prepaid > 0) known[position] = 'failed';
  });
}

const STRENGTH: readonly LedgerState[] = ['confirmed', 'requested', 'unknown', 'failed'];

function together(one: LedgerState, other: LedgerState): LedgerState {
  return STRENGTH.indexOf(one) > STRENGTH.indexOf(other) ? one : other;
}

/** Sum of the entries that `counts`. */
export function sumOf(ledger: readonly Entry[], counts: (entry: Entry) => boolean): number {
  let sum = 0;
  for (const entry of ledger) if (counts(entry)) sum += entry.amount;
  return sum;
}

/** What customers paid, for certain: at the gateway or at the till. */
export function capturedForCertain(record: OrderRecord): number {
  return sumOf(record.ledger, (entry) => takesMoney(entry) && entry.state === 'confirmed');
}

export function takesMoney({ kind }: Pick<Entry, 'kind'>): boolean {
  return kind === 'capture' || kind === 'till-sale';
}

/** A step of settling: the record with what it reserved, and what it asks for. */
export interface Books {
  record: OrderRecord;
  effects: Effect[];
}

export interface NewEntry {
  kind: GatewayKind;
  amount: number;
  party?: string;
  tender?: number;
  with?: number;
  prepaid?: number;
  prepayment?: true;
  account?: string;
  payoutAccount?: string;
  fulfilment?: string;
  fulfilments?: string[];
  shipping?: number;
  shippingOf?: FeePart[];
  excess?: number;
  transit?: number;
  against?: { entry: string; amount: number }[];
  return?: string;
  retries?: number;
  exchange?: string;
  instead?: string;
}

/**
 * The record with one more entry in state `requested`, and the request under its key. What another order gets is there at once, and so
 * is nothing: less than a provider's amount step.
 */
export function reserve(record: OrderRecord, wanted: NewEntry, at: number, policy: OrderPolicy): Books {
  const isAtTill = isAtGateway(wanted) && !tenderOf(record, wanted);
  const asked = isAtTill ? extended(wanted, { account: accountOf(record, wanted, policy) }) : wanted;
  const entry: Entry = extended(asked, {
    key: nextKey(record, wanted.kind),
    state: wanted.exchange === undefined && wanted.amount > 0 ? 'requested' : 'confirmed',
    party: wanted.party ?? 'customer',
    at: instant(at),
  } as const);
  return {
    record: { ...record, ledger: [...record.ledger, entry] },
    effects: effectsOf(record, entry, policy),
  };
}

function effectsOf(record: OrderRecord, entry: Entry, policy: OrderPolicy): Effect[] {
  if (entry.amount === 0) return [];
  if (entry.exchange !== undefined) return payInExchange(entry.exchange, entry, carried(record, entry, policy));
  return [gatewayEffect(record, entry, policy)];
}

/** The tender that an exchange carries to the other order. */
function carried(record: OrderRecord, entry: Entry, policy: OrderPolicy): Tender {
  if (entry.tender !== undefined) return at(record.tenders, entry.tender);
  return tillTender(record, entry, accountOf(record, entry, policy));
}

/** Several entries that pay, or give back, the same units: the first leads. */
export function reserveTogether(
  record: OrderRecord,
  wanted: readonly NewEntry[],
  at: number,
  policy: OrderPolicy,
): Books {
  const lead = record.ledger.length;
  const led = wanted.map((entry, index) => (index === 0 ? entry : { ...entry, with: lead }));
  return reserveEach(record, led, at, policy);
}

export function reserveEach(record: OrderRecord, wanted: readonly NewEntry[], at: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  for (const entry of wanted) {
    const next = reserve(books.record, entry, at, policy);
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  }
  return books;
}

function gatewayEffect(record: OrderRecord, entry: Entry, policy: OrderPolicy): Effect {
  const tender = tenderOf(record, entry);
  const request: GatewayRequest = {
    key: entry.key,
    kind: entry.kind as GatewayKind,
    order: record.id,
    transaction: tender?.transaction ?? record.id,
    method: tender?.method ?? 'till',
    amount: entry.amount,
    currency: record.currency,
    requestedAt: entry.at,
  };
  if (entry.party !== 'customer') request.party = entry.party;
  if (entry.payoutAccount !== undefined) request.payoutAccount = entry.payoutAccount;
  if (entry.kind === 'capture' && tender?.captureBefore) request.notAfter = tender.captureBefore;
  if (entry.party === 'customer' && tender) request.authorisation = authorisationOf(tender);
  if (entry.kind === 'reauthorisation' && tender?.credential) request.credential = tender.credential;
  return { effect: 'gateway', account: accountOf(record, entry, policy), request };
}

function authorisationOf({ authorised, authorisedAt, capability }: Tender): Authorisation {
  const terms = termsOf(capability);
  return { amount: authorised, at: authorisedAt, ...(terms ? { terms } : {}) };
}

/** Not what a till, another order, a debt or headquarters paid, and not nothing: nobody asked a gateway for that. */
export function isAtGateway({
  kind,
  party,
  exchange,
  outside,
  amount,
}: Pick<Entry, 'kind' | 'amount' | 'exchange' | 'outside'> & { party?: string }): boolean {
  if (amount === 0) return false;
  const isAtTill = kind === 'till-sale' || (kind === 'refund' && party !== 'customer');
  const isElsewhere = isAtTill || exchange !== undefined || outside === true;
  return !isElsewhere && kind !== 'receivable' && kind !== 'netting';
}

/**
 * None where a till was paid. Other entries of stores that name none are older than payouts by account: they went through that of the
 * first tender.
 */
export function tenderOf(record: OrderRecord, { tender }: Pick<Entry, 'tender'>): Tender | undefined {
  if (tender !== undefined) return at(record.tenders, tender);
  return isPaidAtTill(record) ? undefined : record.tenders[0];
}

/** What was paid at the till has no gateway account of its own: commissions go through the first one of when they are asked for. */
export function accountOf(
  record: OrderRecord,
  entry: Pick<Entry, 'tender' | 'account'>,
  { accounts }: OrderPolicy,
): string {
  const account = tenderOf(record, entry)?.account ?? entry.account ?? accounts[0];
  if (account === undefined) throw new Error(`no gateway account for ${record.id}`);
  return account;
}
