import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { accountMethods } from '../../../actors/capability/account-methods.ts';
import { capabilityProblems } from '../../../actors/capability/check-capability.ts';
import { GENERIC } from '../../../actors/capability/generic.ts';
import { PROVIDER_NAMES, shippedMethods } from '../../../actors/capability/shipped.ts';
import { CAPABILITY } from '../../../protocols/capability.ts';
import { exponentOf } from '../../../protocols/currency.ts';
import { isToken } from '../../../protocols/token.ts';

const FORM = Compile(CAPABILITY);
const SHIPPED = PROVIDER_NAMES.flatMap((provider) =>
  Object.entries(shippedMethods(provider)).map(([method, record]) => [provider, method, record] as const),
);

test.each(SHIPPED)('the record of %s for %s keeps its schema and its rules', (_, method, record) => {
  expect(isToken(method)).toBe(true);
  expect([...FORM.Errors(record)]).toEqual([]);
  expect(capabilityProblems(record)).toEqual([]);
});

const HOURS = 24;

describe('what is documented is what is shipped', () => {
  const of = (provider: (typeof PROVIDER_NAMES)[number], method: string) => accountMethods(provider).get(method);

  test.each([
    ['stripe', 'visa', { validFor: { customer: 7 * HOURS, merchant: 4 * HOURS + 18 } }],
    ['stripe', 'mastercard', { captures: 1, partialReleasesRest: true }],
    ['stripe', 'ideal', { delayedCapture: 'none' }],
    ['adyen', 'visa', { validFor: { customer: 28 * HOURS, merchant: 28 * HOURS } }],
    ['adyen', 'cartes-bancaires', { validFor: { customer: 12 * HOURS, merchant: 12 * HOURS } }],
    ['adyen', 'vipps', { validFor: { customer: 180 * HOURS, merchant: 180 * HOURS }, refundWithin: 365 }],
    ['paypal', 'paypal', { refundWithin: 180, overCapture: { percent: 15, most: { USD: 7500 } } }],
    ['paypal', 'bancontact', { delayedCapture: 'none', refundWithin: 180 }],
    ['mollie', 'klarna', { captures: 1000, partialReleasesRest: false, refundWithin: 1095 }],
    ['klarna', 'klarna', { validFor: { customer: 28 * HOURS, merchant: 28 * HOURS } }],
  ] as const)('%s, %s', (provider, method, record) => {
    expect(of(provider, method)).toMatchObject(record);
  });

  test.each([
    ['stripe', { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, MGA: 100 }],
    ['adyen', { CVE: 100, IDR: 100 }],
    ['paypal', { HUF: 100, TWD: 100 }],
    ['mollie', {}],
    ['klarna', {}],
  ] as const)('%s takes no finer amounts than %j with any method', (provider, steps) => {
    for (const { amountStep } of Object.values(shippedMethods(provider))) expect(amountStep).toEqual(steps);
  });

  test.each([
    ['stripe', 'MGA'],
    ['adyen', 'CVE'],
    ['adyen', 'IDR'],
    ['paypal', 'HUF'],
    ['paypal', 'TWD'],
  ] as const)('a step of %s for %s is one whole unit of it', (provider, currency) => {
    for (const { amountStep } of Object.values(shippedMethods(provider)))
      expect(amountStep[currency]).toBe(10 ** (exponentOf(currency) ?? Number.NaN));
  });

  test('a provider has the methods that it has', () => {
    expect(of('klarna', 'visa')).toBeUndefined();
    expect(of('mollie', 'vipps')).toBeUndefined();
  });

  test('the simulator knows every method of every provider, settled at once where it is so elsewhere', () => {
    for (const [, method, { delayedCapture }] of SHIPPED) {
      const simulated = of('simulator', method);
      expect(simulated).toBeDefined();
      if (method !== 'paypal') expect(simulated?.delayedCapture === 'none').toBe(delayedCapture === 'none');
    }
    expect(of('simulator', 'gift-card')).toMatchObject({ delayedCapture: 'partial', overCapture: { percent: 0 } });
  });
});

describe('what an account is said to have otherwise', () => {
  test('changes what is said, and nothing else; the last layer wins', () => {
    const icPlus = { visa: { captures: 50, partialReleasesRest: false } };
    const visa = accountMethods('stripe', icPlus, { visa: { captures: 40 } }).get('visa');
    expect(visa).toEqual({ ...shippedMethods('stripe').visa, captures: 40, partialReleasesRest: false });
    expect(accountMethods('stripe', icPlus).get('amex')).toEqual(shippedMethods('stripe').amex);
  });

  test('a method that the provider is not known for is a generic card with what is said', () => {
    expect(accountMethods('stripe', { 'own-voucher': { captures: 2 } }).get('own-voucher')).toEqual({
      ...GENERIC,
      captures: 2,
    });
  });
});
