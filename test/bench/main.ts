/** `npm run bench`: how fast one node on one server is, compared with what that server can do at all. */
import { measureLimits } from './limits.ts';
import { measureHalfLoad, measureOneInFlight, measureSaturation, warmUp } from './measure.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { profileNode } from './profile.ts';
import { table } from './report.ts';
import { aimsOf, type BenchResult, machineNow } from './result.ts';
import { startSystem } from './system.ts';

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function bench(options: BenchOptions): Promise<BenchResult> {
  const measured = await measureSystem(options);
  say('limits of the server…');
  const limits = await measureLimits(options, measured);
  const result: BenchResult = { options, ...measured, limits, aims: aimsOf({ ...measured, limits }) };
  if (!options.profile) return result;
  say('profile…');
  return { ...result, profile: await profileNode(options) };
}

async function measureSystem(
  options: BenchOptions,
): Promise<Pick<BenchResult, 'machine' | 'oneInFlight' | 'saturation' | 'halfLoad'>> {
  const here = machineNow();
  say('starting server, node and publisher…');
  const system = await startSystem(options.sync);
  try {
    const machine = { ...here, natsServer: system.connection.nats.info?.version ?? 'unknown' };
    await warmUp(system);
    say('one in flight…');
    const oneInFlight = await measureOneInFlight(system, options);
    say('saturation…');
    const saturation = await measureSaturation(system, options);
    say('half load…');
    const halfLoad = await measureHalfLoad(system, saturation.orders / saturation.seconds / 2, options);
    return { machine, oneInFlight, saturation, halfLoad };
  } finally {
    await system.stop();
  }
}

const INTERRUPTED = 130;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED));

const options = readOptions(process.argv.slice(2));
const result = await bench(options);
process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${table(result)}\n`);
