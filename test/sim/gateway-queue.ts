/** The requests of an account as the server's pinned consumers hand them out: at least once, to one node at a time. */
import { noDepths } from '../../actors/gateway/priority.ts';
import { decode } from '../../protocols/codec.ts';
import type { GatewayKind, GatewayRequest } from '../../protocols/gateway.ts';
import type { Delivery, KnownDepths, RequestSource } from '../../supervisor/gateway/ports.ts';
import type { Stored } from './memory-server.ts';
import type { Life, World } from './world.ts';

export const ACK_WAIT_MS = 5000;

interface Waiting {
  kind: string;
  request: GatewayRequest;
  bytes: Uint8Array;
  key: string;
  /** Undefined: waits to be handed out. */
  holder: Life | undefined;
  deliveries: number;
  /** Invalidates the time-outs of earlier deliveries. */
  epoch: number;
}

interface Pull {
  life: Life;
  kind: string;
  max: number;
  resolve: (taken: Waiting[]) => void;
}

export class GatewayQueue {
  private readonly world: World;
  private waiting: Waiting[] = [];
  private pulls: Pull[] = [];
  private pinned: Life | undefined;

  constructor(world: World) {
    this.world = world;
  }

  /** Another node gets what comes from now on; what was handed out stays out until its time is over. */
  pin(life: Life | undefined): void {
    this.pinned = life;
    this.serve();
  }

  isPinned(life: Life): boolean {
    return this.pinned === life;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  get depth(): number {
    return this.waiting.length;
  }

  /** `gateway.<account>.<kind>.<key>`; what it asks for. */
  add({ key, tokens: [, , kind = ''], bytes }: Stored): GatewayRequest {
    const request = decode(bytes, 'msgpack') as GatewayRequest;
    this.waiting.push({ kind, request, bytes, key, holder: undefined, deliveries: 0, epoch: 0 });
    this.serve();
    return request;
  }

  pull(life: Life, kind: string, max: number, signal: AbortSignal): Promise<Waiting[]> {
    return new Promise((resolve) => {
      const abort = () => {
        this.pulls = this.pulls.filter((other) => other !== pull);
        resolve([]);
      };
      const taken = (waiting: Waiting[]) => {
        signal.removeEventListener('abort', abort);
        resolve(waiting);
      };
      const pull: Pull = { life, kind, max, resolve: taken };
      this.pulls.push(pull);
      signal.addEventListener('abort', abort);
      this.serve();
    });
  }

  /** Calls to the queue, as they arrive. */
  settle(waiting: Waiting, how: 'ack' | 'working' | 'release'): void {
    const { epoch } = waiting;
    this.world.time.after(this.world.latency(), () => {
      if (how === 'ack') this.waiting = this.waiting.filter((other) => other !== waiting);
      if (waiting.epoch !== epoch) return;
      if (how === 'working') this.expireLater(waiting);
      if (how === 'release') this.giveBack(waiting);
    });
  }

  depths(): KnownDepths {
    const depths = noDepths();
    for (const { kind, holder } of this.waiting) {
      if (!holder && kind in depths) depths[kind as GatewayKind] += 1;
    }
    return { depths, at: this.world.time.now };
  }

  private serve(): void {
    this.pulls = this.pulls.filter((pull) => {
      if (!pull.life.alive) return false;
      if (pull.life !== this.pinned) return true;
      const taken = this.waiting.filter(({ kind, holder }) => kind === pull.kind && !holder).slice(0, pull.max);
      if (taken.length === 0) return true;
      for (const waiting of taken) this.handOut(waiting, pull.life);
      pull.life.after(this.world.latency(), () => pull.resolve(taken));
      return false;
    });
  }

  private handOut(waiting: Waiting, holder: Life): void {
    waiting.holder = holder;
    waiting.deliveries++;
    this.expireLater(waiting);
  }

  private expireLater(waiting: Waiting): void {
    const epoch = ++waiting.epoch;
    this.world.time.after(ACK_WAIT_MS, () => {
      if (waiting.epoch === epoch) this.giveBack(waiting);
    });
  }

  private giveBack(waiting: Waiting): void {
    waiting.epoch++;
    waiting.holder = undefined;
    this.serve();
  }
}

/** The queue as the account part of one life of a node sees it. */
export class QueueSource implements RequestSource {
  private readonly queue: GatewayQueue;
  private readonly life: Life;

  constructor(queue: GatewayQueue, life: Life) {
    this.queue = queue;
    this.life = life;
  }

  async pull(kind: GatewayKind, max: number, signal: AbortSignal): Promise<Delivery[]> {
    const taken = await this.queue.pull(this.life, kind, max, signal);
    return taken.map((waiting) => ({
      request: waiting.request,
      redelivered: waiting.deliveries > 1,
      ack: () => this.settle(waiting, 'ack'),
      working: () => this.settle(waiting, 'working'),
      release: () => this.settle(waiting, 'release'),
    }));
  }

  async depths(): Promise<KnownDepths> {
    return this.queue.depths();
  }

  private settle(waiting: Waiting, how: 'ack' | 'working' | 'release'): void {
    if (this.life.alive) this.queue.settle(waiting, how);
  }
}
