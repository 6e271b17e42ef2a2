/**
 * What became of a gateway request. News is applied once, whatever the order in which it comes and however often: an open
 * entry takes any, a decided one only what the gateway says later (a late failure, a late recapture).
 */
import { create } from 'mutative';
import type { Effect, Message } from '../../protocols/actor.ts';
import type { GatewayKind, GatewayResult } from '../../protocols/gateway.ts';
import type { Verdict } from '../chart.ts';
import { lower, raise } from './attention.ts';
import { isPending } from './ledger.ts';
import { at, type Entry, type OrderRecord } from './record.ts';

const CONFIRMED: Record<GatewayKind, string> = {
  capture: 'captured',
  void: 'voided',
  refund: 'refunded',
  payout: 'paid-out',
  'payout-reversal': 'payout-reversed',
};

export function gatewayResult(record: OrderRecord, { payload, at: now }: Message<GatewayResult>): Verdict<OrderRecord> {
  const index = record.ledger.findIndex(({ key }) => key === payload.key);
  const entry = record.ledger[index];
  if (!entry) return { ignore: `${record.id} never asked for ${payload.key}` };
  if (!isNews(entry, payload)) return { ignore: `${entry.key} is ${entry.state}` };
  const next = create(record, (draft) => {
    const target = at(draft.ledger, index);
    target.state = payload.outcome;
    target.toldAt = payload.at;
    if (payload.gatewayReference !== undefined) target.gatewayReference = payload.gatewayReference;
    lower(draft, entry.key);
    const attention = attentionFor(record, entry, payload);
    if (attention) raise(draft, attention, entry.key, reasonOf(payload), now);
  });
  return { record: next, effects: [told(at(next.ledger, index), payload)] };
}

function isNews(entry: Entry, { outcome, at: toldAt }: GatewayResult): boolean {
  if (entry.state === outcome) return false;
  if (isPending(entry)) return true;
  if (outcome === 'unknown') return false;
  const earlier = Date.parse(entry.toldAt ?? entry.at);
  const later = Date.parse(toldAt);
  // At the same instant a failure wins: money that may not be there is not handed out.
  return later > earlier || (later === earlier && outcome === 'failed');
}

/** `capture-unknown`, `refund-failed`, …; undefined for good news. */
function attentionFor(record: OrderRecord, entry: Entry, { outcome }: GatewayResult): string | undefined {
  if (outcome === 'confirmed') return undefined;
  if (outcome === 'failed' && entry.kind === 'capture' && haveGoodsLeft(record, entry)) return 'funds-lost';
  if (outcome === 'failed' && entry.kind === 'payout-reversal') return 'store-account-short';
  return `${entry.kind}-${outcome}`;
}

function haveGoodsLeft(record: OrderRecord, { fulfilment }: Entry): boolean {
  return record.fulfilments.some(({ id, state }) => id === fulfilment && state === 'handed-over');
}

function reasonOf({ key, outcome, code, reason }: GatewayResult): string {
  return `${key}: ${[outcome, code, reason].filter(Boolean).join(', ')}`;
}

function told(entry: Entry, { outcome, code, reason }: GatewayResult): Effect {
  const name = outcome === 'confirmed' ? CONFIRMED[entry.kind as GatewayKind] : `${entry.kind}-${outcome}`;
  const payload: Record<string, unknown> = { entry: entry.key, amount: entry.amount };
  if (entry.fulfilment !== undefined) payload.fulfilment = entry.fulfilment;
  if (entry.party !== 'customer') payload.store = entry.party;
  if (entry.return !== undefined) payload.return = entry.return;
  if (entry.gatewayReference !== undefined) payload.gatewayReference = entry.gatewayReference;
  if (code !== undefined) payload.code = code;
  if (reason !== undefined) payload.reason = reason;
  return { effect: 'event', name, payload };
}
