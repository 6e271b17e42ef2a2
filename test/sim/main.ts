/**
 * `npm run sim -- --seeds 2000 [--from 1] [--orders 2]` runs many seeds on all processors and ends with 1 if an invariant broke;
 * `npm run sim -- --seed 7 [--orders 2] [--trace]` runs one, with a line for each message.
 *
 * What runs them is bundled: a process starts at once, and without what a loader adds to each function.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundled } from '../../supervisor/cli/bundle.js';
import { type SeedWorker, work } from './seed-workers.ts';
import type { SeedReport } from './worker.ts';

const DEFAULT_SEEDS = '2000';
const PROGRESS_MS = 5000;
const SHOWN_VIOLATIONS = 3;
const PROGRAMS = { simulate: 'test/sim/simulate.ts', worker: 'test/sim/worker.ts' };
/**
 * Thousands of short runs, each with much that is new and soon old: few collections. And they end before all that is compiled has paid:
 * with less of what it calls in each function, compiling takes a fifth of the CPU and not more than a quarter.
 */
const WORKER_FLAGS = ['--enable-source-maps', '--max-semi-space-size=64', '--max-inlined-bytecode-size-cumulative=200'];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: DEFAULT_SEEDS },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    orders: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

const orders = values.orders === undefined ? {} : { orders: Number(values.orders) };
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = await bundled(PROGRAMS, ['test']);

if (values.seed === undefined) process.exitCode = await runMany(Number(values.from), Number(values.seeds));
else process.exitCode = await runOne(Number(values.seed), values.trace);

async function runOne(seed: number, trace: boolean): Promise<number> {
  process.setSourceMapsEnabled(true);
  const { simulate } = (await import(new URL('simulate.js', folder).href)) as typeof import('./simulate.ts');
  const { hash, violations, counts } = await simulate({ seed, ...orders, ...(trace ? { print } : {}) });
  print(`seed ${seed}: trace ${hash()}, ${summary(counts)}`);
  for (const violation of violations) print(`violated: ${violation}`);
  return violations.length > 0 ? 1 : 0;
}

async function runMany(from: number, seeds: number): Promise<number> {
  const started = performance.now();
  const totals = new Map<string, number>();
  const failed: number[] = [];
  let done = 0;
  const rate = (): string => `${(done / ((performance.now() - started) / 1000)).toFixed(0)} seeds/s`;
  const progress = setInterval(
    () => print(`${done} of ${seeds} seeds, ${rate()}, ${failed.length} failed`),
    PROGRESS_MS,
  );
  const next = numbers(from, from + seeds);
  const finished = ({ seed, violations, counts }: SeedReport): void => {
    done++;
    for (const [what, count] of counts) totals.set(what, (totals.get(what) ?? 0) + count);
    if (violations.length === 0) return;
    failed.push(seed);
    for (const violation of violations.slice(0, SHOWN_VIOLATIONS)) print(`seed ${seed}: ${violation}`);
  };
  const ports = { start: startWorker, after };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds) }, () => work(next, finished, ports)));
  clearInterval(progress);
  print(`${done} seeds from ${from}, ${rate()}: ${summary(totals)}`);
  if (failed.length === 0) return 0;
  const asked = values.orders === undefined ? '' : ` --orders ${values.orders}`;
  print(`${failed.length} failed: ${failed.join(' ')}; npm run sim -- --seed ${failed[0]}${asked} --trace`);
  return 1;
}

function startWorker(reported: (report: SeedReport) => void, ended: (how?: string) => void): SeedWorker {
  const env = { ...process.env, NODE_ENV: 'production' };
  const worker = fork(fileURLToPath(new URL('worker.js', folder)), { env, execArgv: WORKER_FLAGS });
  worker.on('message', reported);
  worker.on('exit', (code, signal) => ended(code === 0 ? undefined : String(code ?? signal)));
  return {
    // Who is gone already has said so, or will.
    run: (seed) => void worker.send({ seed, ...orders }, () => {}),
    leave: () => worker.disconnect(),
    kill: () => void worker.kill('SIGKILL'),
  };
}

function after(ms: number, run: () => void): () => void {
  const overdue = AbortSignal.timeout(ms);
  overdue.addEventListener('abort', run);
  return () => overdue.removeEventListener('abort', run);
}

function* numbers(from: number, to: number): Generator<number, undefined> {
  for (let number = from; number < to; number++) yield number;
}

function summary(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}
