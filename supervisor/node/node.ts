/**
 * One node: a connection and the parts that run on it, supervised one for one.
 *
 * | part | what |
 * |---|---|
 * | store-events | keeps the picture of all stores that sourcing asks |
 * | rules | hears of new versions of the commission rules |
 * | capabilities | hears of what payment methods can do from now on |
 * | turns | the engine, on the partitions that placement gives this node |
 * | queries | answers `query.…` on a thread of its own, from committed records |
 * | presence | announces this node and watches the others; each change places partitions and accounts anew |
 * | account-… | one for each gateway account that is placed here |
 * | unheld-accounts | tells of requests for accounts that are not configured; the node can do without it |
 * | report | the report to the ERP, where it is placed here; the node can do without it |
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createGatewayAccount } from '../../actors/gateway-account/gateway-account.ts';
import { createOrder } from '../../actors/order/order.ts';
import { createReturn } from '../../actors/return/return.ts';
import { storeActor } from '../../actors/store/store.ts';
import manifest from '../../package.json' with { type: 'json' };
import { partitionOf } from '../../protocols/partition.ts';
import { CLOCK } from '../clock.ts';
import type { Simulator } from '../gateway/simulator.ts';
import { AccountRecords } from '../nats/account-records.ts';
import { NatsBucket } from '../nats/bucket.ts';
import { type Connection, openConnection } from '../nats/connection.ts';
import { NatsLog } from '../nats/log.ts';
import { Presence } from '../nats/presence.ts';
import { StoredResultSink } from '../nats/result-sink.ts';
import { RuleVersions } from '../nats/rule-versions.ts';
import type { Durability } from '../nats/server-check.ts';
import { NatsSimulatorLog } from '../nats/simulator-log.ts';
import { StoreSource } from '../nats/store-source.ts';
import { ensureStreams } from '../nats/streams.ts';
import { unheldRequests } from '../nats/unheld-requests.ts';
import { Engine } from '../turn/engine.ts';
import type { TurnListener, TurnReport } from '../turn/ports.ts';
import { holdAccount } from './account-holder.ts';
import { AccountSimulators } from './account-simulators.ts';
import { holdAudit } from './audit-holder.ts';
import { Backoff } from './backoff.ts';
import type { Config } from './config.ts';
import { KnownCapabilities } from './known-capabilities.ts';
import { KnownRules } from './known-rules.ts';
import { NodeSourcing } from './node-sourcing.ts';
import { opening } from './opened.ts';
import { orderPolicy } from './order-policy.ts';
import { Outage } from './outage.ts';
import { Ownership } from './ownership.ts';
import { type PlacedPart, PlacedParts } from './placed-parts.ts';
import { startQueryThread } from './query-thread.ts';
import { type Part, Supervisor } from './supervise.ts';
import type { NodeAnswers } from './thread-messages.ts';
import { TurnSink } from './turn-sink.ts';
import { tellUnheld } from './unheld-accounts.ts';

export interface NodeOptions {
  id: string;
  natsUrl: string;
  config: Config;
  log: Logger;
  /** What it keeps for itself: the report. */
  dataDir?: string;
  /** Monitoring address of the server: tells whether it syncs each write. */
  monitor?: string;
  /** Goes on with a server that may lose acknowledged writes in a power failure. */
  allowUnsynced?: boolean;
  /** Aborted, a start is given up where it is: it rejects. */
  stopping?: AbortSignal;
  /** The process is this node's alone: its other threads give way to the one that answers queries. */
  queriesFirst?: boolean;
}

export interface RunningNode {
  /** Resolves when the partitions are placed and owned, and queries are answered. */
  ready: Promise<void>;
  /** Resolves with the exit code when the node has ended, for whatever reason. */
  exited: Promise<number>;
  /** Drains: finishes the turn under way, hands its partitions over, leaves. */
  stop(): Promise<void>;
}

const EXIT_DONE = 0;
const EXIT_ESCALATED = 1;

