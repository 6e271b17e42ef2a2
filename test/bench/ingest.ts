/** The first limit: the commands of the same orders, published the same way, with nobody consuming. */
import type { CommandPublisher } from './command-publisher.ts';
import { Journey, STEPS } from './journey.ts';

/** Orders whose steps are published one step after another. */
const TOGETHER = 100;

export async function publishUnread(
  publisher: CommandPublisher,
  orders: number,
): Promise<{ commands: number; elapsedMs: number }> {
  // The first thousand commands are not counted: the code that publishes is still being compiled.
  await publishOrders(publisher, 'unread-warm-up', 2 * TOGETHER);
  const before = publisher.acknowledged;
  const startedAt = performance.now();
  await publishOrders(publisher, 'unread', orders);
  const elapsedMs = performance.now() - startedAt;
  if (publisher.error) throw new Error(`a command was not stored: ${publisher.error}`);
  return { commands: publisher.acknowledged - before, elapsedMs };
}

async function publishOrders(publisher: CommandPublisher, run: string, orders: number): Promise<void> {
  for (let first = 0; first < orders; first += TOGETHER) {
    const count = Math.min(TOGETHER, orders - first);
    const journeys = Array.from({ length: count }, (_, index) => new Journey(run, first + index));
    for (const { name } of STEPS) {
      for (const journey of journeys) publisher.publish(journey.command(name));
      await publisher.room();
    }
  }
  await publisher.flush();
}
