/**
 * What an order remembers: plain data, stored as it is.
 *
 * `items` is what was bought: frozen at placement, with the amounts. `lines` is how far each has come; both have the same
 * positions, and everything inside the record names a line by its position (ids are the customer's words, not safe as keys).
 */
import type { Draft } from 'mutative';
import type { Capability } from '../../protocols/capability.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import type { FrozenRule, RuleBook } from '../../protocols/commission.ts';
import type { StoreTerms } from '../../protocols/sourcing.ts';
import type { Attention, FulfilmentState, LedgerKind, LedgerState, PaymentRequest } from '../../protocols/views.ts';
import type { ChartRecord } from '../chart.ts';
import type { Clearing, Period } from './payout/waiting-payouts.ts';
import type { ExpiryPolicy, PayoutPolicy } from './policies.ts';
import type { AwaitedExchange, Exchange } from './returns/exchange.ts';
import type { Handling, KeptFee, Taker } from './returns/handling.ts';
import type { Stepped } from './rows/heard.ts';

export const SCHEMA_VERSION = 2;

export interface OrderPolicy {
  /** Gateway accounts that are configured. */
  accounts: readonly string[];
  /** What a method can do at an account, as known now; an order freezes it when it is placed. */
  capabilityOf(account: string, method: string): Capability | undefined;
  methodsOf(account: string): Iterable<string>;
  offerTimeoutMs: number;
  /** Click and collect, from ready on. */
  collectWithinMs: number;
  /** Reserve and collect, from accepted on. */
  reserveForMs: number;
  /** Goods that a store prepares, from accepted on: a person is told when it is over. None: nobody is. */
  readyWithinMs?: number | undefined;
  /** How long what a provider tells of an order is kept, when the order is not there. */
  keepNoticesMs: number;
  /** A return waits so long for the order that it pays for, and an order for its return. */
  exchangeWithinMs: number;
  /** The whole shipping fee goes with the first capture that is made, or a part with each, by the value of its goods. */
  shipping: 'first-ready' | 'pro-rata';
  /** Which tender gets a refund: the last that was drawn first (the default), the first, or each its part. */
  refundsTo?: 'reverse' | 'same-as-drawn' | 'proportional';
  /** What becomes of a refund that fails: a person is asked (the default), or another tender is refunded, once. */
  refundFailure?: 'ask' | 'next-tender';
  /** What is done when an authorisation ends before its goods are ready (expiry.ts has the default). */
  expiry?: ExpiryPolicy;
  /** When franchises get their share, where their own terms say nothing; `at-capture` is the default. */
  payout?: PayoutPolicy;
  /** Commission rules; a version that was known once stays known. None: every store's own commission holds. */
  ruleBook?: () => RuleBook;
}

type Mode = 'ship' | 'click-and-collect' | 'reserve-and-collect';

