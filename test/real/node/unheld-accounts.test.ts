/** Requests that were made while the configuration had another account: what a node says of them. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import type { GatewayStatus } from '../../../supervisor/gateway/account-status.ts';
import { tellStatus } from '../../../supervisor/nats/account-status.ts';
import { NatsRequestSource } from '../../../supervisor/nats/gateway-source.ts';
import { unheldRequests } from '../../../supervisor/nats/unheld-requests.ts';
import { DEFAULT_ACCOUNTS } from '../../../supervisor/node/accounts-config.ts';
import { DEFAULT_CONFIG } from '../../../supervisor/node/config.ts';
import { startNode } from '../../../supervisor/node/node.ts';
import { eventually } from '../../fixture/eventually.ts';
import { useSystem } from '../nats/nats-fixture.ts';

const ACK_WAIT_MS = 60_000;
const system = useSystem();

/** As whoever held it leaves it. */
async function leaveBehind(account: string): Promise<void> {
  const ask = (kind: string, name: string) =>
    system.connection.nats.request(KEY_PREFIX + key.gateway(account, kind, name), '{}');
  for (const name of ['A1', 'A2']) await ask('capture', name);
  await ask('payout-reversal', 'A3');
  const source = new NatsRequestSource(system.connection, account, ACK_WAIT_MS);
  await source.depths();
  await source.close();
}

const unheld = async (...known: string[]) =>
  Object.fromEntries(await unheldRequests(system.connection, new Set(known)));

test('a node says at its start for which accounts requests wait that it does not know', async () => {
  await leaveBehind('main');
  await leaveBehind('shop-payout');
  const told: { level: number; waiting: unknown }[] = [];
  const write = (line: string): void => {
    const entry = JSON.parse(line);
    if ('waiting' in entry) told.push(entry);
  };
  const { url, monitorUrl } = system.server;
  const [[, settings] = []] = DEFAULT_ACCOUNTS;
  const config = { ...DEFAULT_CONFIG, accounts: new Map(settings && [['other', settings]]) };
  const node = await startNode({ id: 'node-1', natsUrl: url, monitor: monitorUrl, config, log: pino({}, { write }) });
  await eventually(() => told.length > 0, { what: 'it is told' });
  await node.stop();
  expect(told).toEqual([expect.objectContaining({ level: 40, waiting: { main: 3, 'shop-payout': 3 } })]);
});

test('an account that is known, or that another node holds, is none of them', async () => {
  await leaveBehind('held');
  expect(await unheld('main', 'shop-payout')).toEqual({ held: 3 });
  expect(await unheld('main', 'shop-payout', 'held')).toEqual({});
  const status = { account: 'held' } as GatewayStatus;
  const mute = tellStatus(system.connection, 'held', async () => status);
  expect(await unheld('main', 'shop-payout')).toEqual({});
  mute();
});
