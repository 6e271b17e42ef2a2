import { createGatewayAccount } from '../../actors/gateway-account/gateway-account.ts';
import { createOrder } from '../../actors/order/order.ts';
import { createReturn } from '../../actors/return/return.ts';
import { storeActor } from '../../actors/store/store.ts';
import type { ActorKind } from '../../protocols/actor.ts';
import type { RuleBook } from '../../protocols/commission.ts';
import { KnownCapabilities } from '../../supervisor/node/known-capabilities.ts';
import { DEFAULT_RETURNS } from '../../supervisor/node/returns-config.ts';
import { STEPPED } from './amount-steps.ts';
import { ACCOUNT, GIFT_CARDS } from './gateway-host.ts';
import type { MemoryServer } from './memory-server.ts';
import type { Random } from './random.ts';
import { START } from './world.ts';

const DAY_MS = 24 * 3600_000;
/** Short, so that forgotten offers run out within a run, goods that nobody comes for, and exchanges. */
const EXPIRY = { warnBeforeMs: 4000, actBeforeMs: 2000, maxReauthorisations: 2 };
const PATIENCE = {
  offerTimeoutMs: 15_000,
  collectWithinMs: 12_000,
  keepNoticesMs: 20_000,
  reserveForMs: 10_000,
  exchangeWithinMs: 9000,
};
/** One period ends in the middle of a run, and the next one long after it. */
const PERIOD = { period: 'day', endsAfterMs: (START % DAY_MS) + 30_000 } as const;
const ACCOUNTS = new Map([[ACCOUNT, { provider: 'simulator', methods: STEPPED } as const]]);

/** Policies are the run's: all nodes have the same. */
export function actorKinds(server: MemoryServer, random: Random, rules: RuleBook): readonly ActorKind[] {
  const act = random.pick(['reauthorise', 'reauthorise', 'capture-early', 'release'] as const);
  const refundsTo = random.pick(['reverse', 'reverse', 'same-as-drawn', 'proportional'] as const);
  const refundFailure = random.pick(['ask', 'next-tender'] as const);
  const when = random.pick(['at-capture', 'at-capture', 'at-hand-over', 'by-period'] as const);
  const shipping = random.fork('shipping').pick(['first-ready', 'pro-rata'] as const);
  const methods = storedMethods(server);
  const order = createOrder({
    accounts: [ACCOUNT, GIFT_CARDS],
    ...PATIENCE,
    readyWithinMs: random.fork('ready').chance(0.5) ? 2000 : undefined,
    expiry: { ...EXPIRY, act },
    refundsTo,
    refundFailure,
    payout: { ...PERIOD, when },
    ruleBook: () => rules,
    shipping,
    capabilityOf: (_, method) => methods().get(method),
    methodsOf: () => methods().keys(),
  });
  const returned = createReturn(DEFAULT_RETURNS);
  return [order, storeActor, returned, createGatewayAccount(ACCOUNTS)] as unknown as readonly ActorKind[];
}

/** What payment methods can do, as the account's record says at that moment. */
function storedMethods(server: MemoryServer): () => ReturnType<KnownCapabilities['methods']> {
  const known = new KnownCapabilities(ACCOUNTS);
  let last: Uint8Array | undefined;
  return () => {
    const [record] = server.record('gateway', ACCOUNT);
    if (record && record.bytes !== last) known.learn(ACCOUNT, record.bytes);
    last = record?.bytes;
    return known.methods(ACCOUNT);
  };
}
