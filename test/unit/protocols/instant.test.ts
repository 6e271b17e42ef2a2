import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { brokenRule } from '../../../protocols/broken-rule.ts';
import { Instant, inUtc, NO_INSTANT } from '../../../protocols/instant.ts';

const instant = Compile(Instant);

test.each([
  '2026-11-22T09:00:00Z',
  '2026-11-22T09:00:00.123456789Z',
  '2026-11-22T09:00:00+05:30',
  '2026-11-22t09:00:00z',
  '2000-01-01T00:00:00Z',
  '2199-12-31T23:59:59Z',
  '2028-02-29T00:00:00-12:00',
])('%s is a time', (text) => {
  expect(instant.Check(text)).toBe(true);
  expect(Number.isFinite(Date.parse(text))).toBe(true);
});

test.each([
  '2026-11-22T09:00:00Z[Europe/Paris]',
  '2026-11-22T09:00:00+01:00[Europe/Paris]',
  '2026-12-31T23:59:60Z',
  '2026-02-30T00:00:00Z',
  '2026-11-22T25:00:00Z',
  '2026-11-22T09:00:00',
  '2026-11-22',
  '9999-12-31T23:59:59Z',
  '1999-12-31T23:59:59Z',
  '+012026-11-22T09:00:00Z',
  'yesterday',
])('%s is none, and the rule says what one looks like', (text) => {
  expect(instant.Check(text)).toBe(false);
  expect(brokenRule([...instant.Errors(text)]).rule).toBe(NO_INSTANT);
});

test.each([
  ['2026-11-22T10:00:00+01:00', '2026-11-22T09:00:00.000Z'],
  ['2026-11-22T00:30:00.5+05:30', '2026-11-21T19:00:00.500Z'],
  ['2026-11-22T09:00:00-00:00', '2026-11-22T09:00:00.000Z'],
  ['2026-11-22t09:00:00z', '2026-11-22T09:00:00.000Z'],
  ['2026-11-22T09:00:00.123456789Z', '2026-11-22T09:00:00.123Z'],
  ['2026-11-22T09:00:00Z', '2026-11-22T09:00:00Z'],
  ['2026-11-22T09:00:00.120Z', '2026-11-22T09:00:00.120Z'],
])('%s is told as %s', (said, told) => {
  expect(inUtc(said)).toBe(told);
});
