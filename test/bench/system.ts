/** What is measured: a nats-server with a store of its own, one node, and the publisher, each a process. */
import { type Connection, openConnection } from '../../supervisor/nats/connection.ts';
import { startMeasuredNode } from '../fixture/measured-node.ts';
import { startMeasuredServer } from '../fixture/measured-server.ts';
import type { RealServer } from '../fixture/real-server.ts';
import { startEcho } from './echo-process.ts';
import { PAYMENT_ACCOUNT } from './network.ts';
import type { BenchOptions } from './options.ts';
import { type PublisherProcess, startPublisher } from './publisher-process.ts';

export interface ServerUnderTest {
  server: RealServer;
  connection: Connection;
  publisher: PublisherProcess;
  stop(): Promise<void>;
}

export interface SystemUnderTest extends ServerUnderTest {
  nodePid: number;
}

export async function startServer(sync: BenchOptions['sync']): Promise<ServerUnderTest> {
  // 2m is the server's own default.
  const server = await startMeasuredServer({ syncInterval: sync === 'always' ? 'always' : '2m' });
  const connection = await openConnection({ servers: server.url, name: 'bench' });
  const publisher = await startPublisher(server.url);
  return {
    server,
    connection,
    publisher,
    async stop() {
      await publisher.stop();
      await connection.drain();
      await server.remove();
    },
  };
}

/** `execArgv`: of the node's process. */
export async function startSystem(
  sync: BenchOptions['sync'],
  execArgv: readonly string[] = [],
): Promise<SystemUnderTest> {
  const underTest = await startServer(sync);
  const node = await startMeasuredNode(underTest.server, PAYMENT_ACCOUNT, { execArgv });
  const echo = await startEcho(underTest.server.url);
  const stop = async (): Promise<void> => {
    await echo.stop();
    await node.stop();
    await underTest.stop();
  };
  try {
    await node.ready;
    await underTest.publisher.ask('openStores');
    return { ...underTest, nodePid: node.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
