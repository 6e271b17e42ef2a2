/**
 * Authorisations end. Each that money is still to be taken from has a durable timer: it warns, then it is the time to act by policy,
 * then it is over. The timers are read off the record before and after a step, so that no step can forget them.
 *
 * reauthorise    what is ready is captured, the rest is authorised again with the stored credential (reauthorise.ts)
 * capture-early  all of it is captured, and what is not delivered later refunded (early-capture.ts)
 * release        what is ready is captured, what no other tender pays is cancelled (uncovered.ts), the rest of it voided (void.ts)
 */
import { create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import { HOUR_MS } from '../../../protocols/durations.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import { cancelled } from '../fulfilment/cancel.ts';
import { leftOf } from '../ledger/tenders.ts';
import type { ExpiryPolicy } from '../policies.ts';
import { at, type OrderPolicy, type OrderRecord, type Tender } from '../record.ts';
import { stillToCapture } from './still-to-capture.ts';
import { uncovered } from './uncovered.ts';

export const DEFAULT_EXPIRY: ExpiryPolicy = {
  act: 'reauthorise',
  warnBeforeMs: 24 * HOUR_MS,
  actBeforeMs: 12 * HOUR_MS,
  maxReauthorisations: 10,
};

export const expiryPolicy = ({ expiry }: OrderPolicy): ExpiryPolicy => expiry ?? DEFAULT_EXPIRY;

type Stage = NonNullable<Tender['expiry']>;
const STAGES: readonly Stage[] = ['warned', 'ending', 'over'];

/** What was due before may come a moment later: a schedule is not set into the past. */
const SOONEST_MS = 1000;

export function expiryTimers(
  before: OrderRecord | undefined,
  after: OrderRecord,
  { at: now, name, payload }: Message,
  policy: OrderPolicy,
): Effect[] {
  return after.tenders.flatMap((_, tender): Effect[] => {
    const was = before && nextStage(before, tender, policy);
    const is = nextStage(after, tender, policy);
    if (was?.stage === is?.stage && was?.due === is?.due) return [];
    if (is) return [timerOf(tender, Math.max(is.due, now + SOONEST_MS))];
    // The one that has just run out needs no stopping.
    const ranOut = name === 'expire-authorisation' && (payload as ToOrder['expire-authorisation']).tender === tender;
    return ranOut ? [] : [{ effect: 'cancel-timer', timer: timerName(tender) }];
  });
}

const timerName = (tender: number): string => `authorisation-${tender + 1}`;

function timerOf(tender: number, due: number): Effect {
  const payload: ToOrder['expire-authorisation'] = { tender };
  return { effect: 'timer', timer: timerName(tender), at: due, name: 'expire-authorisation', payload };
}

/** None where nothing is to be taken from it any more. */
function nextStage(
  record: OrderRecord,
  position: number,
  policy: OrderPolicy,
): { stage: Stage; due: number } | undefined {
  const tender = record.tenders[position];
  if (tender?.captureBefore === undefined || tender.settled) return undefined;
  const stage = STAGES[tender.expiry === undefined ? 0 : STAGES.indexOf(tender.expiry) + 1];
  if (!stage || leftOf(record, position) <= 0 || stillToCapture(record).units === 0) return undefined;
  return { stage, due: dueOf(tender.captureBefore, stage, policy) };
}

function dueOf(captureBefore: string, stage: Stage, policy: OrderPolicy): number {
  const { warnBeforeMs, actBeforeMs } = expiryPolicy(policy);
  const before: Record<Stage, number> = { warned: Math.max(warnBeforeMs, actBeforeMs), ending: actBeforeMs, over: 0 };
  return Date.parse(captureBefore) - before[stage];
}

export function expireAuthorisation(
  record: OrderRecord,
  { payload, at: now }: Message<ToOrder['expire-authorisation']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const next = nextStage(record, payload.tender, policy);
  const { captureBefore, expiry, method, transaction } = at(record.tenders, payload.tender);
  if (!next || captureBefore === undefined) return { ignore: `nothing is to be taken from ${transaction}` };
  // It rang too early, whyever: nothing is over yet.
  if (now < next.due) return { record, effects: [timerOf(payload.tender, next.due)] };
  const reached = STAGES.findLast((stage) => now >= dueOf(captureBefore, stage, policy));
  const stage = reached && STAGES.indexOf(reached) > STAGES.indexOf(next.stage) ? reached : next.stage;
  const marked = create(record, (draft) => {
    at(draft.tenders, payload.tender).expiry = stage;
  });
  const about = { tender: transaction, method, captureBefore, amount: leftOf(record, payload.tender) };
  const says = (name: string): Effect => ({ effect: 'event', name, payload: about });
  const events = [
    ...(expiry === undefined && stage !== 'over' ? [says('authorisation-expiring')] : []),
    ...(stage === 'over' ? [says('authorisation-expired')] : []),
  ];
  const isTimeToAct = stage !== 'warned' && (expiry === undefined || expiry === 'warned');
  if (!isTimeToAct || expiryPolicy(policy).act !== 'release') return { record: marked, effects: events };
  const gone = uncovered(marked, now, policy);
  if (gone.size === 0) return { record: marked, effects: events };
  const without = cancelled(marked, gone, `the authorisation of ${method} ends at ${captureBefore}`);
  return { record: without.record, effects: [...events, ...without.effects] };
}
