import { expect, test } from 'vitest';
import { completePayout } from '../../../supervisor/node/payout-config.ts';

const HOUR_MS = 3600_000;

test('payouts are made at the capture, unless something else is configured', () => {
  expect(completePayout({}, 'f')).toEqual({ when: 'at-capture', period: 'day', endsAfterMs: 0 });
});

test('a period ends at its time of the day, or of its day of the week', () => {
  expect(completePayout({ when: 'by-period', at: '02:30' }, 'f').endsAfterMs).toBe(2.5 * HOUR_MS);
  const weekly = completePayout({ when: 'by-period', period: 'week', weekday: 'friday', at: '18:00' }, 'f');
  expect(weekly.endsAfterMs).toBe((4 * 24 + 18) * HOUR_MS);
});

test('a weekday of a period of a day is refused', () => {
  expect(() => completePayout({ when: 'by-period', weekday: 'friday' }, 'f.json')).toThrow(
    'f.json: payout.weekday is of periods of a week: payout.period must be week',
  );
});
