/** A process that runs seeds, one after another. A seed that it never comes back from is a failure like any other: it has a name. */
import type { SeedReport } from './worker.ts';

/** Most take a tenth of a second. Without an end of its own is only what no event of virtual time interrupts. */
export const SEED_MS = 60_000;

export interface SeedWorker {
  run(seed: number): void;
  /** There are no more. */
  leave(): void;
  kill(): void;
}

export interface WorkerPorts {
  /** `ended`: the process did, in order where no `how` is told. */
  start(reported: (report: SeedReport) => void, ended: (how?: string) => void): SeedWorker;
  after(ms: number, run: () => void): () => void;
}

/** Takes the next seed whenever it is done with one; a new process goes on after one that ended in the middle of a seed. */
export function work(
  next: Iterator<number>,
  finished: (report: SeedReport) => void,
  { start, after }: WorkerPorts,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let seed: number | undefined;
    let isLate = false;
    let cancel = (): void => {};
    const reported = (report: SeedReport): void => {
      if (isLate || seed === undefined) return;
      cancel();
      finished(report);
      give();
    };
    const ended = (how?: string): void => {
      cancel();
      const lost = seed;
      seed = undefined;
      if (lost !== undefined) {
        const why = isLate ? `no end within ${SEED_MS / 1000} s` : `its process ended with ${how ?? 'no report'}`;
        finished({ seed: lost, violations: [why], counts: [] });
        resolve(work(next, finished, { start, after }));
      } else if (how === undefined) resolve();
      else reject(new Error(`a worker ended with ${how}`));
    };
    const worker = start(reported, ended);
    const give = (): void => {
      const { value, done } = next.next();
      seed = done ? undefined : value;
      if (seed === undefined) {
        worker.leave();
        return;
      }
      worker.run(seed);
      cancel = after(SEED_MS, () => {
        isLate = true;
        worker.kill();
      });
    };
    give();
  });
}
