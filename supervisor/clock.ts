export interface Clock {
  /** Milliseconds since the epoch: what is written down. It jumps when somebody sets the clock. */
  now(): number;
  /** Whole milliseconds since some moment, which never go back: what is waited for. */
  elapsed(): number;
  /** Runs once after `ms`; the function that is returned cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's. */
export const CLOCK: Clock = {
  now: Date.now,
  elapsed: () => Math.floor(performance.now()),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
