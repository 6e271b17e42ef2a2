/** What is measured: a nats-server with a store of its own, one node, and the publisher, each a process. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Connection, openConnection } from '../../supervisor/nats/connection.ts';
import { type RealServer, startRealServer } from '../fixture/real-server.ts';
import { PAYMENT_ACCOUNT } from './network.ts';
import type { BenchOptions } from './options.ts';
import { type PublisherProcess, startPublisher } from './publisher-process.ts';

const PROGRAM = fileURLToPath(new URL('../../supervisor/cli/tillwire.js', import.meta.url));

/** The gateway must not be what limits: that it limits is its job, and tested elsewhere. */
const CONFIG = {
  gateway: {
    accounts: { [PAYMENT_ACCOUNT]: { requestsPerSecond: 100_000, burst: 100_000, concurrency: 10_000 } },
  },
};

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
  const server = await startRealServer({ syncInterval: sync === 'always' ? 'always' : '2m' });
  const abandon = (): void => removeAtOnce(server);
  process.once('exit', abandon);
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
      process.off('exit', abandon);
    },
  };
}

/** For a bench that is interrupted or fails: the server is in a process group of its own, and would outlive it. */
function removeAtOnce({ pid, storeDir }: RealServer): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
  rmSync(storeDir, { recursive: true, force: true });
}

/** `execArgv`: of the node's process. */
export async function startSystem(
  sync: BenchOptions['sync'],
  execArgv: readonly string[] = [],
): Promise<SystemUnderTest> {
  const underTest = await startServer(sync);
  const node = await startNode(underTest.server, execArgv);
  const stop = async (): Promise<void> => {
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

interface NodeUnderTest {
  pid: number;
  ready: Promise<void>;
  stop(): Promise<void>;
}

async function startNode({ url, storeDir }: RealServer, execArgv: readonly string[]): Promise<NodeUnderTest> {
  const config = join(storeDir, 'bench-config.json');
  await writeFile(config, JSON.stringify(CONFIG));
  const args = ['--nats', url, '--id', 'bench-node', '--config', config, '--log-level', 'warn'];
  const child = spawn(process.execPath, [...execArgv, PROGRAM, 'node', ...args], {
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    ready: new Promise((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the node exited with ${code} before it served`)));
    }),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', abandon);
    },
  };
}
