/** A provider tells of an operation by itself: applied, told to a person, or kept until the order (or its entry) is there. */
import { type Effect, type Message, nowOf, type Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { inUtc } from '../../../protocols/instant.ts';
import { refuse, type Verdict } from '../../chart.ts';
import type { Notice, OrderPolicy, OrderRecord } from '../record.ts';
import { fitOf, hear, isKept, MAX_NOTICES } from './notices.ts';

/** Clocks differ by no more than this. News of a later time would keep all other news out. */
const MAX_AHEAD_MS = 5 * 60_000;
const UNCLAIMED_TIMER = 'notices-unclaimed';

export function notify(
  record: OrderRecord,
  message: Message<OrderCommands['notify']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const refusal = unreadable(message);
  if (refusal) return refusal;
  const notice = noticeOf(message);
  const fit = fitOf(record, notice, policy);
  if (fit.fit !== 'none-yet') return hear(record, notice, fit, nowOf(message));
  const kept = record.notices ?? [];
  if (isKept(kept, notice)) return { record, effects: [] };
  return tooMany(kept) ?? { record: { ...record, notices: [...kept, notice] }, effects: [] };
}

/** The order is not there: it may come, for as long as the policy says. */
export function notifyAbsent(
  kept: readonly Notice[],
  message: Message<OrderCommands['notify']>,
  { keepNoticesMs }: OrderPolicy,
): Verdict<OrderRecord> {
  const refusal = unreadable(message);
  if (refusal) return refusal;
  const notice = noticeOf(message);
  if (isKept(kept, notice)) return { keep: kept, effects: [] };
  const at = message.at + keepNoticesMs;
  const timer: Effect = { effect: 'timer', timer: UNCLAIMED_TIMER, at, name: 'notices-unclaimed', payload: {} };
  return tooMany(kept) ?? { keep: [...kept, notice], effects: kept.length === 0 ? [timer] : [] };
}

/** The order did not come: nobody asked for what the provider told, and that is said. */
export function noticesUnclaimed(kept: readonly Notice[]): Verdict<OrderRecord> {
  if (kept.length === 0) return { ignore: 'no notice is kept' };
  const effects = kept.map((notice): Effect => ({ effect: 'event', name: 'notice-unclaimed', payload: { ...notice } }));
  return { keep: [], effects };
}

/** The order has come: what was kept for it is its own. */
export function withNotices(placed: Verdict<OrderRecord>, notices: readonly Notice[]): Verdict<OrderRecord> {
  if (!('record' in placed) || notices.length === 0) return placed;
  const stop: Effect = { effect: 'cancel-timer', timer: UNCLAIMED_TIMER };
  return { record: { ...placed.record, notices }, effects: [...placed.effects, stop] };
}

function unreadable({ payload, at: now }: Message<OrderCommands['notify']>): { refuse: Refusal } | undefined {
  const { key, transaction, at: toldAt } = payload;
  if (key === undefined && transaction === undefined) {
    return refuse('invalid-payload', 'key: it or transaction is required');
  }
  if (Date.parse(toldAt) <= now + MAX_AHEAD_MS) return undefined;
  return refuse('invalid-payload', `at: ${toldAt} is later than now`);
}

function noticeOf({ payload, sender }: Message<OrderCommands['notify']>): Notice {
  const { key, transaction, kind, outcome, gatewayReference, amount, currency, code, reason, at: toldAt } = payload;
  const account = sender.kind === 'command' ? accountOf(sender.command.origin) : undefined;
  return {
    ...(account === undefined ? {} : { account }),
    ...(key === undefined ? {} : { key }),
    ...(transaction === undefined ? {} : { transaction }),
    kind,
    outcome,
    ...(gatewayReference === undefined ? {} : { gatewayReference }),
    amount,
    currency,
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
    at: inUtc(toldAt),
  };
}

function accountOf(origin: string): string | undefined {
  return origin.startsWith('gateway-') ? origin.slice('gateway-'.length) : undefined;
}

function tooMany(kept: readonly Notice[]): { refuse: Refusal } | undefined {
  if (kept.length < MAX_NOTICES) return undefined;
  return refuse('too-many-notices', `${kept.length} notices are kept, and none of them fits yet`);
}
