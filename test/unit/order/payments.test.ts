/** What is frozen of a payment when the order is placed. */
import { describe, expect, test } from 'vitest';
import { accountMethods } from '../../../actors/capability/account-methods.ts';
import type { OrderPolicy } from '../../../actors/order/record.ts';
import { A, BASE, paymentOf, plan, reserved, type Scenario, scenario, shop } from './scenario.ts';

const { captureBefore: _, ...OPEN } = paymentOf(BASE);

const paidWith = (
  payment: Partial<typeof OPEN> & { captureBefore?: string },
  policy?: Partial<OrderPolicy>,
): Scenario => scenario('A1', policy).when(shop.place({ ...BASE, payment: { ...OPEN, ...payment } }));

const readyOf = (order: Scenario): Scenario =>
  order.given(plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'), A.ready());

describe('how long an authorisation lives', () => {
  test('without a word from the provider, as long as its method is known for', () => {
    const stripe = accountMethods('stripe');
    const order = readyOf(paidWith({}, { capabilityOf: (_account, method) => stripe.get(method) }));
    expect(order.requests.at(-1)).toMatchObject({ kind: 'capture', notAfter: '2026-11-29T09:00:00.000Z' });
  });

  test('what the provider says of this one counts, shorter or longer', () => {
    for (const captureBefore of ['2026-11-23T09:00:00Z', '2027-02-01T09:00:00Z']) {
      expect(readyOf(paidWith({ captureBefore })).requests.at(-1)).toMatchObject({ notAfter: captureBefore });
    }
  });
});

test('whatever offset the times of an order were said with, they are told in UTC', () => {
  const payment = { ...OPEN, authorisedAt: '2026-11-22T10:00:00+01:00', captureBefore: '2026-11-29t10:00:00+01:00' };
  const order = scenario('A1').when(shop.place({ ...BASE, placedAt: '2026-11-22T18:00:00.000000+09:00', payment }));
  expect(order.view.placedAt).toBe('2026-11-22T09:00:00.000Z');
  expect(order.effects[0]).toMatchObject({ name: 'placed', payload: { placedAt: '2026-11-22T09:00:00.000Z' } });
  const asked = readyOf(order).requests.at(-1);
  expect(asked).toMatchObject({
    notAfter: '2026-11-29T09:00:00.000Z',
    authorisation: { at: '2026-11-22T09:00:00.000Z' },
  });
});

test('an order keeps what its method could do when it was placed', () => {
  let known = accountMethods('adyen');
  const order = paidWith({}, { capabilityOf: (_account, method) => known.get(method) });
  known = accountMethods('adyen', { visa: { validFor: { customer: 1, merchant: 1 } } });
  expect(readyOf(order).requests.at(-1)).toMatchObject({ notAfter: '2026-12-20T09:00:00.000Z' });
});

test('an unknown method is refused with its account, and with the methods that there are', () => {
  const mollie = accountMethods('klarna', { 'own-voucher': {} });
  const policy = {
    capabilityOf: (_account: string, method: string) => mollie.get(method),
    methodsOf: () => mollie.keys(),
  };
  expect(paidWith({ method: 'visa' }, policy).last).toMatchObject({
    refusal: {
      code: 'unknown-payment-method',
      reason: 'payment.method: account main has no visa; it has klarna, own-voucher',
    },
  });
});

test('pain 16: an amount that the provider can not have authorised is refused with its step', () => {
  const stripe = accountMethods('stripe');
  const place = (authorised: number) =>
    scenario('A1', { capabilityOf: (_account, method) => stripe.get(method) }).when(
      shop.place({ ...BASE, currency: 'KWD', payment: { ...OPEN, authorised } }),
    );
  const reason = 'payment.authorised: must be a multiple of 0.010 KWD, the finest that visa takes';
  expect(place(12985).last).toMatchObject({ refusal: { code: 'invalid-payload', reason } });
  expect(place(12980).last?.kind).toBe('applied');
});

describe('a method that settles at once', () => {
  test('is refused where the money was not taken, with the figure', () => {
    const reason = 'payment.captured: ideal takes the money at once, so it must be what is authorised, 129.80 EUR';
    expect(paidWith({ method: 'ideal' }).last).toMatchObject({ refusal: { code: 'not-settled', reason } });
    expect(paidWith({ method: 'ideal', captured: 0 }).last).toMatchObject({ refusal: { code: 'not-settled' } });
  });

  test('is never asked for a capture, and neither is a card that was captured already', () => {
    for (const method of ['ideal', 'visa']) {
      const order = readyOf(paidWith({ method, captured: 12980 }));
      order.ledger('A1-c1 12980 confirmed', 'A1-p1 10928 requested');
    }
  });
});
