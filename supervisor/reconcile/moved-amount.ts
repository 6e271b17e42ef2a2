/** Movements of the simulated provider in the words of a settlement. */
import { type LedgerType, SETTLEMENT_TYPES } from '../../protocols/settlement.ts';
import type { Movement } from '../gateway/simulator-journal.ts';

const SETTLED = ['capture', 'refund', 'payout', 'payout-reversal'] as const;

type Moved = Pick<Movement, 'kind' | 'amount' | 'failedLate'>;

export function isSettled(kind: string): kind is (typeof SETTLED)[number] {
  return SETTLED.some((known) => known === kind);
}

/** Undefined for what moves no money: voids. */
export function settlementType({ kind, failedLate }: Pick<Moved, 'kind' | 'failedLate'>): LedgerType | undefined {
  if (!isSettled(kind)) return undefined;
  return failedLate ? `${kind}-failed` : kind;
}

/** Minor units, signed as the merchant’s balance sees it; zero for what moves no money. */
export function movedAmount(moved: Moved): number {
  const type = settlementType(moved);
  return type === undefined ? 0 : moved.amount * SETTLEMENT_TYPES[type];
}
