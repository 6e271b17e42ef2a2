/** A node as a process of its own, started as anybody would: only so can it be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RealServer } from '../../fixture/real-server.ts';

const PROGRAM = fileURLToPath(new URL('../../../supervisor/cli/tillwire.js', import.meta.url));

/** The gateway's limits are tested elsewhere; here they would only be slow. */
const CONFIG = { gateway: { accounts: { main: { requestsPerSecond: 5000, burst: 5000, concurrency: 200 } } } };

type Address = Pick<RealServer, 'url' | 'monitorUrl' | 'storeDir'>;

export class NodeProcess {
  readonly id: string;
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private readonly served: Promise<unknown>;
  private said = '';

  private constructor(id: string, child: ChildProcess) {
    this.id = id;
    this.child = child;
    this.exited = once(child, 'exit');
    this.served = once(child, 'message');
    this.served.catch(() => undefined);
    child.stderr?.on('data', (bytes) => {
      this.said = (this.said + bytes).slice(-4000);
    });
  }

  static async start({ url, monitorUrl, storeDir }: Address, id: string, more: object = {}): Promise<NodeProcess> {
    const config = join(storeDir, 'nodes.json');
    await writeFile(config, JSON.stringify({ ...CONFIG, ...more }));
    const args = ['--nats', url, '--monitor', monitorUrl, '--id', id, '--config', config, '--log-level', 'warn'];
    const child = spawn(process.execPath, [PROGRAM, 'node', ...args], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    return new NodeProcess(id, child);
  }

  /** Its last words on stderr. */
  get log(): string {
    return this.said;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it serves. */
  async ready(): Promise<this> {
    await Promise.race([
      this.served,
      this.exited.then(() => Promise.reject(new Error(`node ${this.id} ended before it served: ${this.said}`))),
    ]);
    return this;
  }

  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.running) this.child.kill(signal);
  }

  /** Its exit code; null when a signal ended it. */
  async exit(): Promise<number | null> {
    await this.exited;
    return this.child.exitCode;
  }

  /** For the end of a test: nothing is left running. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    this.signal('SIGCONT');
    await this.exited;
  }
}
