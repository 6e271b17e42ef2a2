/** What a retailer grants when goods come back. A command that says otherwise is followed: policy speaks where it is silent. */
import type { Refusal } from '../../protocols/actor.ts';
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
  /** Minor units of the order's currency, kept once from the refund of a return. */
  fee?: number;
}

interface Reasoned {
  line: string;
  reason?: string | undefined;
}

export function unknownReason({ reasons }: ReturnPolicy, lines: readonly Reasoned[]): { refuse: Refusal } | undefined {
  if (!reasons) return undefined;
  const position = lines.findIndex(
    ({ reason }) => reason !== undefined && !reasons.some(({ code }) => code === reason),
  );
  if (position < 0) return undefined;
  const known = reasons.map(({ code }) => code).join(', ');
  return refuse('unknown-reason', `lines[${position}].reason: must be one of ${known}`);
}

export function windowDaysFor(policy: ReturnPolicy, reason: string | undefined): number {
  return reasonOf(policy, reason)?.windowDays ?? policy.windowDays;
}

/** Does one of these reasons give the shipping fee back? */
export function givesShippingBack(policy: ReturnPolicy, reasons: readonly (string | undefined)[]): boolean {
  return reasons.some((reason) => reasonOf(policy, reason)?.shipping === true);
}

/** Of reasons that units are accepted for now and were not before: each keeps its fee once. */
export function feeFor(
  policy: ReturnPolicy,
  now: readonly (string | undefined)[],
  before: readonly (string | undefined)[],
): number {
  const fresh = new Set(now.filter((reason) => !before.includes(reason)));
  return [...fresh].reduce((sum, reason) => sum + (reasonOf(policy, reason)?.fee ?? 0), 0);
}

function reasonOf({ reasons }: ReturnPolicy, wanted: string | undefined): Reason | undefined {
  return reasons?.find(({ code }) => code === wanted);
}
