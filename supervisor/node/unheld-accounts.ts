/** Tells of requests that wait for gateway accounts which the configuration does not have, or no longer: else nobody would say so. */
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Part } from './supervise.ts';

/** Between two looks: each costs the server a few questions. */
const EVERY_MS = 300_000;
/** After one that the server did not answer. */
const AGAIN_MS = 10_000;

const WHAT =
  'requests wait for gateway accounts that are not configured here and that no node holds: their money stands still';

/** Looks at once, and again and again. `look`: how many wait, by account. */
export function tellUnheld(
  look: () => Promise<ReadonlyMap<string, number>>,
  clock: Pick<Clock, 'after'>,
  log: Logger,
): Part {
  let stopped = false;
  let cancel = (): void => undefined;
  const next = (ms: number): void => {
    if (!stopped) cancel = clock.after(ms, tell);
  };
  const tell = (): void =>
    void look().then(
      (waiting) => {
        if (waiting.size > 0 && !stopped) log.warn({ waiting: Object.fromEntries(waiting) }, WHAT);
        next(EVERY_MS);
      },
      () => next(AGAIN_MS),
    );
  tell();
  return {
    async stop() {
      stopped = true;
      cancel();
    },
  };
}
