/** Asks for the state of orders while they are processed, as a shop's web site does. */
import type { NatsConnection } from '@nats-io/transport-node';
import { type Latency, latencyOf } from './latency.ts';
import type { Ask } from './publisher-process.ts';

const EVERY_MS = 20;
const REFRESH_MS = 500;
const ORDERS = 50;
const TIMEOUT_MS = 5000;

export interface QueryProbe {
  stop(): Promise<Latency>;
}

export function probeQueries(nats: NatsConnection, ask: Ask): QueryProbe {
  const timesMs: number[] = [];
  let orders: string[] = [];
  const refresh = async (): Promise<void> => {
    orders = await ask('ordersInFlight', ORDERS);
  };
  const query = async (): Promise<void> => {
    const order = orders[timesMs.length % orders.length];
    if (order === undefined) return;
    const sentAt = performance.now();
    await nats.request(`query.order.${order}`, '', { timeout: TIMEOUT_MS });
    timesMs.push(performance.now() - sentAt);
  };
  let failure: Error | undefined;
  const failed = (error: Error): void => {
    failure ??= error;
  };
  const refreshing = setInterval(() => void refresh().catch(failed), REFRESH_MS);
  const querying = setInterval(() => void query().catch(failed), EVERY_MS);
  return {
    async stop() {
      clearInterval(refreshing);
      clearInterval(querying);
      if (failure) throw new Error(`a query was not answered: ${failure.message}`);
      return latencyOf(timesMs);
    },
  };
}
