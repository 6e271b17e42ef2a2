import { expect, test } from 'vitest';
import { readPeriod } from '../../../supervisor/cli/period.ts';

test('a period is of days and instants in UTC, without bounds where none are given', () => {
  expect(readPeriod({})).toEqual({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
  expect(readPeriod({ from: '2026-02-28', to: '2026-03-01T00:00:00.250Z' })).toEqual({
    from: Date.UTC(2026, 1, 28),
    to: Date.UTC(2026, 2, 1, 0, 0, 0, 250),
  });
});

test.each([
  '2026-02-30',
  '2026-13-01',
  '2026-11-22T24:00:00Z',
  '2026-11-22T09:00:00',
  '2026-11-22T09:00:00+01:00',
  'today',
])('%s is no moment', (text) => {
  const said = `--from ${text} is neither a day (2026-11-22) nor an instant in UTC (2026-11-22T09:00:00Z)`;
  expect(() => readPeriod({ from: text })).toThrow(said);
  expect(() => readPeriod({ to: text })).toThrow(said.replace('--from', '--to'));
});

test('a period ends after it begins', () => {
  expect(() => readPeriod({ from: '2026-11-22', to: '2026-11-22' })).toThrow(
    '--from 2026-11-22 is not before --to 2026-11-22',
  );
});
