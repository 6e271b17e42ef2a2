/** `--profile`: saturates a node that is sampled, on a system of its own so that sampling costs no other figure anything. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attribution, attribute, readProfile } from './cpu-profile.ts';
import { pause } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { startSystem } from './system.ts';

const RAMP_SECONDS = 5;
const FUNCTIONS_SHOWN = 25;

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
    await pause(options.seconds);
    const { outcomes, gatewayResults, elapsedMs } = await ask('mark');
    const to = monotonicMicroseconds();
    await ask('drain');
    await system.stop();
    const attribution = attribute(readProfile(await profileFile(folder)), from, to);
    return {
      seconds: elapsedMs / 1000,
      commands: outcomes,
      handled: outcomes + gatewayResults,
      ...attribution,
      functions: attribution.functions.slice(0, FUNCTIONS_SHOWN),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The clock that V8 stamps samples with. */
const monotonicMicroseconds = (): number => Number(process.hrtime.bigint() / 1000n);

async function profileFile(folder: string): Promise<string> {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the node left no profile: did it end in order?');
  return join(folder, file);
}
