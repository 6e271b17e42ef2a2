import { createGatewayAccount } from '../../actors/gateway-account/gateway-account.ts';
import { createOrder } from '../../actors/order/order.ts';
import { createReturn } from '../../actors/return/return.ts';
import { storeActor } from '../../actors/store/store.ts';
import type { ActorKind } from '../../protocols/actor.ts';
import { DEFAULT_RETURNS } from '../../supervisor/node/returns-config.ts';
import { ACCOUNT } from './gateway-host.ts';

/** Short, so that forgotten offers run out within a run, and goods that nobody comes for. */
const PATIENCE = { offerTimeoutMs: 15_000, collectWithinMs: 12_000, reserveForMs: 10_000 };

export function actorKinds(): readonly ActorKind[] {
  const order = createOrder({ accounts: [ACCOUNT], ...PATIENCE, shipping: 'first-ready' });
  const account = createGatewayAccount({ accounts: [ACCOUNT] });
  const returned = createReturn(DEFAULT_RETURNS);
  return [order, storeActor, returned, account] as unknown as readonly ActorKind[];
}
