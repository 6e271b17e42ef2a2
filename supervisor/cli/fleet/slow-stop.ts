import type { Logger } from 'pino';

/** Nobody wonders before. */
const SLOW_MS = 2000;

/** Whoever asked for an end sees what it waits for, and for how long at most. `stopping` resolves with whether it had to be killed. */
export async function sayingWhatIsWaitedFor(
  what: string,
  withinMs: number,
  log: Logger,
  stopping: Promise<boolean>,
): Promise<void> {
  const seconds = withinMs / 1000;
  const slow = setTimeout(
    () => log.warn(`waiting for ${what} to stop: ${seconds} s at most, then it is killed`),
    SLOW_MS,
  );
  const wasKilled = await stopping.finally(() => clearTimeout(slow));
  if (wasKilled)
    log.warn(
      `${what} did not stop within ${seconds} s and was killed: what is stored is safe, the rest is done at the next start`,
    );
}
