/** Replies of queries (wire contract, section 5). Fields may be added, never renamed. */
import type { AttentionCode } from './attentions.ts';

export type OrderState = 'held' | 'sourcing' | 'fulfilling' | 'fulfilled' | 'closed' | 'cancelled';
export type FulfilmentState = 'offered' | 'accepted' | 'ready' | 'handed-over' | 'declined' | 'cancelled';
export type LedgerKind =
  | 'capture'
  | 'void'
  | 'refund'
  | 'payout'
  | 'payout-reversal'
  | 'reauthorisation'
  | 'till-sale'
  /** What a store should have given back and its account did not have: it owes it to headquarters. */
  | 'receivable'
  /** What of a payout pays what the store owes, in whatever order: no money moves. */
  | 'netting';
export type LedgerState = 'requested' | 'unknown' | 'confirmed' | 'failed';

export interface Attention {
  code: AttentionCode;
  reason: string;
  /** The fulfilment, ledger entry or line that it is about. */
  about?: string;
  at: string;
}

/** Money that the customer is asked for, as no authorisation gives it. */
export interface PaymentRequest {
  request: string;
  amount: number;
  state: 'open' | 'withdrawn' | 'paid';
}

export interface OrderView {
  order: string;
  revision: number;
  state: OrderState;
  channel: string;
  currency: string;
  placedAt: string;
  fulfilment: string;
  totals: {
    ordered: number;
    authorised: number;
    captured: number;
    refunded: number;
    voided: number;
    attributed: number;
    open: { capture: number; refund: number; payout: number };
  };
  fulfilments: {
    fulfilment: string;
    store: string;
    state: FulfilmentState;
    lines: { line: string; quantity: number }[];
    captured: number;
    funded: boolean;
    /** Units are ready, and their money waits: `capturing` says what for. */
    funds?: 'awaiting-funds';
    carrier?: string;
    tracking?: string;
  }[];
  lines: {
    line: string;
    sku: string;
    quantity: number;
    ready: number;
    handedOver: number;
    cancelled: number;
    returned: number;
    net: number;
    tax: number;
    gross: number;
  }[];
  ledger: {
    entry: string;
    kind: LedgerKind;
    amount: number;
    state: LedgerState;
    fulfilment?: string;
    /** Captures of several fulfilments together. */
    fulfilments?: string[];
    party: string;
    /** Voids: the provider released it by itself. */
    released?: true;
    gatewayReference?: string;
    /** The order that it was exchanged with: no gateway moved it. */
    exchange?: string;
    at: string;
    /** The first entry that asked for the same: it failed. */
    retries?: string;
    /** Paid by headquarters, not through a gateway. */
    outside?: true;
    /** What the amount step of a provider left out; negative where it has what was left out before. */
    transit?: number;
    /** Receivables: later payouts of the store paid it. */
    collected?: true;
  }[];
  /** The return that pays for some of it: `amount` was said at placement, `paid` has come. */
  exchange?: { order: string; return: string; amount: number; paid: number };
  /** Orders that its returns pay for. */
  exchanges?: { return: string; order: string; paid: number }[];
  /** `headquarters` and stores: what each holds now of captured minus refunded. */
  parties: Record<string, number>;
  /** What stores are paid when their period ends, as far as it is known: headquarters holds it until then. */
  payouts?: { store: string; amount: number; due: string }[];
  /** What the customer is, or was, asked to pay beyond his payments. */
  paymentRequests?: PaymentRequest[];
  sourcing: string[];
  /** Why money is taken when it is, or is not yet. */
  capturing: string[];
  attention: Attention[];
}

/** Where it does not fit into one reply, its lists are told in pages: `next` is what to ask for as `after`. */
export interface StoreView {
  store: string;
  revision: number;
  state: 'open' | 'closed';
  name: string;
  ownership: 'company' | 'franchise';
  commission: string;
  /** To headquarters, by currency, minor units: its next payouts are netted with it. */
  owes: Record<string, number>;
  /** What is left of each thing that it owes, oldest first; a store keeps 500 of them. */
  debts: { order: string; entry: string; currency: string; left: number }[];
  /** What it owes beyond them, by currency: it is paid first, and no order hears of it. */
  unlisted: Record<string, number>;
  fulfilments: { fulfilment: string; order: string; lines: { line: string; sku: string; quantity: number }[] }[];
  stock: { sku: string; onHand: number; reserved: number; available: number }[];
}

export interface ReturnView {
  return: string;
  revision: number;
  state: string;
  order: string;
  by: 'store' | 'mail';
  /** The order that it pays for. */
  exchange?: string;
  lines: {
    line: string;
    sku: string;
    reason?: string;
    declared: number;
    received: number;
    accepted: number;
    rejected: number;
    handedBack: number;
    /** Rejected units that the customer has not got back yet. */
    toHandBack: number;
  }[];
  store?: string;
}

export interface StockView {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
  /** Of a closed store nothing is available. */
  stores: { store: string; onHand: number; reserved: number; available: number; closed?: true }[];
}
