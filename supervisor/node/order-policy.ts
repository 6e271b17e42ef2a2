import type { OrderPolicy } from '../../actors/order/record.ts';
import type { Config } from './config.ts';
import type { KnownCapabilities } from './known-capabilities.ts';
import type { KnownRules } from './known-rules.ts';

/** What the orders of a node go by: its configuration, and what is known at the moment that they ask. */
export function orderPolicy(
  {
    accounts,
    offerTimeoutMs,
    collectWithinMs,
    reserveForMs,
    readyWithinMs,
    exchangeWithinMs,
    expiry,
    payout,
    shipping,
    refundsTo,
    refundFailure,
    keepNoticesMs,
  }: Config,
  { rules, capabilities }: { rules: KnownRules; capabilities: KnownCapabilities },
): OrderPolicy {
  return {
    accounts: [...accounts.keys()],
    offerTimeoutMs,
    collectWithinMs,
    reserveForMs,
    readyWithinMs,
    exchangeWithinMs,
    expiry,
    payout,
    refundsTo,
    refundFailure,
    keepNoticesMs,
    shipping,
    ruleBook: () => rules.ruleBook,
    capabilityOf: (account, method) => capabilities.methods(account).get(method),
    methodsOf: (account) => capabilities.methods(account).keys(),
  };
}
