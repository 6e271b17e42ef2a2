/** Where a period begins or ends, as people say it: a day of UTC, which is the instant at which it begins, or an instant in UTC. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

export const NO_MOMENT = 'neither a day (2026-11-22) nor an instant in UTC (2026-11-22T09:00:00Z)';

/** Milliseconds since the epoch. */
export function momentOf(text: string): number | undefined {
  const at = DAY.test(text) || INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  // A thirtieth of February would become a day of March.
  const isReal = !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text.slice(0, 10);
  return isReal ? at : undefined;
}
