/** A node that can die at any moment and start again: engine, ownership and gateway part as they are, on memory ports. */
import type { Logger } from 'pino';
import type { ActorKind } from '../../protocols/actor.ts';
import type { GatewayResult } from '../../protocols/gateway.ts';
import { partitionOf } from '../../protocols/partition.ts';
import { key } from '../../protocols/subjects.ts';
import { Ownership } from '../../supervisor/node/ownership.ts';
import { TurnSink } from '../../supervisor/node/turn-sink.ts';
import { Engine } from '../../supervisor/turn/engine.ts';
import { resultName } from '../../supervisor/turn/messages.ts';
import type { Sourcing, TurnListener } from '../../supervisor/turn/ports.ts';
import { ACCOUNT, GatewayHost, type ProviderLog } from './gateway-host.ts';
import type { GatewayQueue } from './gateway-queue.ts';
import { MemoryBucket } from './memory-bucket.ts';
import { MemoryLog } from './memory-log.ts';
import { storedSend } from './memory-server.ts';
import { Life, type World } from './world.ts';

export interface NodeSetup {
  world: World;
  name: string;
  kinds: readonly ActorKind[];
  sourcing(world: World, life: Life, owns: (partition: number) => boolean): Sourcing;
  gateway: { queue: GatewayQueue; log: ProviderLog };
  /** It died; somebody has to notice and start it again. */
  died(node: SimNode): void;
  /** A turn failed for a reason that no fault explains. */
  defect(error: Error): void;
}

const ENGINE_RESTART_MS = 100;
const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {} } as unknown as Logger;

export class SimNode {
  readonly name: string;
  life: Life | undefined;
  private readonly setup: NodeSetup;
  private engine: Engine | undefined;
  private ownership: Ownership | undefined;
  private runs = 0;

  constructor(setup: NodeSetup) {
    this.setup = setup;
    this.name = setup.name;
  }

  start(): void {
    const { world } = this.setup;
    const life = new Life(world);
    this.life = life;
    this.ownership = new Ownership(this.name, world.server.partitions, {
      now: () => world.time.now,
      random: () => world.random.next(),
      after: (ms, run) => life.after(ms, run),
      log: SILENT,
      escalate: (part, error) => this.die(`${part}: ${error.message}`),
    });
    world.say(this.name, 'starts');
    this.startEngine(life);
    new GatewayHost(world, life, this.name, this.setup.gateway, (result, order) => this.tell(life, result, order));
  }

  die(why: string): void {
    const { life } = this;
    if (!life) return;
    life.alive = false;
    this.life = undefined;
    this.engine = undefined;
    this.setup.world.say(this.name, `dies: ${why}`);
    this.setup.died(this);
  }

  /** What placement says, some time after it is true. */
  view(live: readonly string[]): void {
    this.ownership?.viewChanged(live);
  }

  private startEngine(life: Life): void {
    const { world, kinds } = this.setup;
    const run = `${this.name}_${(this.runs++).toString(36)}_`;
    const options = {
      node: this.name,
      run,
      partitions: world.server.partitions,
      // With none, only what a turn under way changed stays: all else is read again.
      cache: { maxActors: world.random.pick([0, 2, 8, 1000]), maxBytes: 1e6 },
      queue: { maxEntries: world.random.pick([1, 4, 512]), maxBytes: 1e6 },
    };
    const owns = (partition: number) => this.engine?.owns(partition) ?? false;
    const ports = {
      log: new MemoryLog(world, life),
      bucket: new MemoryBucket(world, life, this.name, (why) => this.dieIn(life, why)),
      sourcing: this.setup.sourcing(world, life, owns),
      now: () => world.time.now,
      breathe: () => new Promise<void>((resolve) => life.after(world.random.between(0, 2), resolve)),
      pause: (ms: number) => new Promise<void>((resolve) => life.after(ms, resolve)),
    };
    const engine = new Engine(options, kinds, ports, this.listener(life));
    this.engine = engine;
    engine.start();
    this.ownership?.hold(engine);
  }

  private listener(life: Life): TurnListener {
    const { world } = this.setup;
    return {
      fenced: (partition) => {
        if (!life.alive) return;
        world.say(this.name, `lost partition ${partition}`);
        this.ownership?.lost(partition, new Error('fenced'));
      },
      unreadable: (partition, error) => this.ownership?.lost(partition, error),
      failed: (error) => void this.restartEngine(life, error),
      stalled: () => {},
      committed: () => {},
    };
  }

  private async restartEngine(life: Life, error: Error): Promise<void> {
    if (!life.alive) return;
    if (error.message !== 'the store did not answer') this.setup.defect(error);
    this.setup.world.say(this.name, `turn failed: ${error.message}`);
    const { engine } = this;
    this.engine = undefined;
    this.ownership?.hold(undefined);
    await engine?.stop();
    life.after(ENGINE_RESTART_MS, () => this.startEngine(life));
  }

  private dieIn(life: Life, why: string): void {
    if (life.alive) this.die(why);
  }

  /** As a node does it: straight into its turn where it runs the order, else stored. */
  private async tell(life: Life, result: GatewayResult, order: string): Promise<void> {
    const { world } = this.setup;
    if (world.faults.happens('before-result')) {
      this.dieIn(life, 'before-result');
      return new Promise(() => {});
    }
    world.say(this.name, `${result.key} ${result.outcome}${result.code ? ` ${result.code}` : ''}`);
    const store = this.storeResult(result, order);
    if (world.faults.happens('doubled-result')) world.expect(world.random.between(1, 5000), store);
    const stored = {
      deliver: async () => {
        await life.ask(store);
        if (world.faults.happens('unsure-result')) throw new Error('no answer');
      },
    };
    await new TurnSink(
      ACCOUNT,
      () => this.engine,
      stored,
      () => world.time.now,
    ).deliver(result, order);
  }

  private storeResult(result: GatewayResult, order: string): () => void {
    const { server } = this.setup.world;
    const address = { partition: partitionOf('order', order, server.partitions), entity: 'order', id: order };
    const name = key.send({ ...address, name: 'gateway-result', key: resultName(result) });
    return () => server.put(name, storedSend(result, { kind: 'gateway', account: ACCOUNT }));
  }
}
