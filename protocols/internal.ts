/** Messages between actors. They never come from outside: `in.…` accepts the names of protocols/commands.ts only. */
import type { Refusal } from './actor.ts';
import type { Capability } from './capability.ts';
import type { GatewayResult } from './gateway.ts';
import type { SourcingPlan, StoreTerms } from './sourcing.ts';

export interface Units {
  line: string;
  quantity: number;
}

export interface SkuUnits extends Units {
  sku: string;
}

/** What the gateway moved for an entry and what the ledger booked, minor units, signed as the account’s balance sees them. */
export interface LedgerDifference {
  account: string;
  order: string;
  entry: string;
  currency: string;
  ledger: number;
  gateway: number;
}

/** name → payload of what an order, or a gateway account, hears of the audit. */
export interface FromAudit {
  /** For longer than news takes; said again when the figures change. */
  'ledger-differs': LedgerDifference;
  'ledger-agrees': LedgerDifference;
}

/** What a return keeps for a reason of the catalogue. */
export interface ReasonFee {
  reason: string;
  /** Minor units. */
  amount: number;
}

/** name → payload of what an order hears from other actors, the gateway and timers. */
export interface ToOrder extends FromAudit {
  sourced: { plan: SourcingPlan };
  /** The store holds the stock; with `accepted` it needs no clerk's word. */
  reserved: { fulfilment: string; accepted: boolean; terms: StoreTerms /** To headquarters. */; owes?: true };
  /** `short`: the lines that the store has too few for; all of them where it takes none. */
  'reserve-refused': { fulfilment: string; reason: string; short?: string[] };
  /** A count found less than was reserved: these units can't come from that store. */
  'stock-lost': { fulfilment: string; lines: Units[] };
  'gateway-result': GatewayResult;
  /** Timer: the period ends in which this store's share became due. */
  'payout-due': { store: string };
  /** A store that owes nothing owes something now: payouts to it are cleared first. */
  'store-owes': { store: string };
  /** Of what it owes, the receivable under this key is paid. */
  'debt-paid': { store: string; key: string };
  /** What of the payout that was asked about pays what the store owes. */
  'payout-cleared': { key: string; store: string; netted: number };
  /** Nobody opened the store that took them: they are on no shelf. */
  'not-restocked': { store: string; return: string; items: { sku: string; quantity: number }[] };
  /** Of a store that took goods back; no terms: nobody opened it. */
  'store-terms': { store: string; terms?: StoreTerms /** To headquarters. */; owes?: true };
  'offer-expired': { fulfilment: string };
  /** Timer: the store that accepted it has not made it ready. */
  'not-ready': { fulfilment: string };
  /** Timers: the customer did not come for ready goods, or for reserved ones. */
  'not-collected': { fulfilment: string };
  'reservation-expired': { fulfilment: string };
  /** Timer: the authorisation of the tender at that position is nearer to its end. */
  'expire-authorisation': { tender: number };
  /** Timer: the order that a provider told of did not come. */
  'notices-unclaimed': Record<string, never>;
  /** A return declares units that were handed over, at most so many days ago. Answered by `declared` or `declare-refused`. */
  declare: { return: string; lines: (Units & { windowDays?: number })[] };
  /** Undecided units of a return will not come. */
  'declare-cancelled': { return: string; lines: Units[] };
  /** Units decided by an inspection: accepted are refunded, rejected go back to the customer. */
  claim: {
    return: string;
    /** Numbered within the return, so that a claim is applied once. */
    claim: number;
    lines: { line: string; accepted: number; rejected: number; reason?: string }[];
    refundShipping: boolean;
    /** Also when nothing of the order is left with the customer. */
    shippingWhenAllReturned?: boolean;
    /** Minor units kept from the refund; and what of it the policy keeps for which reason, where no command said it. */
    fee: number;
    fees?: ReasonFee[];
    /** The store that took the goods, if any. */
    store?: string;
    /** They came by mail: nobody is there whom a till could pay. */
    byMail?: true;
    /** The order that the refund is to pay for. */
    exchange?: string;
  };
  /** An order wants what a return of this one is worth, `amount` of it at most; it may want less later, never more. */
  'exchange-wanted': { order: string; return: string; currency: string; amount: number };
  /** Money of another order's return, which was refunded there under `entry`. */
  'exchange-paid': { return: string; entry: string; tender: Paying };
  /** No more than `amount` comes from the return. */
  'exchange-over': { return: string; amount: number; reason: string };
  /** Timers: the new order was not placed in time, the return's money did not come in time. */
  'exchange-lapsed': { return: string };
  'exchange-overdue': { return: string };
}

/** Money that changes hands without the gateway: under which authorisation it was captured, so that it can be refunded there. */
export interface Paying {
  account: string;
  method: string;
  transaction: string;
  amount: number;
  authorisedAt: string;
  initiator: 'customer' | 'merchant';
  capability: Capability;
  /** It was paid at a till. */
  till?: true;
}

export interface ToStore {
  /** `takenAt`: when the order was placed; the store answers with the terms of then. */
  reserve: { order: string; fulfilment: string; lines: SkuUnits[]; takenAt?: string };
  /** Reserved units that are not wanted any more. */
  release: { fulfilment: string; lines: SkuUnits[] };
  /** Reserved units that are not there: neither reserved nor on hand. */
  short: { fulfilment: string; lines: SkuUnits[] };
  /** Units that left with the customer or the carrier. */
  'hand-over': { fulfilment: string; lines: SkuUnits[] };
  /** Units that left with the customer when they were not reserved any more. */
  'late-hand-over': { fulfilment: string; lines: SkuUnits[] };
  /** It took goods of an order back that may owe it something. Answered by `store-terms`: those of `takenAt`. */
  'tell-terms': { order: string; takenAt?: string };
  /** `order`: who hears of it where nobody opened the store; messages of before it was told have none. */
  restock: { return: string; order?: string; items: { sku: string; quantity: number }[] };
  /** It could not give back this much: a debt to headquarters. `key` is the entry in the order's ledger. */
  owe: { order: string; key: string; amount: number; currency: string };
  /** How much of a payout pays its debt? Answered by `payout-cleared`. */
  'clear-payout': { order: string; key: string; amount: number; currency: string };
}

export interface ToReturn {
  /** The order agrees; skus for restocking, and the stores that sent the units, several where a line left in parts. */
  declared: { lines: (SkuUnits & { store: string })[]; currency?: string /** Of the order. */ };
  'declare-refused': Refusal;
}
