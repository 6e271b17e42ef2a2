/** Sourcing as a node has it, on what the memory server stores and says. */
import { partitionOf } from '../../protocols/partition.ts';
import type { StoreEvent, StoreRecords, StoreSource } from '../../supervisor/nats/store-source.ts';
import { NodeSourcing } from '../../supervisor/node/node-sourcing.ts';
import type { Reader, Sourcing } from '../../supervisor/turn/ports.ts';
import type { Heard } from './heard.ts';
import type { Stored } from './memory-server.ts';
import type { Life, World } from './world.ts';

interface Listener {
  life: Life;
  hear: (event: StoreEvent) => void;
}

/** The events of all stores, as they reach each life of each node. */
export class StoreNews {
  private readonly world: World;
  private listeners: Listener[] = [];
  private last = 0;

  constructor(world: World) {
    this.world = world;
  }

  notice({ origin, entity, id, name }: Heard, { sequence, bytes }: Stored): void {
    if (origin !== undefined || entity !== 'store') return;
    this.last = sequence;
    this.listeners = this.listeners.filter(({ life }) => life.alive);
    const event: StoreEvent = { store: id, name, bytes };
    for (const { life, hear } of this.listeners) life.after(this.world.latency(), () => hear(event));
  }

  /** As one life of a node reaches them. */
  for(life: Life): Pick<StoreSource, 'load' | 'follow'> {
    const { server } = this.world;
    return {
      load: (): Promise<StoreRecords> =>
        life.ask(() => ({
          stores: new Map(server.idsOf('store').map((store) => [store, server.record('store', store)])),
          sequence: this.last,
        })),
      follow: async (_after: number, hear: (event: StoreEvent) => void): Promise<Reader> => {
        const listener = { life, hear };
        this.listeners.push(listener);
        const stop = async (): Promise<void> => {
          this.listeners = this.listeners.filter((other) => other !== listener);
        };
        return { stop };
      },
    };
  }
}

export function memorySourcing(
  world: World,
  life: Life,
  owns: (partition: number) => boolean,
  news: StoreNews,
): Sourcing {
  const { partitions } = world.server;
  const runsStore = (store: string): boolean => owns(partitionOf('store', store, partitions));
  const sourcing = new NodeSourcing(news.for(life) as StoreSource, runsStore);
  void sourcing.follow(() => {});
  return sourcing;
}
