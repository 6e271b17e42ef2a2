/** Runs the seeds it is told, one after another, in a process of its own. */
import { simulate } from './simulate.ts';

export interface SeedReport {
  seed: number;
  violations: string[];
  counts: [what: string, count: number][];
}

process.on('message', async (seed: number) => {
  const { violations, counts } = await simulate({ seed });
  const report: SeedReport = { seed, violations, counts: [...counts] };
  process.send?.(report);
});
