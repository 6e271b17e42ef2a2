import { describe, expect, it } from 'vitest';
import { amountText, exponentOf, formatMinor } from '../../../protocols/currency.ts';

describe('currency', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['HUF', 2],
    ['ISK', 0],
    ['IQD', 3],
    ['MRU', 2],
  ])('%s has exponent %i', (currency, exponent) => {
    expect(exponentOf(currency)).toBe(exponent);
  });

  it.each(['', 'eur', 'EURO', 'ZZZ', 'XAU', 'XXX', 'XTS', 'constructor', 'EUR GBP'])('%j is no currency', (code) => {
    expect(exponentOf(code)).toBeUndefined();
  });

  it.each([
    [12980, 'EUR', '129.80 EUR'],
    [0, 'EUR', '0.00 EUR'],
    [-0, 'EUR', '0.00 EUR'],
    [5, 'EUR', '0.05 EUR'],
    [-5, 'EUR', '-0.05 EUR'],
    [-12980, 'EUR', '-129.80 EUR'],
    [1, 'KWD', '0.001 KWD'],
    [12345, 'CLF', '1.2345 CLF'],
    [Number.MAX_SAFE_INTEGER, 'EUR', '90071992547409.91 EUR'],
  ])('%d in %s reads %s', (amount, currency, text) => {
    expect(formatMinor(amount, currency)).toBe(text);
  });

  it('zero-decimal ×100 (woocommerce-gateway-stripe 435): ¥500 is 500 minor units', () => {
    expect(formatMinor(500, 'JPY')).toBe('500 JPY');
    expect(formatMinor(5800, 'JPY')).toBe('5800 JPY');
  });

  it('a currency that nobody knows has its amounts in minor units', () => {
    expect(amountText(500, 'EUR')).toBe('5.00 EUR');
    expect(amountText(500, 'ZZZ')).toBe('500 minor units of ZZZ');
  });

  it('what is no amount or no currency is a defect', () => {
    expect(() => formatMinor(1.5, 'EUR')).toThrow(RangeError);
    expect(() => formatMinor(Number.MAX_SAFE_INTEGER + 1, 'EUR')).toThrow(RangeError);
    expect(() => formatMinor(1, 'ZZZ')).toThrow(RangeError);
  });
});