/** Of a server that runs on a busy machine. */
const MONITOR_WITHIN_MS = 30_000;

export function startNode(options: NodeOptions): Promise<RunningNode> {
  return opening(async (opened) => {
    const connection = await openConnection({ servers: options.natsUrl, name: options.id });
    opened.push(() => connection.drain());
    const { partitions, replicas } = options.config;
    const streams = await ensureStreams(connection, { partitions, replicas, ...durability(options) });
    const rules = new KnownRules();
    await rules.open(new RuleVersions(connection), options.config.commission);
    const capabilities = new KnownCapabilities(options.config.accounts);
    await new AccountRecords(connection).stored(capabilities.learn);
    const commits = await openConnection({ servers: options.natsUrl, name: `${options.id}-commits` });
    opened.push(() => commits.drain());
    options.stopping?.throwIfAborted();
    const node = new Node(options, { connection, commits, rules, capabilities }, streams.partitions);
    return node.start();
  });
}

/** A server that says that it does not sync is refused; one that nobody can ask is used, and that is said. */
function durability({ monitor, allowUnsynced, log, stopping = new AbortController().signal }: NodeOptions): Durability {
  if (monitor === undefined || allowUnsynced) {
    log.warn('not checked whether nats-server runs with sync_interval: always (give its monitoring address to check)');
    return { allowUnsyncedServer: true };
  }
  const waits = (address: string, reason: string): void => {
    const seconds = MONITOR_WITHIN_MS / 1000;
    log.warn(
      { monitor: address, reason },
      `the monitoring address does not answer: it is asked again for ${seconds} s`,
    );
  };
  return { monitors: [monitor], patience: { forMs: MONITOR_WITHIN_MS, waits, stopping } };
}

interface Opened {
  connection: Connection;
  commits: Connection;
  rules: KnownRules;
  capabilities: KnownCapabilities;
}

class Node {
  private readonly options: NodeOptions;
  private readonly connection: Connection;
  private readonly commits: Connection;
  private readonly rules: KnownRules;
  private readonly capabilities: KnownCapabilities;
  private readonly partitions: number;
  /** Unique for each start: names batches. */
  private readonly run: string;
  private readonly bucket: NatsBucket;
  private readonly sourcing: NodeSourcing;
  private readonly supervisor: Supervisor;
  private readonly ownership: Ownership;
  private readonly placedHere: PlacedParts;
  private readonly simulators: AccountSimulators;
  private engine: Engine | undefined;
  private presence: Presence | undefined;
  private live: readonly string[] = [];
  private ending: Promise<void> | undefined;
  private exit: (code: number) => void = () => undefined;

  constructor(options: NodeOptions, { connection, commits, rules, capabilities }: Opened, partitions: number) {
    this.options = options;
    this.connection = connection;
    this.commits = commits;
    this.rules = rules;
    this.capabilities = capabilities;
    this.partitions = partitions;
    this.run = `${Date.now().toString(36)}${Math.floor(Math.random() * 36 ** 4).toString(36)}`;
    this.bucket = new NatsBucket(connection, commits);
    this.sourcing = new NodeSourcing(new StoreSource(connection), (store) => this.runs('store', store));
    this.simulators = new AccountSimulators((account) => new NatsSimulatorLog(connection, account));
    const world = {
      now: CLOCK.elapsed,
      random: Math.random,
      after: CLOCK.after,
      log: options.log,
      escalate: (part: string, error: Error) => void this.end(EXIT_ESCALATED, `${part}: ${error.message}`),
    };
    this.supervisor = new Supervisor(world);
    this.ownership = new Ownership(options.id, partitions, world);
    this.placedHere = new PlacedParts(options.id, this.supervisor, this.placedParts());
  }

