/** What a store remembers. */
import type { SkuUnits } from '../../protocols/internal.ts';
import type { StoreTerms } from '../../protocols/sourcing.ts';
import type { ChartRecord } from '../chart.ts';
import type { Holdings } from './holdings.ts';

export const SCHEMA_VERSION = 1;

export interface Terms extends StoreTerms {
  readonly name: string;
  readonly country: string;
  readonly latitude?: number;
  readonly longitude?: number;
  /** Lower is preferred. */
  readonly priority: number;
  /** Reserved is accepted: no clerk's word is needed. */
  readonly autoAccept: boolean;
}

/** Money terms that held before others took their place. Those of older releases don't say how the store was paid. */
export interface EarlierTerms extends StoreTerms {
  /** RFC 3339: when they ended. */
  readonly until: string;
}

/** With headquarters: what it owes, and the entries that made it so, newest last, each with what it moved. */
export interface Account {
  readonly owes: readonly (readonly [currency: string, amount: number])[];
  readonly entries: readonly (readonly [key: string, amount: number])[];
  /** What is left of each thing that it owes, oldest first; not of what it owed before they were kept. */
  readonly debts?: readonly Debt[];
}

export interface Debt {
  readonly order: string;
  /** Of the receivable in the ledger of the order. */
  readonly key: string;
  readonly currency: string;
  readonly left: number;
}

export interface StoreRecord extends ChartRecord {
  readonly v: typeof SCHEMA_VERSION;
  readonly open: boolean;
  readonly terms: Terms;
  /** Oldest first, bounded: an order is under those of its placement. */
  readonly earlier?: readonly EarlierTerms[];
  /** With headquarters; none where nothing was ever owed. */
  readonly account?: Account;
  readonly holdings: Holdings;
  /** Units on hand and promised that are not there, by sku: more work loses them than one step may tell. */
  readonly losing?: readonly (readonly [sku: string, quantity: number])[];
}

/** The record as it will be stored is one revision on from the one that is judged. */
export const nextRevision = (record: StoreRecord | undefined): number => (record?.revision ?? 0) + 1;

export const unitsBySku = (lines: readonly SkuUnits[]): Map<string, number> => {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
};
