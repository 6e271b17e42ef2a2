import { SAME_KEY_MS } from './stop-request.ts';

/** Resolves at the first signal that asks for an end; it does not end the process. A second one does: nothing is left behind. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    let first: number | undefined;
    const press = (signal: NodeJS.Signals): void => {
      if (first === undefined) {
        first = performance.now();
        settle(signal);
      } else if (performance.now() - first > SAME_KEY_MS) {
        process.off('SIGTERM', press);
        process.off('SIGINT', press);
        process.kill(process.pid, signal);
      }
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, press);
    // A terminal that is closed says so more than once: by its shell and by the system.
    process.on('SIGHUP', settle);
  });
}