export interface OrderRecord extends ChartRecord {
  readonly v: typeof SCHEMA_VERSION;
  readonly channel: string;
  readonly currency: string;
  readonly placedAt: string;
  /** When the command was stored, RFC 3339. */
  readonly takenAt?: string;
  /** The version of the commission rules that it is under. */
  readonly rules?: string;
  /** The store that sold it, whoever prepares it. */
  readonly soldBy?: string;
  readonly mode: Mode;
  readonly collectAt?: string;
  readonly destination?: { readonly country: string; readonly latitude?: number; readonly longitude?: number };
  /** Gross of lines and shipping: what the customer owes. */
  readonly total: number;
  /** Gross of the shipping fee. */
  readonly shipping: number;
  readonly shippingTax: number;
  /** Frozen at placement; none: `first-ready`. */
  readonly shippingPolicy?: 'pro-rata';
  /** Neither is there on what was placed before orders kept it. */
  readonly shippingTaxRate?: string;
  readonly taxExcluded?: true;
  /** In the order in which they are drawn; empty for reserve-and-collect: the till is paid. */
  readonly tenders: readonly Tender[];
  readonly held: boolean;
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
  /** `<order>-<n>` is at position n − 1. */
  readonly fulfilments: readonly Fulfilment[];
  /** Grows only: pieces and obligations name entries by position. */
  readonly ledger: readonly Entry[];
  /** Money owed to the customer, each executed by one refund. */
  readonly obligations: readonly Obligation[];
  readonly returns: readonly OpenReturn[];
  /** The return that pays for some of it. */
  readonly exchange?: AwaitedExchange;
  /** Orders that its returns pay for, one a return. */
  readonly exchanges?: readonly Exchange[];
  /** Units that stores took back for others. */
  readonly handlings?: readonly Handling[];
  /** Stores that took goods back without having said their terms before. */
  readonly takers?: readonly Taker[];
  /** Stores that were heard to owe headquarters something: payouts to them are cleared first. */
  readonly owing?: readonly string[];
  /** Stores whose share waits for the end of a period. */
  readonly periods?: readonly Period[];
  /** Payouts that wait for the word of their store. */
  readonly clearings?: readonly Clearing[];
  /** How often a store was asked: each time has its own key. */
  readonly cleared?: number;
  /** Stores without an account at the gateway that a person pays by other ways. */
  readonly paidApart?: readonly string[];
  /** Its rows of the report are still to be said: it is older than they are. */
  readonly unreported?: true;
  /** Some of its goods cost what the scales said, not what was planned. */
  readonly weighed?: true;
  /** What the provider told of that no entry fits yet. */
  readonly notices?: readonly Notice[];
  /** Why each plan chose its stores. */
  readonly sourcing: readonly string[];
  readonly paymentRequests?: readonly PaymentRequest[];
  /** Why money is taken when it is, or is not yet: `A1-1, A1-2: …`. */
  readonly capturing?: readonly string[];
  readonly attention: readonly Attention[];
}

/** What a provider told by itself. `account`: whose word it is; none where ops said it. */
export type Notice = OrderCommands['notify'] & { readonly account?: string };

export interface Tender {
  readonly account: string;
  readonly method: string;
  readonly transaction: string;
  /** Minor units. */
  readonly authorised: number;
  readonly authorisedAt: string;
  readonly captureBefore?: string;
  /** The method took everything when it was authorised: there is nothing to capture or void, only to refund. */
  readonly settled: boolean;
  readonly initiator: 'customer' | 'merchant';
  /** Frozen when it was authorised. */
  readonly capability: Capability;
  /** What the provider stored to authorise again without the customer. */
  readonly credential?: string;
  /** The order, and the refund in its ledger, that it was exchanged with. */
  readonly exchanged?: { readonly order: string; readonly entry: string };
  /** It was paid at a till, for the other order: no gateway gives it back. */
  readonly till?: true;
  /** How near its end has come, as its timer told. */
  readonly expiry?: 'warned' | 'ending' | 'over';
  /** Position of the tender whose rest this one authorises again. */
  readonly replaces?: number;
  /** The request that the customer paid with it. */
  readonly request?: string;
}

export interface Item {
  readonly line: string;
  readonly sku: string;
  readonly name?: string;
  readonly category?: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly taxRate: string;
  readonly gross: number;
  readonly net: number;
  readonly tax: number;
  readonly discountShare: number;
  /** The only store that may fulfil it. */
  readonly pin?: string;
}

/**
 * Units of a line. Money takes them from the bottom (`taken`), cancellations before that come off the top (`dropped`), so
 * that every unit has its own amount and nobody has to agree on whose unit it was.
 */
export interface Line {
  /** Neither assigned nor cancelled: sourcing is asked, or will be when the order is released. */
  readonly waiting: number;
  readonly taken: number;
  readonly dropped: number;
  /** Dropped ones and those cancelled after money took them. */
  readonly cancelled: number;
  readonly handedOver: number;
  readonly declared: number;
  readonly returned: number;
  /** Goodwill on units that are still held, minor units: what a later return of them does not give again. */
  readonly goodwill: number;
  /** Stores that are not asked again. */
  readonly excluded: readonly string[];
}

