/** What the record of an order keeps of goods that come back: the stores that take them, and the fees. */
import type { FrozenRule } from '../../../protocols/commission.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';

/** Units that a store took back for the one that prepared them. */
export interface Handling {
  readonly store: string;
  readonly return: string;
  /** Positions: of the line, and of the fulfilment that they left with. */
  readonly line: number;
  readonly fulfilment: number;
  readonly quantity: number;
  /** Frozen when they were accepted, of the version of the order; none matched. Its `handlingFee`, if it has one, is for each of them. */
  readonly rule?: FrozenRule;
}

/** What is kept from a refund: for a reason of the catalogue, as an inspection said, or by an earlier one that was not worth it. */
export interface KeptFee {
  readonly amount: number;
  readonly reason?: string;
  readonly isLeft?: true;
}

/** A store that was asked for its terms because it took goods back: it need not have prepared any. */
export interface Taker {
  readonly store: string;
  /** Not there before it said them, and where nobody opened it. */
  readonly terms?: StoreTerms;
  readonly isUnknown?: true;
}
