/** What the publisher's process does when it is asked; main.ts asks over the channel between the two. */
import type { Connection } from '../../supervisor/nats/connection.ts';
import { CommandPublisher } from './command-publisher.ts';
import { publishUnread } from './ingest.ts';
import { openings } from './network.ts';
import { commitRaw, type RawBatches, type RawShape } from './raw-batches.ts';
import { listen, type Marked, type Pacing, Workload } from './workload.ts';

const OPENING_WITHIN_MS = 20_000;
const DRAIN_WITHIN_MS = 60_000;
const POLL_MS = 10;

export interface PublisherTasks {
  /** Opens the stores and waits until they are. */
  openStores(): Promise<void>;
  start(run: string, pacing: Pacing): void;
  mark(): Marked;
  ordersInFlight(most: number): string[];
  /** No new orders; resolves when those in flight are over, with how many there were, and what the gateway said of them. */
  drain(): Promise<{ finished: number; gatewayResults: number }>;
  publishUnread(orders: number): Promise<{ commands: number; elapsedMs: number }>;
  commitRaw(shape: RawShape, seconds: number): Promise<RawBatches>;
}

export function publisherTasks(connection: Connection): PublisherTasks {
  const { nats } = connection;
  const publisher = new CommandPublisher(nats);
  let workload: Workload | undefined;
  listen(nats, () => workload);
  const running = (): Workload => {
    if (!workload) throw new Error('no workload is running');
    return workload;
  };
  return {
    openStores: () => openStores(connection, publisher),
    start(run, pacing) {
      workload = new Workload(publisher, run, pacing);
    },
    mark: () => running().mark(),
    ordersInFlight: (most) => running().ordersInFlight(most),
    async drain() {
      await drain(running(), publisher);
      const { finished, gatewayResults } = running();
      workload = undefined;
      return { finished, gatewayResults };
    },
    publishUnread: (orders) => publishUnread(publisher, orders),
    commitRaw: (shape, seconds) => commitRaw(connection, shape, seconds),
  };
}

async function openStores({ nats }: Connection, publisher: CommandPublisher): Promise<void> {
  const commands = openings();
  let applied = 0;
  let refusal: string | undefined;
  const subscription = nats.subscribe('out.*.store.>', {
    callback: (error, message) => {
      const { outcome, reason } = error ? {} : message.json<{ outcome?: string; reason?: string }>();
      if (outcome === 'applied') applied++;
      if (outcome === 'rejected') refusal ??= `${message.subject}: ${reason}`;
    },
  });
  await nats.flush();
  for (const command of commands) publisher.publish(command);
  await until(OPENING_WITHIN_MS, () => applied === commands.length || refusal !== undefined);
  subscription.unsubscribe();
  if (applied < commands.length) {
    throw new Error(
      `${applied} of ${commands.length} stores opened and stocked: ${refusal ?? publisher.error ?? 'no answer'}`,
    );
  }
}

async function drain(workload: Workload, publisher: CommandPublisher): Promise<void> {
  workload.stopStarting();
  await until(DRAIN_WITHIN_MS, () => workload.inFlight === 0);
  if (workload.inFlight > 0) {
    throw new Error(`${workload.inFlight} orders are stuck, waiting for ${JSON.stringify(workload.waitingFor())}`);
  }
  if (workload.rejected > 0) throw new Error(`${workload.rejected} orders were refused: ${workload.refusal}`);
  if (publisher.error) throw new Error(`a command was not stored: ${publisher.error}`);
}

async function until(withinMs: number, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
