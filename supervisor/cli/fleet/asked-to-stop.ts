/** Resolves at the first signal that asks for an end; it does not end the process. A second one does: nothing is left behind. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, settle);
    // A terminal that is closed says so more than once: by its shell and by the system.
    process.on('SIGHUP', settle);
  });
}
