/** A point in time as commands, rules and settlement files say it: RFC 3339. */
import Type from 'typebox';

/**
 * With an offset or `Z`, of the years 2000 to 2199, without leap seconds: what every later reckoning and the server's timers understand.
 * The format alone would let zone names through (`2026-11-22T09:00:00Z[Europe/Paris]`, RFC 9557).
 */
export const INSTANT_PATTERN =
  '^2[01][0-9]{2}-[01][0-9]-[0-3][0-9][Tt][0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?([Zz]|[+-][0-2][0-9]:[0-5][0-9])$';

export const Instant = Type.String({ format: 'date-time', pattern: INSTANT_PATTERN, maxLength: 40 });

export const NO_INSTANT = 'must be a time of RFC 3339, of the years 2000 to 2199: 2026-11-22T09:00:00Z';

const IN_UTC = /T[0-9:]{8}(\.[0-9]{1,3})?Z$/;

let last = { at: 0, text: new Date(0).toISOString() };

/** Of milliseconds since the epoch. All that one message sets off is of its time: the last one is remembered. */
export function instantOf(at: number): string {
  if (at !== last.at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}

/** As it is told to everybody, who said it with whatever offset: in UTC. One that is in UTC stays as it was said. */
export const inUtc = (text: string): string => (IN_UTC.test(text) ? text : new Date(Date.parse(text)).toISOString());
