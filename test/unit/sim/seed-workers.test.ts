import { expect, test } from 'vitest';
import { SEED_MS, work } from '../../sim/seed-workers.ts';
import type { SeedReport } from '../../sim/worker.ts';
import { VirtualClock } from '../gateway/virtual-clock.ts';

/** What was found of the seeds 1 to `last`, run by processes of which each does with a seed as it is told. */
async function found(last: number, does: (seed: number) => 'report' | 'loop' | 'crash') {
  const clock = new VirtualClock();
  const reports: SeedReport[] = [];
  let processes = 0;
  let isDone = false;
  const done = work(Array.from({ length: last }, (_, index) => index + 1).values(), (report) => reports.push(report), {
    start(reported, end) {
      processes++;
      return {
        run(seed) {
          if (does(seed) === 'report') clock.after(100, () => reported({ seed, violations: [], counts: [] }));
          if (does(seed) === 'crash') clock.after(100, () => end('134'));
        },
        leave: () => end(),
        kill: () => clock.after(1, () => end('SIGKILL')),
      };
    },
    after: (ms, run) => clock.after(ms, run),
  });
  void done.then(() => {
    isDone = true;
  });
  await clock.advance(last * (SEED_MS + 200));
  return { reports: reports.map(({ seed, violations }) => [seed, ...violations]), isDone, processes };
}

test('a process runs all seeds, and leaves', async () => {
  expect(await found(3, () => 'report')).toEqual({ reports: [[1], [2], [3]], isDone: true, processes: 1 });
});

test('a seed that does not end is a failure with its number, and the others are run by another process', async () => {
  expect(await found(3, (seed) => (seed === 2 ? 'loop' : 'report'))).toEqual({
    reports: [[1], [2, 'no end within 60 s'], [3]],
    isDone: true,
    processes: 2,
  });
});

test('so is one whose process ends, and the last one', async () => {
  expect(await found(2, () => 'crash')).toEqual({
    reports: [
      [1, 'its process ended with 134'],
      [2, 'its process ended with 134'],
    ],
    isDone: true,
    processes: 3,
  });
});
