import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRate } from '../../../protocols/rate.ts';
import { RUNS } from './runs.ts';

describe('rate', () => {
  it.each([
    ['0', 0, 1],
    ['0.0', 0, 1],
    ['0.2', 1, 5],
    ['0.20', 1, 5],
    ['0.08875', 71, 800],
    ['1', 1, 1],
    ['10', 10, 1],
    ['10.00000000', 10, 1],
    ['0.00000001', 1, 100_000_000],
    ['9.99999999', 999_999_999, 100_000_000],
  ])('%s is %d/%d', (text, numerator, denominator) => {
    expect(parseRate(text)).toEqual({ numerator, denominator });
  });

  it.each([
    '',
    ' ',
    '.2',
    '0.',
    '-0.2',
    '+0.2',
    '0,2',
    '2e-1',
    '00.2',
    '0.123456789',
    '10.1',
    '11',
    '0.2 ',
    '0.2\n',
    'NaN',
  ])('%j is no rate', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });

  it('every decimal of the contract is read exactly', () => {
    const scaled = fc.integer({ min: 0, max: 999_999_999 });
    fc.assert(
      fc.property(scaled, (hundredMillionths) => {
        const digits = String(hundredMillionths).padStart(9, '0');
        const parsed = parseRate(`${digits.slice(0, 1)}.${digits.slice(1)}`);
        if (!parsed) throw new Error('refused');
        expect(BigInt(parsed.numerator) * 100_000_000n).toBe(BigInt(hundredMillionths) * BigInt(parsed.denominator));
      }),
      RUNS,
    );
  });
});
