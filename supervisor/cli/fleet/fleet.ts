/**
 * What `tillwire up` runs: an embedded nats-server, unless one is joined, and node processes, supervised one for one.
 *
 * F1 Nodes are drained before the server is stopped, whatever ends the fleet.
 * F2 A node that ends before the fleet ever served ends it: what keeps it from starting is on stderr, and won't go away.
 * F3 An end takes 30 s at most, whatever stands still: nodes together 15, then the server 15. What is waited for is said.
 * F4 What keeps failing ends the fleet, for an orchestrator to start it again.
 * F5 In a hurry all are killed, and none is left.
 */
import type { Logger } from 'pino';
import { CLOCK } from '../../clock.ts';
import type { Say } from '../../embedded/github-release.ts';
import { obtainNatsServer } from '../../embedded/obtain-nats-server.ts';
import { type StartPart, Supervisor } from '../../node/supervise.ts';
import { nodeName } from '../node-name.ts';
import { startNodeProcess } from './node-process.ts';
import { type KeptServer, openServer } from './server-process.ts';
import type { StopRequest } from './stop-request.ts';

export interface FleetOptions {
  nodes: number;
  /** Joins this server instead of starting one. */
  natsUrl?: string;
  /** Of the embedded server. */
  port: number;
  dataDir: string;
  /** Passed on to each node. */
  nodeArgs: readonly string[];
  log: Logger;
  /** What its user should know at once: that a server is fetched. */
  say: Say;
  stop: Pick<StopRequest, 'stopping' | 'hurry'>;
}

export interface Fleet {
  natsUrl: string;
  /** Process ids of the nodes that run now. */
  pids(): number[];
  /** Resolves when all nodes serve; never when the fleet ends before. */
  ready: Promise<void>;
  /** Resolves when the fleet can't go on. */
  broken: Promise<Error>;
  stop(): Promise<void>;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const server = options.natsUrl === undefined ? await openEmbedded(options) : undefined;
  const fleet = new RunningFleet(options, server);
  await fleet.start();
  return fleet;
}

async function openEmbedded({ port, dataDir, log, say, stop }: FleetOptions): Promise<KeptServer> {
  const { binary, version } = await obtainNatsServer(say, { signal: stop.stopping });
  stop.stopping.throwIfAborted();
  const ends = { killedBy: stop.hurry, stoppedBy: stop.stopping };
  const options = { binary, port, storeDir: dataDir, syncInterval: 'always', ...ends };
  const server = await openServer(options, log);
  log.info({ nats: server.url, version, data: dataDir }, 'nats-server serves');
  return server;
}

const SERVER = 'nats-server';

class RunningFleet implements Fleet {
  readonly natsUrl: string;
  readonly ready: Promise<void>;
  readonly broken: Promise<Error>;
  private readonly options: FleetOptions;
  private readonly server: KeptServer | undefined;
  private readonly supervisor: Supervisor;
  private readonly processes = new Map<string, number>();
  private readonly unready: Set<string>;
  private serves = (): void => undefined;
  private breaks: (error: Error) => void = () => undefined;

  constructor(options: FleetOptions, server: KeptServer | undefined) {
    const { log, nodes, natsUrl } = options;
    this.options = options;
    this.server = server;
    this.natsUrl = natsUrl ?? server?.url ?? '';
    this.ready = new Promise((settle) => {
      this.serves = settle;
    });
    this.broken = new Promise((settle) => {
      this.breaks = settle;
    });
    this.unready = new Set(nodeIds(nodes, natsUrl !== undefined));
    this.supervisor = new Supervisor({
      now: CLOCK.elapsed,
      random: Math.random,
      after: CLOCK.after,
      log,
      escalate: (part, error) => this.breaks(new Error(`${part} keeps failing: ${error.message}`)),
    });
  }

  async start(): Promise<void> {
    if (this.server) await this.supervisor.add(SERVER, this.server.start);
    for (const id of [...this.unready]) await this.supervisor.add(id, this.node(id));
  }

  pids(): number[] {
    return [...this.processes.values()];
  }

  /** All nodes at once; the server outlives them. */
  async stop(): Promise<void> {
    const nodes = this.supervisor.names.filter((name) => name !== SERVER);
    await Promise.all(nodes.map((name) => this.supervisor.remove(name)));
    await this.supervisor.stop();
  }

  private node(id: string): StartPart {
    return async (failed) => {
      const { log, stop } = this.options;
      const events = {
        ready: () => this.noteReady(id),
        failed: (error: Error) => {
          this.processes.delete(id);
          if (this.unready.has(id)) this.breaks(new Error(`${error.message} before it served`));
          else failed(error);
        },
      };
      const node = { name: id, natsUrl: this.natsUrl, args: this.nodeArgs(id), killedBy: stop.hurry };
      const started = await startNodeProcess(node, events, log);
      this.processes.set(id, started.pid);
      return started;
    };
  }

  private nodeArgs(id: string): string[] {
    const monitor = this.server ? ['--monitor', this.server.monitorUrl()] : [];
    return ['--id', id, ...monitor, ...this.options.nodeArgs];
  }

  private noteReady(id: string): void {
    this.options.log.info({ node: id, process: this.processes.get(id) }, 'node serves');
    this.unready.delete(id);
    if (this.unready.size === 0) this.serves();
  }
}

/** Several machines may join one server: their nodes need names of their own. */
function nodeIds(nodes: number, joins: boolean): string[] {
  const prefix = joins ? nodeName() : 'node';
  return Array.from({ length: nodes }, (_, index) => `${prefix}-${index + 1}`);
}