  start(): RunningNode {
    const exited = new Promise<number>((resolve) => {
      this.exit = resolve;
    });
    const ready = this.startParts();
    ready.catch((error: Error) => void this.end(EXIT_ESCALATED, error.message));
    return { ready, exited, stop: () => this.end(EXIT_DONE, 'asked to stop') };
  }

  private async startParts(): Promise<void> {
    this.watchConnection();
    await this.supervisor.add('store-events', (failed) => this.sourcing.follow(failed));
    await this.supervisor.add('rules', (failed) => this.followRules(failed));
    await this.supervisor.add('capabilities', (failed) => this.followCapabilities(failed));
    await this.supervisor.add('turns', (failed) => this.startTurns(failed));
    await this.supervisor.add('queries', (failed) => this.startQueries(failed));
    await this.supervisor.add('presence', (failed) => this.startPresence(failed));
    await this.ownership.settled();
    await this.placedHere.settled();
    await this.supervisor.add('unheld-accounts', async () => this.tellUnheld(), { essential: false });
  }

  /** A server that is away is waited for; a connection that breaks again and again is this node's own trouble. */
  private watchConnection(): void {
    const breaks = new Backoff();
    this.connection.onDisconnect(() => {
      if (breaks.failed(CLOCK.elapsed(), 0) !== 'give-up') return;
      void this.end(EXIT_ESCALATED, 'the connection to the server keeps breaking');
    });
  }

  private followRules(failed: (error: Error) => void): Promise<Part> {
    return new RuleVersions(this.connection).follow((version) => this.rules.learn(version), failed);
  }

  private followCapabilities(failed: (error: Error) => void): Promise<Part> {
    return new AccountRecords(this.connection).follow(this.capabilities.learn, failed);
  }

  private runs(entity: string, id: string): boolean {
    return this.engine?.owns(partitionOf(entity, id, this.partitions)) ?? false;
  }

  private get accounts(): string[] {
    return [...this.options.config.accounts.keys()];
  }

  private order() {
    const { rules, capabilities } = this;
    return createOrder(orderPolicy(this.options.config, { rules, capabilities }));
  }

  private returned() {
    return createReturn(this.options.config.returns);
  }

  private async startTurns(failed: (error: Error) => void): Promise<Part> {
    const { id, config } = this.options;
    const kinds = [this.order(), storeActor, this.returned(), createGatewayAccount(config.accounts)];
    const engine = new Engine(
      { node: id, run: this.run, partitions: this.partitions, cache: config.cache },
      kinds,
      {
        log: new NatsLog(this.connection, this.partitions),
        bucket: this.bucket,
        sourcing: this.sourcing,
        now: Date.now,
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      },
      this.listener(failed),
    );
    engine.start();
    this.engine = engine;
    this.ownership.hold(engine);
    // Others may have thought this node dead while it had no connection.
    const forget = this.connection.onReconnect(() => void engine.verify().catch(failed));
    return {
      stop: async () => {
        forget();
        this.engine = undefined;
        this.ownership.hold(undefined);
        await engine.stop();
      },
    };
  }

  private listener(failed: (error: Error) => void): TurnListener {
    const { log } = this.options;
    const outage = new Outage(CLOCK.elapsed, log);
    return {
      failed,
      fenced: (partition) => this.lost(partition, new Error('another node moved its cursor')),
      unreadable: (partition, error) => this.lost(partition, error),
      stalled: (error) => outage.stalled(error),
      committed: (report: TurnReport) => {
        outage.over();
        log.debug(report, 'turn');
      },
    };
  }

  private lost(partition: number, error: Error): void {
    if (!this.ending) this.ownership.lost(partition, error);
  }

  private startQueries(failed: (error: Error) => void): Promise<Part> {
    const { id: node, natsUrl, config, queriesFirst: goesFirst = false } = this.options;
    const { connection } = this;
    const answers: NodeAnswers = {
      journal: (account, page) => connection.askedAgain(async () => this.simulator(account)?.journal(page)),
      movements: (account, page) => connection.askedAgain(async () => this.simulator(account)?.movements(page)),
    };
    const { version } = manifest;
    return startQueryThread({ node, natsUrl, version, accounts: config.accounts, goesFirst }, answers, failed);
  }

