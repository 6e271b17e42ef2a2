/** All figures of a run, and what they are aimed at: every time as a ratio to what the same server did in the same run. */
import { cpus, loadavg } from 'node:os';
import type { Limits } from './limits.ts';
import type { HalfLoad, OneInFlight, Saturation } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Profiled } from './profile.ts';
import type { Stored } from './stored.ts';

export interface Machine {
  cores: number;
  /** Processes that wanted a core before the bench started. */
  loadBefore: number;
  /** Somebody else is busy too: fsync, batches and node suffer differently, so that even ratios can't be compared. */
  disturbed: boolean;
  node: string;
  natsServer: string;
}

export interface BenchResult {
  options: BenchOptions;
  machine: Machine;
  saturation: Saturation;
  halfLoad: HalfLoad;
  oneInFlight: OneInFlight;
  limits: Limits;
  aims: Aim[];
  profile?: Profiled;
}

export interface Aim {
  name: string;
  value: number;
  /** Formatted with what it is compared with. */
  wanted: string;
  met: boolean;
}

/** Of all cores. */
const QUIET_LOAD = 0.25;

/** To be called before anything is started. */
export function machineNow(): Omit<Machine, 'natsServer'> {
  const cores = cpus().length;
  const loadBefore = loadavg()[0] ?? 0;
  return {
    cores,
    loadBefore,
    disturbed: loadBefore > QUIET_LOAD * cores,
    node: process.version,
  };
}

/** What the hot path stores: the archive and the simulator's own log are no part of it. */
export const hotPath = ({ COMMANDS, KV_tillwire }: Stored): number => COMMANDS + KV_tillwire;
export const archive = ({ EVENTS, DEAD }: Stored): number => EVENTS + DEAD;

export function aimsOf({
  saturation,
  oneInFlight,
  halfLoad,
  limits,
}: Omit<BenchResult, 'aims' | 'machine' | 'options'>): Aim[] {
  const { whole } = saturation;
  const commandsPerSecond = saturation.commands / saturation.seconds;
  return [
    atLeast('commands/s ÷ ingest limit', commandsPerSecond / limits.ingest.commandsPerSecond, 0.6),
    atMost('p99 one in flight ÷ p99 one raw batch', oneInFlight.latency.p99Ms / limits.smallCommit.batch.p99Ms, 3),
    atMost('p50 one in flight ÷ p50 one raw batch', oneInFlight.latency.p50Ms / limits.smallCommit.batch.p50Ms, 3),
    atMost('stored messages per command', hotPath(whole.stored) / whole.commands, 4),
    atMost('query p99 at half load, ms', halfLoad.query.known.p99Ms, 20),
    atMost('query p99 at saturation, ms', saturation.query.known.p99Ms, 20),
  ];
}

const atLeast = (name: string, value: number, bound: number): Aim => ({
  name,
  value,
  wanted: `>= ${bound}`,
  met: value >= bound,
});

const atMost = (name: string, value: number, bound: number): Aim => ({
  name,
  value,
  wanted: `<= ${bound}`,
  met: value <= bound,
});
