/** Runs the seeds it is told, one after another, in a process of its own. */
import { type RunOptions, simulate } from './simulate.ts';

export interface SeedReport {
  seed: number;
  violations: string[];
  counts: [what: string, count: number][];
}

process.on('message', async (options: RunOptions) => {
  const { seed, violations, counts } = await simulate(options);
  const report: SeedReport = { seed, violations, counts: [...counts] };
  process.send?.(report);
});
