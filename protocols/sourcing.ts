/** The question to sourcing and its answer (architecture.md, section 4). */

export interface Wanted {
  line: string;
  sku: string;
  quantity: number;
  /** Pins the line to a store (`lines[].store`, or `collectAt`). */
  store?: string;
}

export interface SourcingQuestion {
  order: string;
  lines: Wanted[];
  destination?: { country: string; latitude?: number; longitude?: number };
  /** Stores that declined, or could not reserve, by line: never asked again for it. */
  excluded: Record<string, string[]>;
}

/** What sourcing knows of a store. */
export interface StoreCandidate {
  store: string;
  open: boolean;
  country: string;
  latitude?: number;
  longitude?: number;
  /** Lower is preferred. */
  priority: number;
  /** Open fulfilments. */
  load: number;
  /** On hand minus reserved. */
  available(sku: string): number;
}

export interface Assignment {
  store: string;
  lines: { line: string; quantity: number }[];
}

export interface SourcingPlan {
  assignments: Assignment[];
  /** What nobody can fulfil. */
  unassigned: { line: string; quantity: number }[];
  /** Why these stores, in words. */
  reason: string;
  /** Stores that lines are pinned to, and that nobody opened. */
  unknown?: string[];
}

/** `by-period`: what is due at the end of the period is paid then. */
export const PAYOUT_MOMENTS = ['at-capture', 'at-hand-over', 'by-period'] as const;
export type PayoutMoment = (typeof PAYOUT_MOMENTS)[number];

/** The terms of a store that a fulfilment freezes when the store reserves. */
export interface StoreTerms {
  ownership: 'company' | 'franchise';
  /** Decimal rate, `"0"` for company stores. */
  commission: string;
  payoutAccount?: string;
  /** When it gets its share; none: as it is configured. Frozen, none is `at-capture`. */
  payoutWhen?: PayoutMoment;
}
