/** Requests to a payment gateway account, and what comes back (money.md, sections 2 to 5). */
import type { CapabilityOverride } from './capability.ts';
import { DAY_MS } from './durations.ts';

/** How long providers keep an idempotency key at least: an older one is never sent. */
export const KEY_AGE_MS = DAY_MS;

/** In order of priority: what ends with an authorisation, then refunds, voids, and money for stores. */
export const GATEWAY_KINDS = ['capture', 'reauthorisation', 'refund', 'void', 'payout', 'payout-reversal'] as const;
export type GatewayKind = (typeof GATEWAY_KINDS)[number];

/**
 * What a provider knows of an authorisation because it made it. Its simulator was not there, and is told with every request about the
 * customer's money.
 */
export interface Authorisation {
  /** Minor units. */
  amount: number;
  /** RFC 3339. */
  at: string;
  /** What its method can do, where that is not what the simulator does by itself. */
  terms?: CapabilityOverride;
}

export interface GatewayRequest {
  /** Idempotency key: the ledger entry that it executes, `<order>-c1`. One business operation, one key, for ever. */
  key: string;
  kind: GatewayKind;
  order: string;
  /** The provider's reference of the authorisation. */
  transaction: string;
  method: string;
  /** Minor units of `currency`, more than zero. */
  amount: number;
  currency: string;
  /** The store whose money it is (payout, payout-reversal), and its account at the gateway. */
  party?: string;
  payoutAccount?: string;
  /** Reauthorisation: what the provider stored to authorise without the customer. */
  credential?: string;
  /** RFC 3339: the provider must not be called after it (captures: `captureBefore`). */
  notAfter?: string;
  /** RFC 3339: when the operation was reserved; a key older than the provider keeps is never sent again. */
  requestedAt: string;
  authorisation?: Authorisation;
  /** W3C traceparent of the command that led to it. */
  trace?: string;
}

/** Delivered to the order as the message `gateway-result`. */
export interface GatewayResult {
  key: string;
  kind: GatewayKind;
  /** `unknown`: no answer, nothing is known yet, another result follows. */
  outcome: 'confirmed' | 'failed' | 'unknown';
  gatewayReference?: string;
  /** With `unknown`: nobody asks the provider any more, a person has to look it up. */
  givenUp?: true;
  /** Reauthorisation: the new authorisation, where it is not the reference itself, and until when it can be captured, RFC 3339. */
  transaction?: string;
  captureBefore?: string;
  /** Kebab-case code of the failure. */
  code?: string;
  reason?: string;
  /** Of a payout reversal that failed: what the store’s account has, minor units, where the provider says so. */
  available?: number;
  /** RFC 3339. */
  at: string;
  /** That of the request. */
  trace?: string;
}
