import type { Log, LogEntry, Position, Reader } from '../../supervisor/turn/ports.ts';
import type { Life, World } from './world.ts';

type Deliver = (entry: LogEntry) => void | Promise<void>;

/** Reads the two logs of a partition: each in its order, in pieces, neither waiting for the other. */
export class MemoryLog implements Log {
  private readonly world: World;
  private readonly life: Life;

  constructor(world: World, life: Life) {
    this.world = world;
    this.life = life;
  }

  async read(partition: number, after: Position, deliver: Deliver, failed: (error: Error) => void): Promise<Reader> {
    await this.life.ask(() => undefined);
    const stop = (): void => {
      for (const reader of readers) reader.stop();
    };
    const fail = (): void => {
      stop();
      failed(new Error('the log can not be read'));
    };
    const readers = (['commands', 'sends'] as const).map(
      (log) => new OneLog(this.world, this.life, log, partition, after[log], deliver, fail),
    );
    return { stop: async () => stop() };
  }
}

const MOST_AT_ONCE = 20;

class OneLog {
  private readonly world: World;
  private readonly life: Life;
  private readonly log: LogEntry['log'];
  private readonly partition: number;
  private readonly deliver: Deliver;
  private readonly fail: () => void;
  private readonly unwatch: () => void;
  private position: number;
  private state: 'idle' | 'fetching' | 'stopped' = 'idle';

  constructor(
    world: World,
    life: Life,
    log: LogEntry['log'],
    partition: number,
    position: number,
    deliver: Deliver,
    fail: () => void,
  ) {
    this.world = world;
    this.life = life;
    this.log = log;
    this.partition = partition;
    this.position = position;
    this.deliver = deliver;
    this.fail = fail;
    this.unwatch = world.server.watch(log, partition, () => this.fetch());
    this.fetch();
  }

  stop(): void {
    this.state = 'stopped';
    this.unwatch();
  }

  private fetch(): void {
    if (this.state !== 'idle') return;
    if (this.world.server.entriesAfter(this.log, this.partition, this.position).length === 0) return;
    this.state = 'fetching';
    this.life.after(this.world.latency(), () => this.fetched());
  }

  private fetched(): void {
    if (this.state === 'stopped') return;
    if (this.world.faults.happens('unreadable-log')) this.fail();
    else void this.hand();
  }

  private async hand(): Promise<void> {
    const most = this.world.random.between(1, MOST_AT_ONCE);
    for (const entry of this.world.server.entriesAfter(this.log, this.partition, this.position).slice(0, most)) {
      if (this.state === 'stopped') return;
      this.position = entry.sequence;
      await this.deliver(entry);
    }
    if (this.state === 'stopped') return;
    this.state = 'idle';
    this.fetch();
  }
}
