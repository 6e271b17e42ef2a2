/** The gateway account on one life of a node: the real account part and provider simulator, on memory ports. */

import { decode } from '../../protocols/codec.ts';
import type { GatewayResult } from '../../protocols/gateway.ts';
import type { Clock } from '../../supervisor/clock.ts';
import { type AccountConfig, accountConfig } from '../../supervisor/gateway/account-config.ts';
import { AccountPart } from '../../supervisor/gateway/account-part.ts';
import type { SimulatorLog } from '../../supervisor/gateway/ports.ts';
import { Simulator, type SimulatorControl } from '../../supervisor/gateway/simulator.ts';
import { ACK_WAIT_MS, type GatewayQueue, QueueSource } from './gateway-queue.ts';
import type { Life, World } from './world.ts';

export const ACCOUNT = 'main';
/** Of some gift cards; behind it is the same provider. */
export const GIFT_CARDS = 'cards';
/** Every transaction is of one account. */
export const accountOf = (transaction: string): string => (transaction.startsWith('card_') ? GIFT_CARDS : ACCOUNT);
const RESTART_MS = 100;

const CONFIG: AccountConfig = {
  ...accountConfig(ACCOUNT, { requestsPerSecond: 50, burst: 20, concurrency: 8 }),
  window: 16,
  ackWaitMs: ACK_WAIT_MS,
  callTimeoutMs: 3000,
  drainMs: 1000,
};

/** The provider's memory: outlives every node. */
export class ProviderLog {
  readonly messages: Uint8Array[] = [];
  /** Called with each message. */
  appended: (bytes: Uint8Array) => void = () => {};
}

/** That log as one life reaches it. */
class LogOfLife implements SimulatorLog {
  private readonly log: ProviderLog;
  private readonly life: Life;

  constructor(log: ProviderLog, life: Life) {
    this.log = log;
    this.life = life;
  }

  async *read(after: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }> {
    const found = await this.life.ask(() => this.log.messages.slice(after));
    for (const [index, bytes] of found.entries()) yield { sequence: after + index + 1, bytes };
  }

  append(expectedLast: number, bytes: Uint8Array): Promise<{ sequence: number } | 'stale'> {
    return this.life.ask(() => {
      const { messages } = this.log;
      if (expectedLast !== messages.length) return 'stale';
      this.log.appended(bytes);
      return { sequence: messages.push(bytes) };
    });
  }
}

export class GatewayHost {
  private readonly world: World;
  private readonly life: Life;
  private readonly node: string;
  private readonly queue: GatewayQueue;
  private readonly provider: Simulator;
  private readonly clock: Clock;
  private readonly sink: (result: GatewayResult, order: string) => Promise<void>;
  private part: AccountPart;

  constructor(
    world: World,
    life: Life,
    node: string,
    { queue, log }: { queue: GatewayQueue; log: ProviderLog },
    sink: (result: GatewayResult, order: string) => Promise<void>,
  ) {
    this.world = world;
    this.life = life;
    this.node = node;
    this.queue = queue;
    this.clock = { now: () => world.time.now, elapsed: () => world.time.now, after: (ms, run) => life.after(ms, run) };
    let ids = 0;
    const newId = () => `${node}-${world.time.now}-${ids++}`;
    this.provider = new Simulator({ log: new LogOfLife(log, life), clock: this.clock, newId });
    this.sink = sink;
    this.part = this.start();
    void this.provider.tellLateNews((result, order) => this.part.late(result, order));
    void this.hearControls();
  }

  private start(): AccountPart {
    const { world, clock, provider, life } = this;
    const part = new AccountPart(
      {
        source: new QueueSource(this.queue, life),
        sink: { deliver: this.sink },
        provider,
        clock,
        random: () => world.random.next(),
      },
      CONFIG,
    );
    part.run().catch((error: Error) => {
      world.say(this.node, `gateway part ended: ${error.message}`);
      life.after(RESTART_MS, () => {
        this.part = this.start();
      });
    });
    return part;
  }

  private async hearControls(): Promise<void> {
    const never = new AbortController().signal;
    for (;;) {
      for (const waiting of await this.queue.pull(this.life, 'control', 1, never)) {
        await this.provider.control(waiting.key, decode(waiting.bytes, 'msgpack') as SimulatorControl);
        this.queue.settle(waiting, 'ack');
      }
    }
  }
}
