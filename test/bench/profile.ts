/** `--profile`: saturates a node that is sampled, on a system of its own so that sampling costs no other figure anything. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attribution, attribute, readProfile, type SelfTime } from './cpu-profile.ts';
import { pause } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds } from './process-meter.ts';
import { startSystem } from './system.ts';

const RAMP_SECONDS = 5;
const FUNCTIONS_SHOWN = 25;

/** Samples tell shares, the system tells how much CPU was used: on a busy machine a sample may last while the node waits for a core. */
export interface Profiled extends Attribution {
  seconds: number;
  commands: number;
  handled: number;
}

export async function profileNode(options: BenchOptions): Promise<Profiled> {
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-profile-'));
  try {
    const system = await startSystem(options.sync, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    const { ask } = system.publisher;
    await ask('start', 'profiled', { kind: 'closed', inFlight: options.orders, rampMs: RAMP_SECONDS * 1000 });
    await pause(RAMP_SECONDS);
    await ask('mark');
    const from = monotonicMicroseconds();
    const cpuBefore = cpuSeconds(system.nodePid);
    await pause(options.seconds);
    const { outcomes, gatewayResults, elapsedMs } = await ask('mark');
    const to = monotonicMicroseconds();
    const usedMicroseconds = (cpuSeconds(system.nodePid) - cpuBefore) * 1e6;
    await ask('drain');
    await system.stop();
    const sampled = attribute(readProfile(await profileFile(folder)), from, to);
    return {
      seconds: elapsedMs / 1000,
      commands: outcomes,
      handled: outcomes + gatewayResults,
      ...scaled(sampled, usedMicroseconds),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function scaled({ busyMicroseconds, parts, functions }: Attribution, usedMicroseconds: number): Attribution {
  const scale = (times: readonly SelfTime[]): SelfTime[] =>
    times.map(({ name, microseconds }) => ({
      name,
      microseconds: (microseconds * usedMicroseconds) / busyMicroseconds,
    }));
  return {
    busyMicroseconds: usedMicroseconds,
    parts: scale(parts),
    functions: scale(functions.slice(0, FUNCTIONS_SHOWN)),
  };
}

/** The clock that V8 stamps samples with. */
const monotonicMicroseconds = (): number => Number(process.hrtime.bigint() / 1000n);

/** That a process left in a folder of its own when it ended. */
export async function profileFile(folder: string): Promise<string> {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('it left no profile: did it end in order?');
  return join(folder, file);
}
