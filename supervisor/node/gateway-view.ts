/** What `query.gateway.<account>` answers on any node: the holder is asked, and says nothing while there is none. */
import { noDepths } from '../../actors/gateway/priority.ts';
import type { GatewayStatus, GatewayView } from '../gateway/account-status.ts';
import { askStatus } from '../nats/account-status.ts';
import type { Connection } from '../nats/connection.ts';
import type { Accounts } from './accounts-config.ts';
import type { KnownCapabilities } from './known-capabilities.ts';

export async function gatewayView(
  account: string,
  accounts: Accounts,
  capabilities: KnownCapabilities,
  connection: Connection,
): Promise<GatewayView | undefined> {
  const settings = accounts.get(account);
  if (!settings) return undefined;
  const { limits, provider } = settings;
  const status = (await askStatus(connection, account)) ?? unheld(account, limits);
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
