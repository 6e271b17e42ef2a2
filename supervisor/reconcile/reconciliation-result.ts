/** What a reconciliation says: for `--json`, and for people (cli/views/reconciliation-text.ts). */
import type { BrokenRow } from './read-settlement.ts';

export const CLASSES = [
  'matched',
  'amount-differs',
  'currency-differs',
  'missing-here',
  'missing-there',
  'duplicate',
  'row-broken',
  'chargeback',
  'chargeback-reversed',
  'at-edge',
  'not-asked',
] as const;
export type Class = (typeof CLASSES)[number];

/** Where a row is: the file is named where there are several. */
export interface Place {
  line: number;
  name?: string;
}

interface Side {
  amount: number;
  currency: string;
}

export interface Difference {
  class: Class;
  account: string;
  /** The key, or the provider's record where no key is known. */
  key: string;
  file?: Side & Place;
  ledger?: Side & { order: string };
  /** A row of this key that is broken. */
  broken?: Place;
  /** Of chargebacks, and of what brought them back: no entry where the order has several that it may be about. */
  disputed?: { record: string; order: string; entry?: string; fee: number };
}

export interface ClassTotal {
  class: Class;
  currency: string;
  /** Keys; rows for duplicates. */
  count: number;
  file: number;
  ledger: number;
}

/** The provider's own business, by type of row; fees on movements are under the movement's type. */
export interface ProviderTotal {
  type: string;
  currency: string;
  count: number;
  gross: number;
  fee: number;
}

export interface Result {
  /** RFC 3339, the end not included; none where nobody named it, and no row of the file says a day: nothing was compared. */
  period?: { from: string; to: string };
  /** Rows of the file: counted, broken, and left out as they are of another period or account. */
  rows: { counted: number; broken: number; leftOut: number };
  classes: ClassTotal[];
  differences: Difference[];
  providerTotals: ProviderTotal[];
  broken: BrokenRow[];
  agrees: boolean;
}
