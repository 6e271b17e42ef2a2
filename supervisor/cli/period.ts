import { UsageError } from './command.ts';

export const PERIOD_OPTIONS = {
  from: { type: 'string', value: '<time>', help: 'from then on: a day of UTC, or a time of RFC 3339' },
  to: { type: 'string', value: '<time>', help: 'up to then, not included' },
} as const;

/** Milliseconds since the epoch, the end not included. */
export interface Period {
  from: number;
  to: number;
}

const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Without bounds where none are given. */
export function readPeriod({ from, to }: { from?: string; to?: string }): Period {
  const period = {
    from: from === undefined ? Number.NEGATIVE_INFINITY : instant('from', from),
    to: to === undefined ? Number.POSITIVE_INFINITY : instant('to', to),
  };
  if (period.from >= period.to) throw new UsageError(`--from ${from} is not before --to ${to}`);
  return period;
}

function instant(option: string, text: string): number {
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`--${option} ${text}: 2026-11-22 or 2026-11-22T10:00:00Z is wanted`);
  return at;
}
