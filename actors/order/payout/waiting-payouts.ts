/** Payouts that an order is to make, and what they wait for. */

/** Its end is waited for. */
export interface Period {
  readonly store: string;
  readonly until: string;
  /** What is due is paid. */
  readonly over?: true;
}

/** A payout to a store that owes: how much of it is netted? */
export interface Clearing {
  readonly store: string;
  /** Of the netting entry, if there is one. */
  readonly key: string;
  readonly amount: number;
  /** The answer: what is left to pay. */
  readonly pay?: number;
}
