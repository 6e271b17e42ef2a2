/** `payout` of the configuration file: when franchises get their share, where their own terms say nothing. */
import Type, { type Static } from 'typebox';
import { DEFAULT_PAYOUT } from '../../actors/order/payout/payout-period.ts';
import type { PayoutPolicy } from '../../actors/order/policies.ts';
import { DAY_MS } from '../../protocols/durations.ts';
import { PAYOUT_MOMENTS } from '../../protocols/sourcing.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const MINUTE_MS = 60 * 1000;

export const PayoutSchema = Type.Object(
  {
    when: Type.Optional(Type.Enum([...PAYOUT_MOMENTS])),
    /** A period ends at `at` (UTC): every day, or on one day of the week. */
    period: Type.Optional(Type.Enum(['day', 'week'])),
    weekday: Type.Optional(Type.Enum([...WEEKDAYS])),
    at: Type.Optional(Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })),
  },
  { additionalProperties: false },
);

/** Throws where a weekday is named for periods of a day. */
export function completePayout(given: Static<typeof PayoutSchema>, source: string): PayoutPolicy {
  const { when, period } = { ...DEFAULT_PAYOUT, ...given };
  if (given.weekday !== undefined && period === 'day')
    throw new Error(`${source}: payout.weekday is of periods of a week: payout.period must be week`);
  const [hours = 0, minutes = 0] = (given.at ?? '00:00').split(':').map(Number);
  const day = WEEKDAYS.indexOf(given.weekday ?? 'monday');
  return { when, period, endsAfterMs: day * DAY_MS + (hours * 60 + minutes) * MINUTE_MS };
}
