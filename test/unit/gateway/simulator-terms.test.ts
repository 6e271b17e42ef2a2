/** What the simulated provider declines by the terms of an authorisation. */
import { describe, expect, test } from 'vitest';
import { captureCeiling } from '../../../actors/capability/over-capture.ts';
import { SIMULATED_CARD } from '../../../actors/capability/simulator.ts';
import type { CapabilityOverride } from '../../../protocols/capability.ts';
import { type Call, decodeBatch, encodeBatch } from '../../../supervisor/gateway/simulator-entry.ts';
import { SimulatorState } from '../../../supervisor/gateway/simulator-state.ts';

const START = Date.parse('2026-11-22T09:00:00Z');
const DAY_MS = 24 * 3_600_000;

/** An authorisation of 1000 under these terms: `outcome` is `ok`, or the code of the decline. */
class Transaction {
  private readonly state = new SimulatorState();
  private readonly terms: CapabilityOverride;
  private readonly currency: string;
  private calls = 0;

  constructor(terms: CapabilityOverride = {}, currency = 'EUR') {
    this.terms = terms;
    this.currency = currency;
  }

  ask(kind: Call['kind'], amount: number, at = START, order = 'A1'): string {
    const authorisation = { amount: 1000, at: new Date(START).toISOString(), terms: this.terms };
    const call: Call = {
      key: `k${this.calls++}`,
      kind,
      order,
      transaction: 'pi_1',
      method: 'visa',
      amount,
      currency: this.currency,
      authorisation,
    };
    // As it comes out of the log.
    const [entry] = decodeBatch(encodeBatch({ id: 'b', entries: [{ entry: 'call', at, call }] })).entries;
    const answer = entry && this.state.apply(entry)?.answer;
    return answer?.answer === 'declined' ? answer.code : (answer?.answer ?? 'nothing');
  }

  failLate(amount: number, failsAt = START): void {
    const script = { kind: 'capture', behave: 'late-failure' } as const;
    this.state.apply({ entry: 'script', id: `s${this.calls}`, script });
    expect(this.ask('capture', amount)).toBe('ok');
    this.state.apply({ entry: 'late-failure', key: `k${this.calls - 1}`, at: failsAt });
  }
}

const authorised = (terms?: CapabilityOverride, currency?: string) => new Transaction(terms, currency);

describe('a capture', () => {
  test('pain 6: is declined when the authorisation takes no more of them', () => {
    const visa = authorised({ captures: 2 });
    expect([400, 300, 100].map((amount) => visa.ask('capture', amount))).toEqual(['ok', 'ok', 'too-many-captures']);
  });

  test('pain 7: is declined when the last one released the rest', () => {
    const visa = authorised({ captures: 5, partialReleasesRest: true });
    expect([visa.ask('capture', 400), visa.ask('capture', 1)]).toEqual(['ok', 'authorisation-released']);
    expect(visa.ask('void', 600)).toBe('authorisation-released');
  });

  test('of a part is declined where only the whole can be captured', () => {
    const whole = authorised({ delayedCapture: 'full', captures: 1 });
    expect([whole.ask('capture', 999), whole.ask('capture', 1000)]).toEqual(['partial-capture', 'ok']);
  });

  test('is declined where the money was taken at once, as a void is', () => {
    const ideal = authorised({ delayedCapture: 'none' });
    expect([ideal.ask('capture', 1000), ideal.ask('void', 1000)]).toEqual(['settled-at-once', 'settled-at-once']);
  });

  test('goes up to the ceiling with what was voided and captured before, and no further', () => {
    const visa = authorised();
    expect([visa.ask('capture', 400), visa.ask('void', 300)]).toEqual(['ok', 'ok']);
    expect([visa.ask('capture', 451), visa.ask('capture', 450)]).toEqual(['exceeds-authorised', 'ok']);
    const exact = authorised({ overCapture: { percent: 0 } });
    expect([exact.ask('capture', 1001), exact.ask('capture', 1000), exact.ask('void', 1)]).toEqual([
      'exceeds-authorised',
      'ok',
      'exceeds-authorised',
    ]);
  });

  test('that failed late is as if it had not been', () => {
    const visa = authorised({ captures: 1 });
    visa.failLate(700);
    expect([visa.ask('refund', 1), visa.ask('capture', 1000)]).toEqual(['exceeds-captured', 'ok']);
  });
});

