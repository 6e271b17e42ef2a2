/** Resolves at the first SIGTERM or SIGINT; until then neither ends the process. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, settle);
  });
}
