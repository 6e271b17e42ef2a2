/** What a retailer grants when goods come back. A command that says otherwise is followed: policy speaks where it is silent. */

import type { Refusal } from '../../protocols/actor.ts';
import type { ReasonFee } from '../../protocols/internal.ts';
import { refuse } from '../chart.ts';

export interface ReturnPolicy {
  /** How long units may come back, from their hand-over. */
  windowDays: number;
  /** The reasons that may be given; free text where there is no list. */
  reasons?: readonly Reason[];
  /** On whose shelf accepted units go: of the store that took them, or of the one that sent them. */
  stockGoesTo: 'taker' | 'sender';
  refundShipping: 'by-command' | 'when-all-returned';
}

export interface Reason {
  code: string;
  name: string;
  /** In the place of the policy's. */
  windowDays?: number;
  /** The shipping fee is refunded with the first units that are accepted for it. */
  shipping?: boolean;
  /** Minor units, kept once from the refund of a return: the same number whatever the order's currency, or by currency. */
  fee?: number | Readonly<Record<string, number>>;
}

interface Reasoned {
  line: string;
  reason?: string | undefined;
}

/**
 * Where there is a catalogue, what is requested needs a reason of it: without one, the policy's own window would hold, and no fee. At the
 * counter it may be left out (`receive` of the wire contract has none).
 */
export function unknownReason(
  { reasons }: ReturnPolicy,
  lines: readonly Reasoned[],
  { isRequired }: { isRequired: boolean },
): { refuse: Refusal } | undefined {
  if (!reasons) return undefined;
  const isAllowed = ({ reason }: Reasoned) =>
    reason === undefined ? !isRequired : reasons.some(({ code }) => code === reason);
  const position = lines.findIndex((line) => !isAllowed(line));
  if (position < 0) return undefined;
  const rule = lines[position]?.reason === undefined ? 'must be given, as one of' : 'must be one of';
  const known = reasons.map(({ code }) => code).join(', ');
  return refuse('unknown-reason', `lines[${position}].reason: ${rule} ${known}`);
}

export function windowDaysFor(policy: ReturnPolicy, reason: string | undefined): number {
  return reasonOf(policy, reason)?.windowDays ?? policy.windowDays;
}

/** Does one of these reasons give the shipping fee back? */
export function givesShippingBack(policy: ReturnPolicy, reasons: Reasons): boolean {
  return reasons.some((reason) => reasonOf(policy, reason)?.shipping === true);
}

/** Of reasons that units are accepted for now and were not before: each keeps its fee once. */
export function feesFor(
  policy: ReturnPolicy,
  { now, before, currency }: { now: Reasons; before: Reasons; currency: string | undefined },
): ReasonFee[] {
  const fresh = new Set(now.flatMap((reason) => (reason === undefined || before.includes(reason) ? [] : reason)));
  return [...fresh]
    .map((reason) => ({ reason, amount: feeIn(reasonOf(policy, reason)?.fee, currency) }))
    .filter(({ amount }) => amount > 0);
}

type Reasons = readonly (string | undefined)[];

/** In a currency that is not listed, or not known, there is none. */
function feeIn(fee: Reason['fee'] = 0, currency = ''): number {
  return typeof fee === 'number' ? fee : (fee[currency] ?? 0);
}

function reasonOf({ reasons }: ReturnPolicy, wanted: string | undefined): Reason | undefined {
  return reasons?.find(({ code }) => code === wanted);
}
