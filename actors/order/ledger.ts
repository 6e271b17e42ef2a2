/** Entries of the ledger, and the gateway requests that execute them: reserved in the record by the same step that sends them. */
import type { Effect } from '../../protocols/actor.ts';
import type { GatewayKind, GatewayRequest } from '../../protocols/gateway.ts';
import type { LedgerKind } from '../../protocols/views.ts';
import { type Entry, instant, type OrderPolicy, type OrderRecord } from './record.ts';

const LETTERS: Record<LedgerKind, string> = {
  capture: 'c',
  void: 'v',
  refund: 'r',
  payout: 'p',
  'payout-reversal': 'b',
  'till-sale': 't',
  reauthorisation: 'a',
};

/** `<order>-c1`: counted by order and kind, so that the same step always asks under the same key. */
export function nextKey(record: OrderRecord, kind: LedgerKind): string {
  let number = 1;
  for (const entry of record.ledger) if (entry.kind === kind) number++;
  return `${record.id}-${LETTERS[kind]}${number}`;
}

export function isPending(entry: Entry): boolean {
  return entry.state === 'requested' || entry.state === 'unknown';
}

export function isConfirmed(record: OrderRecord, entry: number | undefined): boolean {
  return entry !== undefined && record.ledger[entry]?.state === 'confirmed';
}

/** Sum of the entries that `counts`. */
export function sumOf(ledger: readonly Entry[], counts: (entry: Entry) => boolean): number {
  let sum = 0;
  for (const entry of ledger) if (counts(entry)) sum += entry.amount;
  return sum;
}

/** Captures that took money, or may have. */
export function capturedOrInFlight(record: OrderRecord): number {
  return sumOf(record.ledger, (entry) => entry.kind === 'capture' && entry.state !== 'failed');
}

/** What customers paid, for certain: at the gateway or at the till. */
export function capturedForCertain(record: OrderRecord): number {
  return sumOf(record.ledger, (entry) => takesMoney(entry) && entry.state === 'confirmed');
}

export function takesMoney(entry: Entry): boolean {
  return entry.kind === 'capture' || entry.kind === 'till-sale';
}

/** A step of settling: the record with what it reserved, and what it asks for. */
export interface Books {
  record: OrderRecord;
  effects: Effect[];
}

interface NewEntry {
  kind: GatewayKind;
  amount: number;
  party?: string;
  payoutAccount?: string;
  fulfilment?: string;
  shipping?: number;
  against?: { entry: string; amount: number }[];
  return?: string;
}

interface Reserved {
  entry: Entry;
  effect: Effect;
}

/** An entry in state `requested`, and the request under its key. The caller puts both into one step. */
export function reserve(record: OrderRecord, wanted: NewEntry, at: number, policy: OrderPolicy): Reserved {
  const { payoutAccount, ...rest } = wanted;
  const entry: Entry = {
    ...rest,
    key: nextKey(record, wanted.kind),
    state: 'requested',
    party: wanted.party ?? 'customer',
    at: instant(at),
  };
  return { entry, effect: gatewayEffect(record, entry, payoutAccount, policy) };
}

function gatewayEffect(
  record: OrderRecord,
  entry: Entry,
  payoutAccount: string | undefined,
  policy: OrderPolicy,
): Effect {
  const { payment } = record;
  const request: GatewayRequest = {
    key: entry.key,
    kind: entry.kind as GatewayKind,
    order: record.id,
    transaction: payment?.transaction ?? record.id,
    method: payment?.method ?? 'till',
    amount: entry.amount,
    currency: record.currency,
    requestedAt: entry.at,
  };
  if (entry.party !== 'customer') request.party = entry.party;
  if (payoutAccount !== undefined) request.payoutAccount = payoutAccount;
  if (entry.kind === 'capture' && payment?.captureBefore) request.notAfter = payment.captureBefore;
  return { effect: 'gateway', account: accountOf(record, policy), request };
}

/** What was paid at the till has no gateway account of its own: commissions go through the first one. */
function accountOf(record: OrderRecord, policy: OrderPolicy): string {
  const account = record.payment?.account ?? policy.accounts[0];
  if (account === undefined) throw new Error(`no gateway account for ${record.id}`);
  return account;
}