export interface Fulfilment {
  readonly id: string;
  readonly store: string;
  readonly state: FulfilmentState;
  /** Frozen when the store reserves; until then nobody can work on it. */
  readonly terms?: StoreTerms;
  /** The rule that gives the store the shipping fee. */
  readonly shipping?: FrozenRule;
  readonly lines: readonly FulfilmentLine[];
  /** Position in the sequence of hand-overs of this order. */
  readonly handOver?: number;
  /** Not there on what left before orders knew it. */
  readonly handedOverAt?: string;
  readonly carrier?: string;
  readonly tracking?: string;
}

export interface FulfilmentLine {
  readonly line: number;
  /** What the store was asked for. */
  readonly asked: number;
  /** What of it is still to be done, or was done. */
  readonly quantity: number;
  readonly ready: number;
  /** Frozen when the store reserves; where none matched, the commission of `terms` holds. */
  readonly rule?: FrozenRule;
  /** Units whose reservation ran out before anybody paid for them at the till. */
  readonly expired?: number;
  /** Of ready units without money on them: what the scales said. */
  readonly weighed?: Weighed;
  /** Units with money on them, oldest first. */
  readonly pieces: readonly Piece[];
}

export interface Weighed {
  readonly quantity: number;
  /** Minor units. */
  readonly gross: number;
}

/** Neighbouring units of a line, and the ledger entry that brought their money. */
export interface Piece {
  readonly quantity: number;
  readonly gross: number;
  readonly tax: number;
  /** Position of the lead entry; undefined when they cost nothing. */
  readonly entry?: number;
}

export interface Entry extends Stepped {
  readonly key: string;
  readonly kind: LedgerKind;
  readonly amount: number;
  readonly state: LedgerState;
  readonly fulfilment?: string;
  /** Captures of several fulfilments together. */
  readonly fulfilments?: readonly string[];
  /** `customer`, or the store whose money it is. */
  readonly party: string;
  /** Position of the tender that it draws on or gives back to; of stores' money: whose account and transaction it goes through. */
  readonly tender?: number;
  /** Where a till was paid: the gateway account that was asked. Not on what is older than entries that keep it. */
  readonly account?: string;
  /** Stores' money: their own account, which gets a payout and gives it back. Not on what is older than entries that keep it. */
  readonly payoutAccount?: string;
  /** Position of the lead entry: entries that pay (or give back) the same units together. */
  readonly with?: number;
  /** Captures: money that came before the goods were ready. Units draw on all prepayments together. */
  readonly prepayment?: true;
  /** Captures: what the units cost beyond the entries, drawn on prepayments. */
  readonly prepaid?: number;
  /** Captures: what of the amount is the shipping fee. */
  readonly shipping?: number;
  /** Captures of orders whose fee is taken pro rata, and prepayments: whose goods brought it. */
  readonly shippingOf?: readonly FeePart[];
  /** Captures: what of the amount nobody asked for, as the method can only be captured whole. */
  readonly excess?: number;
  /** Leads: what an amount step left out of it, minor units; negative where it moves what others left out. */
  readonly transit?: number;
  /** Captures: it could not leave before its authorisation ended. */
  readonly lapsed?: true;
  /** Voids: the provider released it by itself. */
  readonly released?: true;
  /** Refunds: the captures that they draw from. */
  readonly against?: readonly { readonly entry: string; readonly amount: number }[];
  readonly return?: string;
  /** The other order of an exchange: no gateway is asked. */
  readonly exchange?: string;
  /** Reversals and receivables: key of the failed reversal whose place they take. */
  readonly instead?: string;
  /** Reversals that failed: what the store's account has, where the provider says so. */
  readonly available?: number;
  /** Receivables: the store has paid it, with payouts that it did not get. */
  readonly collected?: true;
  readonly gatewayReference?: string;
  /** When it was reserved. */
  readonly at: string;
  /** The gateway's time of the news that `state` tells. */
  readonly toldAt?: string;
  /** Position of the first entry that asked for the same: it failed. */
  readonly retries?: number;
  /** It failed, and nothing is owed under it: it was asked for again, or another entry that asked for the same moved. */
  readonly replaced?: true;
  /** Refunds: headquarters pays it in another way than through a gateway. It is failed until a person did. */
  readonly outside?: true;
  /** Captures that were replaced: the fee of the lead before, and what of it others had taken, which they need not bring. */
  readonly feeBefore?: { readonly shipping: number; readonly taken?: number; readonly shippingOf?: readonly FeePart[] };
  /** Captures that surely failed: the customer is asked to pay in its place. */
  readonly fromCustomer?: true;
  /** It failed late, and a person found that it will never move. */
  readonly surelyFailed?: true;
  /** The gateway asks the provider no more: a person has to look it up. */
  readonly givenUp?: true;
}

