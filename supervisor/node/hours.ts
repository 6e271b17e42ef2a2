/** A span that the configuration file says in hours. */
import Type from 'typebox';
import { HOUR_MS } from '../../protocols/durations.ts';

/** At most a year; fractions are allowed. */
export const Hours = Type.Number({ exclusiveMinimum: 0, maximum: 8784 });

export const inMs = (hours: number | undefined): number | undefined =>
  hours === undefined ? undefined : Math.ceil(hours * HOUR_MS);
