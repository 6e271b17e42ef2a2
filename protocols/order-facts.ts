/** What an order knows of how its amounts came about: `query.order.<id>.facts`. Amounts are minor units; fields may be added. */
import type { Heard } from './attribution.ts';
import type { Commission } from './commission.ts';
import type { LedgerKind, LedgerState } from './views.ts';

export interface OrderFacts {
  order: string;
  revision: number;
  currency: string;
  taxIncluded: boolean;
  /** Some goods cost what the scales said. */
  weighed?: true;
  lines: LineFacts[];
  shipping: {
    gross: number;
    tax: number;
    taxRate?: string;
    /** Each capture has a part of it, by the value of its goods. */
    policy?: 'pro-rata';
  };
  entries: EntryFacts[];
  /** By which commission a franchise's share of a line is reckoned. */
  commissions: CommissionFacts[];
  /** Stores that are paid when a period ends. */
  byPeriod?: string[];
}

export interface LineFacts {
  line: string;
  sku: string;
  quantity: number;
  unitPrice: number;
  taxRate: string;
  /** Of the order discount; a discount of the line's own is what is missing then. */
  discountShare: number;
  gross: number;
  net: number;
  tax: number;
}

export interface EntryFacts {
  entry: string;
  kind: LedgerKind;
  amount: number;
  state: LedgerState;
  party: string;
  at: string;
  /** Revision of the order by the step that reserved it. */
  step?: number;
  /** What set that step off, where no command did. */
  heard?: Heard;
  /** When the provider said what `state` tells. */
  toldAt?: string;
  fulfilment?: string;
  gatewayReference?: string;
  /** None of the next four where no gateway was asked: a till, another order or a debt paid. */
  account?: string;
  transaction?: string;
  method?: string;
  authorised?: number;
  captureBefore?: string;
  return?: string;
  /** Entry that leads those that pay, or give back, the same together. */
  lead: string;
  /** Entry that asked for the same first: this one asks for it again. */
  retries?: string;
  /** Of the lead: units that it pays for, in the order of fulfilments. */
  sold: SoldUnits[];
  /** Captures: what of it is the shipping fee, and what of the units was paid before. */
  shipping: number;
  prepaid: number;
  /** Captures: money that came before the goods were ready; by an exchange with that order. */
  prepayment?: true;
  exchange?: string;
  /** Of the lead: what the amount step of a provider left out of it; negative where it has what was left out before. */
  transit: number;
  /** Of the lead of refunds: what is given back. */
  owed?: OwedFacts;
  against: { entry: string; amount: number }[];
}

export interface SoldUnits {
  fulfilment: string;
  line: string;
  /** Units `from` + 1 to `to` of the line. */
  from: number;
  to: number;
  gross: number;
  tax: number;
}

export interface OwedFacts {
  cause: string;
  shipping: number;
  units: {
    fulfilment: string;
    line: string;
    quantity: number;
    gross: number;
    /** What goodwill had given already. */
    absorbed: number;
  }[];
  allowances: { line: string; amount: number }[];
  /** Kept from it: for a reason of the catalogue, as the inspection said, or left of earlier parts that were not worth it. */
  fees?: { amount: number; reason?: string; isLeft?: true }[];
}

export interface CommissionFacts {
  store: string;
  line: string;
  commission: Commission;
  version?: string;
  rule?: string;
}
