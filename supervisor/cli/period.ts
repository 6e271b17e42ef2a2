import { momentOf, NO_MOMENT } from '../../protocols/moment.ts';
import { UsageError } from './command.ts';

export const PERIOD_OPTIONS = {
  from: { type: 'string', value: '<time>', help: 'from then on: a day, or an instant, of UTC' },
  to: { type: 'string', value: '<time>', help: 'up to then, not included' },
} as const;

/** Milliseconds since the epoch, the end not included. */
export interface Period {
  from: number;
  to: number;
}

/** Without bounds where none are given. */
export function readPeriod({ from, to }: { from?: string; to?: string }): Period {
  const period = {
    from: from === undefined ? Number.NEGATIVE_INFINITY : instant('from', from),
    to: to === undefined ? Number.POSITIVE_INFINITY : instant('to', to),
  };
  if (period.from >= period.to) throw new UsageError(`--from ${from} is not before --to ${to}`);
  return period;
}

export function instant(option: string, text: string): number {
  const at = momentOf(text);
  if (at === undefined) throw new UsageError(`--${option} ${text} is ${NO_MOMENT}`);
  return at;
}
