/** What `query.gateway.<account>` answers on any node: what the holder says of itself, nothing while there is none. */
import { noDepths } from '../../actors/gateway/priority.ts';
import type { GatewayStatus, GatewayView } from '../gateway/account-status.ts';
import type { HeardStatuses } from '../nats/account-status.ts';
import type { Accounts } from './accounts-config.ts';
import type { KnownCapabilities } from './known-capabilities.ts';

export async function gatewayView(
  account: string,
  accounts: Accounts,
  capabilities: KnownCapabilities,
  statuses: HeardStatuses,
): Promise<GatewayView | undefined> {
  const settings = accounts.get(account);
  if (!settings) return undefined;
  const { limits, provider } = settings;
  const status = (await statuses.of(account)) ?? unheld(account, limits);
  return { ...status, provider, capabilities: Object.fromEntries(capabilities.methods(account)) };
}

const unheld = (account: string, limits: GatewayStatus['limits']): GatewayStatus => ({
  account,
  limits,
  queue: noDepths(),
  circuit: 'closed',
  inFlight: 0,
  lastErrors: [],
});
