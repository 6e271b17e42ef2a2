/** Asks for the state of orders while they are processed, as a shop's web site does. */
import type { NatsConnection } from '@nats-io/transport-node';
import { ECHO } from './echo-process.ts';
import { type Latency, latencyOf } from './latency.ts';
import type { Ask } from './publisher-process.ts';

const EVERY_MS = 20;
/** As a mistyped number is, now and then. */
const UNKNOWN_EVERY_MS = 200;
const REFRESH_MS = 500;
const ORDERS = 50;
const TIMEOUT_MS = 5000;

/** Of an order that is not there a node has to ask the server, which reads behind the commit under way. */
export interface QueryLatency {
  known: Latency;
  unknown: Latency;
  /** Of a service that has nothing to do. */
  echo: Latency;
}

export interface QueryProbe {
  stop(): Promise<QueryLatency>;
}

export function probeQueries(nats: NatsConnection, ask: Ask): QueryProbe {
  const knownMs: number[] = [];
  const unknownMs: number[] = [];
  const echoMs: number[] = [];
  let orders: string[] = [];
  const refresh = async (): Promise<void> => {
    orders = await ask('ordersInFlight', ORDERS);
  };
  const request = async (subject: string, timesMs: number[]): Promise<void> => {
    const sentAt = performance.now();
    await nats.request(subject, '', { timeout: TIMEOUT_MS });
    timesMs.push(performance.now() - sentAt);
  };
  const query = (order: string, timesMs: number[]): Promise<void> => request(`query.order.${order}`, timesMs);
  const queryNext = async (): Promise<void> => {
    const order = orders[knownMs.length % orders.length];
    if (order !== undefined) await query(order, knownMs);
  };
  let failure: Error | undefined;
  const failed = (error: Error): void => {
    failure ??= error;
  };
  const refreshing = setInterval(() => void refresh().catch(failed), REFRESH_MS);
  const querying = setInterval(() => void queryNext().catch(failed), EVERY_MS);
  const echoing = setInterval(() => void request(ECHO, echoMs).catch(failed), EVERY_MS);
  let strangers = 0;
  const mistyping = setInterval(() => void query(`none-${strangers++}`, unknownMs).catch(failed), UNKNOWN_EVERY_MS);
  return {
    async stop() {
      clearInterval(refreshing);
      clearInterval(querying);
      clearInterval(echoing);
      clearInterval(mistyping);
      if (failure) throw new Error(`a query was not answered: ${failure.message}`);
      return { known: latencyOf(knownMs), unknown: latencyOf(unknownMs), echo: latencyOf(echoMs) };
    },
  };
}
