/** The phases of the bench on a running system, and what is read at the edges of their windows. */
import { join } from 'node:path';
import { type CommitShape, observeCommits } from './commit-shape.ts';
import { STEPS } from './journey.ts';
import { type Latency, latencyOf } from './latency.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds, peakRssBytes } from './process-meter.ts';
import { probeQueries, type QueryLatency } from './query-probe.ts';
import { bytesOnDisk, type Stored, storedBetween, storedMessages } from './stored.ts';
import type { SystemUnderTest } from './system.ts';
import type { Marked, Pacing } from './workload.ts';

const WARM_UP: { pacing: Pacing; seconds: number } = {
  pacing: { kind: 'closed', inFlight: 200, rampMs: 1000 },
  seconds: 4,
};
const SETTLE_SECONDS = 1;
const RAMP_SECONDS = 5;
const OBSERVE_SECONDS = 2;

export interface Window {
  seconds: number;
  /** Commands answered, in whole orders: those that end within a window are too few where it is shorter than an order lives. */
  orders: number;
  /** Orders whose money came to rest. */
  finished: number;
  /** From outside, answered. */
  commands: number;
  /** They and the gateway's results; messages between actors of one turn are never stored, and not counted. */
  handled: number;
  latency: Latency;
  latencyByStep: Record<string, Latency>;
  /** CPU seconds. */
  cpu: { node: number; server: number; publisher: number };
  stored: Stored;
}

export interface Saturation extends Window {
  query: QueryLatency;
  commit: CommitShape;
  peakRss: { node: number; server: number };
  /** From the first order to the last one's end: no order in part, however long one lives. */
  whole: Whole;
}

export interface Whole {
  orders: number;
  commands: number;
  handled: number;
  stored: Stored;
  diskBytes: number;
}

export interface OneInFlight extends Window {
  commit: CommitShape;
}

export interface HalfLoad extends Window {
  ordersPerSecond: number;
  query: QueryLatency;
}

export const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export async function warmUp(system: SystemUnderTest): Promise<void> {
  await system.publisher.ask('start', 'warm', WARM_UP.pacing);
  await pause(WARM_UP.seconds);
  await system.publisher.ask('drain');
}

/** One order, so one command at a time; what its money sets off goes on beside it. */
export async function measureOneInFlight(system: SystemUnderTest, { seconds }: BenchOptions): Promise<OneInFlight> {
  const { connection, publisher } = system;
  await publisher.ask('start', 'one', { kind: 'closed', inFlight: 1, rampMs: 0 });
  const commit = await observeCommits(connection.nats, OBSERVE_SECONDS);
  const window = await measureWindow(system, seconds);
  await publisher.ask('drain');
  return { ...window, commit };
}

export async function measureSaturation(system: SystemUnderTest, options: BenchOptions): Promise<Saturation> {
  const { connection, publisher, server } = system;
  const folder = join(server.storeDir, 'jetstream');
  const diskBefore = bytesOnDisk(folder);
  const storedBefore = await storedMessages(connection.nats);
  await publisher.ask('start', 'full', { kind: 'closed', inFlight: options.orders, rampMs: RAMP_SECONDS * 1000 });
  await pause(RAMP_SECONDS + SETTLE_SECONDS);
  const commit = await observeCommits(connection.nats, OBSERVE_SECONDS);
  const probe = probeQueries(connection.nats, publisher.ask);
  const window = await measureWindow(system, options.seconds);
  const query = await probe.stop();
  const { finished, gatewayResults } = await publisher.ask('drain');
  const commands = finished * STEPS.length;
  return {
    ...window,
    query,
    commit,
    peakRss: { node: peakRssBytes(system.nodePid), server: peakRssBytes(server.pid) },
    whole: {
      orders: finished,
      commands,
      handled: commands + gatewayResults,
      stored: storedBetween(storedBefore, await storedMessages(connection.nats)),
      diskBytes: bytesOnDisk(folder) - diskBefore,
    },
  };
}

export async function measureHalfLoad(
  system: SystemUnderTest,
  ordersPerSecond: number,
  { seconds }: BenchOptions,
): Promise<HalfLoad> {
  const { connection, publisher } = system;
  await publisher.ask('start', 'half', { kind: 'paced', ordersPerSecond });
  await pause(SETTLE_SECONDS);
  const probe = probeQueries(connection.nats, publisher.ask);
  const window = await measureWindow(system, seconds);
  const query = await probe.stop();
  await publisher.ask('drain');
  return { ...window, ordersPerSecond, query };
}

async function measureWindow(system: SystemUnderTest, seconds: number): Promise<Window> {
  const { publisher } = system;
  await publisher.ask('mark');
  const before = await readMeters(system);
  await pause(seconds);
  const marked: Marked = await publisher.ask('mark');
  const after = await readMeters(system);
  const latencyByStep = Object.fromEntries(
    Object.entries(marked.latenciesMs).map(([step, times]) => [step, latencyOf(times)]),
  );
  return {
    seconds: marked.elapsedMs / 1000,
    orders: marked.outcomes / STEPS.length,
    finished: marked.finished,
    commands: marked.outcomes,
    handled: marked.outcomes + marked.gatewayResults,
    latency: latencyOf(Object.values(marked.latenciesMs).flat()),
    latencyByStep,
    cpu: {
      node: after.cpu.node - before.cpu.node,
      server: after.cpu.server - before.cpu.server,
      publisher: after.cpu.publisher - before.cpu.publisher,
    },
    stored: storedBetween(before.stored, after.stored),
  };
}

interface Meters {
  cpu: Window['cpu'];
  stored: Stored;
}

async function readMeters({ nodePid, server, publisher, connection }: SystemUnderTest): Promise<Meters> {
  const stored = await storedMessages(connection.nats);
  const cpu = {
    node: cpuSeconds(nodePid),
    server: cpuSeconds(server.pid),
    publisher: cpuSeconds(publisher.pid),
  };
  return { cpu, stored };
}
