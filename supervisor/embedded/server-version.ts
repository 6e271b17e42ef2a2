/** Older ones may check the wrong expected subject of a batch, and so let a fenced owner write, or drop its schedules. */
export const MINIMUM_VERSION = '2.14.4';

/** What `nats-server --version` prints (`nats-server: v2.15.1`, or `v2.15.0-RC.2`), and what a server says to its clients (`2.15.1`). */
const PRINTED = /\bv?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.]+)?\b/;

export interface ServerVersion {
  /** Major, minor, patch. */
  readonly numbers: readonly [number, number, number];
  readonly preview: boolean;
  readonly text: string;
}

export function parseServerVersion(printed: string): ServerVersion | undefined {
  const found = PRINTED.exec(printed);
  if (found === null) return undefined;
  const [, major, minor, patch, preview] = found;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    preview: preview !== undefined,
    text: `${major}.${minor}.${patch}${preview ?? ''}`,
  };
}

/** A preview of the minimum itself comes before it. */
export function isRecentEnough(version: ServerVersion): boolean {
  const minimum = parseServerVersion(MINIMUM_VERSION);
  if (minimum === undefined) return false;
  for (const [index, wanted] of minimum.numbers.entries()) {
    const present = version.numbers[index] ?? 0;
    if (present !== wanted) return present > wanted;
  }
  return !version.preview;
}