describe('a refund', () => {
  test('of a part is declined where only the whole is given back', () => {
    const voucher = authorised({ partialRefund: false });
    voucher.ask('capture', 800);
    expect([voucher.ask('refund', 799), voucher.ask('refund', 800)]).toEqual(['partial-refund', 'ok']);
  });

  test('is declined when the payment is too old, as the capture or as what settled at once', () => {
    const visa = authorised({ refundWithin: 10 });
    visa.ask('capture', 800, START + DAY_MS);
    expect(visa.ask('refund', 1, START + 11 * DAY_MS)).toBe('ok');
    expect(visa.ask('refund', 1, START + 11 * DAY_MS + 1)).toBe('refund-window-closed');
    const ideal = authorised({ delayedCapture: 'none', refundWithin: 10 });
    expect(ideal.ask('refund', 1, START + 10 * DAY_MS)).toBe('ok');
    expect(ideal.ask('refund', 1, START + 10 * DAY_MS + 1)).toBe('refund-window-closed');
  });

  test('is as old as what was captured, whatever failed since', () => {
    const visa = authorised({ refundWithin: 5 });
    visa.ask('capture', 400);
    visa.failLate(300, START + 10 * DAY_MS);
    expect(visa.ask('refund', 100, START + 11 * DAY_MS)).toBe('refund-window-closed');
  });

  test('of what settled at once is bounded by what was paid', () => {
    const ideal = authorised({ delayedCapture: 'none' });
    expect([ideal.ask('refund', 600), ideal.ask('refund', 401)]).toEqual(['ok', 'exceeds-captured']);
  });
});

test('pain 16: an amount finer than the step of its currency is declined, whatever moves it', () => {
  const terms = { amountStep: { KWD: 10 } };
  const kuwait = authorised(terms, 'KWD');
  expect([kuwait.ask('capture', 995), kuwait.ask('capture', 990)]).toEqual(['amount-step', 'ok']);
  expect([kuwait.ask('refund', 5), kuwait.ask('void', 5)]).toEqual(['amount-step', 'amount-step']);
  expect(authorised(terms, 'EUR').ask('capture', 995)).toBe('ok');
});

test('over-capture is a share of what was authorised, and no more than its currency has', () => {
  const ceiling = (percent: number, most: Record<string, number> | undefined, currency: string, amount = 100_000) =>
    captureCeiling(amount, { ...SIMULATED_CARD, overCapture: { percent, ...(most ? { most } : {}) } }, currency);
  expect(ceiling(15, undefined, 'EUR')).toBe(115_000);
  expect(ceiling(15, { USD: 7500 }, 'USD')).toBe(107_500);
  expect(ceiling(15, { USD: 7500 }, 'EUR')).toBe(100_000);
  expect(ceiling(15, undefined, 'EUR', 99)).toBe(113);
  expect(ceiling(0, undefined, 'EUR')).toBe(100_000);
});

describe('orders that name one transaction', () => {
  test('are held to their own authorisations', () => {
    const visa = authorised({ captures: 1 });
    expect(visa.ask('capture', 1000, START, 'A1')).toBe('ok');
    expect(visa.ask('capture', 1000, START, 'A2')).toBe('ok');
    expect(visa.ask('capture', 1, START, 'A2')).toBe('too-many-captures');
    expect(visa.ask('refund', 1000, START, 'A2')).toBe('ok');
    expect(visa.ask('refund', 1, START, 'A2')).toBe('exceeds-captured');
    expect(visa.ask('refund', 1000, START, 'A1')).toBe('ok');
  });

  test('give back no more than was taken together, whichever of them was paid by what the other gave back', () => {
    const visa = authorised();
    expect(visa.ask('capture', 1000, START, 'A1')).toBe('ok');
    expect(visa.ask('refund', 400, START, 'A2')).toBe('ok');
    expect(visa.ask('refund', 601, START, 'A1')).toBe('exceeds-captured');
    expect(visa.ask('refund', 600, START, 'A1')).toBe('ok');
  });
});