export interface FeePart {
  /** Position. */
  readonly fulfilment: number;
  readonly amount: number;
}

/** Units that money gave back, and the position of the fulfilment that they came from: it tells whose share they were, by which rule. */
export interface GivenBack extends Piece {
  readonly line: number;
  readonly fulfilment: number;
  /** What of its gross is not paid again, as goodwill paid it before. */
  readonly absorbed?: number;
}

/** Goodwill on a fulfilment's part of a line. */
export interface Allowance {
  readonly line: number;
  readonly fulfilment: number;
  readonly amount: number;
}

export interface Obligation {
  readonly cause: 'cancelled' | 'undelivered' | 'claim' | 'goodwill';
  /** What the customer gets. */
  readonly amount: number;
  /** What of it is shipping. */
  readonly shipping: number;
  readonly pieces: readonly GivenBack[];
  readonly allowances: readonly Allowance[];
  /** What `amount` is less for, as far as the refund is worth it. */
  readonly fees?: readonly KeptFee[];
  readonly return?: string;
  /** Why, in the words of who asked for it: of a line (its position) that came back, or of all of it. */
  readonly reasons?: readonly { readonly line?: number; readonly reason: string }[];
  /** Position of the only tender that it can go back to: it took more than was asked of it. */
  readonly tender?: number;
  /** The store that took the goods back, and pays it out at its till. */
  readonly till?: string;
  /** The store that took goods back that came by mail: no customer stands at its till. */
  readonly takenBackBy?: string;
  /** Position of the refund that executes it; of the lead where several tenders are refunded. */
  readonly entry?: number;
  /** Nothing to pay: it is done without a refund. */
  readonly done?: boolean;
}

export interface OpenReturn {
  readonly return: string;
  /** Numbers of the claims that were applied. */
  readonly claims: readonly number[];
  /** Of fees: what the refunds so far were not worth, minor units. It is kept from the next ones. */
  readonly feeDue?: number;
  /** In the order in which they were declared, those that left first before the others. */
  readonly lines: readonly DeclaredUnits[];
}

/** Units of a line that left with a fulfilment, and are not decided yet. */
export interface DeclaredUnits {
  readonly line: number;
  readonly fulfilment: number;
  readonly declared: number;
}

export type Working = Draft<OrderRecord>;

/** Position of each line id; `items` never changes, so one index serves an order for as long as it is in memory. */
const indexes = new WeakMap<readonly Item[], Map<string, number>>();

export function positionOf(record: OrderRecord, line: string): number | undefined {
  let index = indexes.get(record.items);
  if (!index) {
    index = new Map(record.items.map((item, position) => [item.line, position]));
    indexes.set(record.items, index);
  }
  return index.get(line);
}

/** For positions that come from the record itself: anything else is a defect. */
export function at<T>(list: readonly T[], position: number): T {
  const found = list[position];
  if (found === undefined) throw new Error(`nothing at ${position} of ${list.length}`);
  return found;
}

export function fulfilmentAt(record: OrderRecord, id: string): number {
  const position = record.fulfilments.findIndex((fulfilment) => fulfilment.id === id);
  if (position < 0) throw new Error(`order ${record.id} has no fulfilment ${id}`);
  return position;
}

export function isOpen(fulfilment: Pick<Fulfilment, 'state'>): boolean {
  return fulfilment.state === 'offered' || fulfilment.state === 'accepted' || fulfilment.state === 'ready';
}

export { instantOf as instant } from '../../protocols/instant.ts';
