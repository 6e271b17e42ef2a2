/** The nodes, who believes that whom is alive, and who is pinned to the gateway account. */
import type { GatewayQueue } from './gateway-queue.ts';
import { type NodeSetup, SimNode } from './sim-node.ts';
import type { World } from './world.ts';

const PRESENCE_MS = { low: 1000, high: 3000 };
const RESTART_MS = { low: 300, high: 6000 };
const VIEW_MS = { low: 1, high: 600 };
const PIN_MS = 2000;
const SECOND = 1000;

export class Cluster {
  private readonly world: World;
  private readonly nodes: SimNode[];
  private readonly queue: GatewayQueue;
  /** As the bucket shows it. */
  private readonly present = new Set<string>();
  private readonly sightings = new Map<string, number>();

  constructor(count: number, setup: Omit<NodeSetup, 'name' | 'died'>) {
    this.world = setup.world;
    this.queue = setup.gateway.queue;
    this.nodes = Array.from(
      { length: count },
      (_, index) => new SimNode({ ...setup, name: `n${index + 1}`, died: (node) => this.died(node) }),
    );
  }

  start(): void {
    for (const node of this.nodes) this.startNode(node);
    this.pinSomebody();
    this.everySecond();
  }

  private startNode(node: SimNode): void {
    node.start();
    this.see(node.name);
  }

  private see(name: string): void {
    this.sightings.set(name, (this.sightings.get(name) ?? 0) + 1);
    this.present.add(name);
    this.tellViews();
  }

  private died(node: SimNode): void {
    const { time, random, faults } = this.world;
    faults.count('death');
    const sighting = this.sightings.get(node.name);
    time.after(random.between(PRESENCE_MS.low, PRESENCE_MS.high), () => {
      if (this.sightings.get(node.name) === sighting) this.expire(node.name);
    });
    time.after(random.between(RESTART_MS.low, RESTART_MS.high), () => this.startNode(node));
    time.after(PIN_MS, () => this.pinSomebody());
  }

  private expire(name: string): void {
    this.present.delete(name);
    this.tellViews();
  }

  private tellViews(): void {
    for (const node of this.nodes) {
      node.life?.after(this.world.random.between(VIEW_MS.low, VIEW_MS.high), () => node.view([...this.present].sort()));
    }
  }

  private pinSomebody(): void {
    if (this.nodes.some(({ life }) => life && this.queue.isPinned(life))) return;
    this.pin();
  }

  private pin(): void {
    const alive = this.nodes.filter(({ life }) => life);
    if (alive.length === 0) this.world.time.after(PIN_MS, () => this.pinSomebody());
    else this.queue.pin(this.world.random.pick(alive).life);
  }

  private everySecond(): void {
    const { faults, random, time } = this.world;
    for (const node of this.nodes) {
      if (faults.happens('pause')) node.life?.pause(random.between(500, 5000));
      if (faults.happens('crash')) node.die('crash');
      if (faults.happens('false-death')) this.missForAWhile(node.name);
    }
    if (faults.happens('moved-pin')) this.pin();
    time.after(SECOND, () => this.everySecond());
  }

  private missForAWhile(name: string): void {
    this.expire(name);
    this.world.time.after(this.world.random.between(200, 4000), () => this.see(name));
  }
}
