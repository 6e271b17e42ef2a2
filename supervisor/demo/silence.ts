const WATCH_MS = 1000;

/** Calls `silent` once `count` has not moved for `limitMs`; the function that is returned ends the watch. */
export function watchForSilence(count: () => number, limitMs: number, silent: () => void): () => void {
  let [seen, since] = [count(), performance.now()];
  const timer = setInterval(() => {
    const now = count();
    if (now !== seen) [seen, since] = [now, performance.now()];
    else if (performance.now() - since >= limitMs) silent();
  }, WATCH_MS);
  return () => clearInterval(timer);
}