  private async startPresence(failed: (error: Error) => void): Promise<Part> {
    const presence = new Presence(this.connection, this.options.id);
    this.presence = presence;
    await presence.join((live) => this.viewChanged(live), failed);
    return { stop: async () => presence.stop() };
  }

  private viewChanged(live: readonly string[]): void {
    if (this.ending) return;
    this.live = live;
    this.ownership.viewChanged(live);
    this.placedHere.viewChanged(live);
  }

  private placedParts(): PlacedPart[] {
    const { report } = this.options.config;
    const { dataDir } = this.options;
    const folder = report.folder ?? (dataDir === undefined ? undefined : join(dataDir, 'report'));
    const accounts: PlacedPart[] = this.accounts.map((account) => ({
      name: `account-${account}`,
      start: (failed) => this.startAccount(account, failed),
    }));
    if (folder === undefined) return accounts;
    return [...accounts, { name: 'report', start: (failed) => this.startReport(folder, failed), essential: false }];
  }

  /** Its database is loaded where it is needed only. */
  private async startReport(folder: string, failed: (error: Error) => void): Promise<Part> {
    const { id: node, natsUrl, config, log } = this.options;
    const { holdReport } = await import('./report-holder.ts');
    const isLive = (other: string) => this.live.includes(other);
    const options = { node, natsUrl, version: manifest.version, folder, limits: config.report, log, isLive };
    return holdReport(options, failed);
  }

  private startAccount(account: string, failed: (error: Error) => void): Promise<Part> {
    const settings = this.options.config.accounts.get(account);
    if (!settings) throw new Error(`account ${account} is not configured`);
    const simulator = this.simulators.renewed(account);
    const stored = new StoredResultSink(this.bucket, account, this.partitions, this.run);
    const sink = new TurnSink(account, () => this.engine, stored, Date.now);
    const { id, natsUrl, config } = this.options;
    const name = `${id}-audit-${account}`;
    const audited = { natsUrl, name, clock: CLOCK, simulator, turn: () => this.engine, stored };
    const startAudit = () => holdAudit(account, config.audit, audited);
    const world = { connection: this.connection, clock: CLOCK, random: Math.random, simulator, sink, startAudit };
    return holdAccount(account, settings.limits, world, failed);
  }

  private tellUnheld(): Part {
    const known = new Set(this.accounts);
    return tellUnheld(() => unheldRequests(this.connection, known), CLOCK, this.options.log);
  }

  private simulator(account: string): Simulator | undefined {
    return this.accounts.includes(account) ? this.simulators.of(account) : undefined;
  }

  private end(code: number, reason: string): Promise<void> {
    this.ending ??= this.shutDown(code, reason);
    return this.ending;
  }

  private async leaveIfSilent(): Promise<void> {
    const silent = await Promise.all([this.connection, this.commits].map((connection) => connection.closeIfSilent()));
    if (!silent.includes(true)) return;
    this.options.log.warn('nats-server does not answer: what was not stored is done by whoever comes next');
  }

  /**
   * Partitions are handed over before this node says that it is gone. A call to a provider may take longer: it ends here, and its
   * result is stored, while the next holder of the account makes the others.
   */
  private async shutDown(code: number, reason: string): Promise<void> {
    this.options.log.info({ reason }, 'the node stops');
    this.supervisor.startNothing();
    void this.leaveIfSilent();
    const callsEnded = this.placedHere.stop();
    await this.supervisor.remove('turns');
    // One that is just joining has done so first.
    await this.supervisor.remove('presence');
    await this.presence?.leave();
    await callsEnded;
    await this.ownership.stop();
    await this.supervisor.stop();
    await Promise.all([this.connection.drain(), this.commits.drain()]);
    this.exit(code);
  }
}
