/** What is soaked: a nats-server that syncs every write, and one node, each a process of its own, on a store that is removed. */
import { join } from 'node:path';
import { PAYMENT_ACCOUNT } from '../../supervisor/sample/network.ts';
import { type MeasuredNode, startMeasuredNode } from '../fixture/measured-node.ts';
import { startMeasuredServer } from '../fixture/measured-server.ts';
import type { RealServer } from '../fixture/real-server.ts';

export interface SoakedSystem {
  server: RealServer;
  node: MeasuredNode;
  /** In order: the node drains, and leaves its profile where it was asked for one. */
  stop(): Promise<void>;
}

/** `execArgv`: of the node's process. */
export async function startSystem(execArgv: readonly string[]): Promise<SoakedSystem> {
  const server = await startMeasuredServer();
  const node = await startMeasuredNode(server, PAYMENT_ACCOUNT, {
    execArgv,
    nodeArgs: ['--monitor', server.monitorUrl, '--data', join(server.storeDir, 'node')],
  });
  await node.ready;
  return {
    server,
    node,
    async stop() {
      await node.stop();
      await server.remove();
    },
  };
}
