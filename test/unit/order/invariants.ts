/** Money rules, section 6, at every published state of an order. */
import { expect } from 'vitest';
import type { GatewayRequest } from '../../../protocols/gateway.ts';
import type { OrderView } from '../../../protocols/views.ts';

/** `hadFailures`: now, or before the provider took the money after all. */
export function checkBooks(view: OrderView, requests: readonly GatewayRequest[], hadFailures: boolean): void {
  const { totals, ledger, parties } = view;
  const sum = (kind: string, ...states: string[]) =>
    ledger.filter((e) => e.kind === kind && states.includes(e.state)).reduce((total, e) => total + e.amount, 0);
  const isTill = view.fulfilment === 'reserve-and-collect';
  const reservedCaptures = sum('capture', 'requested', 'unknown', 'confirmed');
  const reservedRefunds = sum('refund', 'requested', 'unknown', 'confirmed');
  const hasLostFunds = ledger.some((e) => e.kind === 'capture' && e.state === 'failed');

  // 1: 0 ≤ refunded ≤ captured ≤ authorised, with what is in flight.
  if (!hasLostFunds) expect(reservedRefunds).toBeLessThanOrEqual(totals.captured);
  if (!isTill) {
    const voids = sum('void', 'requested', 'unknown', 'confirmed');
    // Weighed goods may cost more than was authorised.
    const most = Math.max(totals.authorised, totals.ordered);
    expect(reservedCaptures - movedTwice(view, 'capture') + voids).toBeLessThanOrEqual(most);
  }
  // 2: Σ parties = captured − refunded.
  const held = Object.values(parties).reduce((total, amount) => total + amount, 0);
  expect(held).toBe(totals.captured - totals.refunded);
  expect(totals.attributed).toBe(held - (parties.headquarters ?? 0));
  if (!isTill && !ledger.some(({ state }) => state === 'failed')) checkStores(view, hadFailures);
  // 4: one business operation, one key: no key is asked for twice, and each has its entry.
  const keys = requests.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const amounts = new Map(ledger.map(({ entry, amount }) => [entry, amount]));
  for (const { key, amount } of requests) {
    expect(amount).toBeGreaterThan(0);
    expect(amounts.get(key)).toBe(amount);
  }
  // 8: units sum to lines.
  for (const line of view.lines) {
    expect(line.ready + line.handedOver + line.cancelled).toBeLessThanOrEqual(line.quantity);
    expect(line.returned).toBeLessThanOrEqual(line.handedOver);
  }
}

/** Stores are paid out of confirmed captures, and give back after the customer has his refund and what they did receive. */
function checkStores(view: OrderView, hadFailures: boolean): void {
  const { ledger, totals } = view;
  const payouts = new Map<string, { asked: number; received: number; back: number; returned: number }>();
  for (const { kind, party, state, amount } of ledger) {
    if (kind !== 'payout' && kind !== 'payout-reversal') continue;
    const of = payouts.get(party) ?? { asked: 0, received: 0, back: 0, returned: 0 };
    payouts.set(party, of);
    if (kind === 'payout' && state !== 'failed') of.asked += amount;
    if (kind === 'payout' && state === 'confirmed') of.received += amount;
    if (kind === 'payout-reversal' && state !== 'failed') of.back += amount;
    if (kind === 'payout-reversal' && state === 'confirmed') of.returned += amount;
  }
  // Less than an amount step is refunded as nothing.
  const isRefunded = ledger.some(({ kind, state }) => kind === 'refund' && state === 'confirmed');
  let outside = 0;
  for (const { asked, received, back, returned } of payouts.values()) {
    outside += asked - returned;
    expect(back).toBeLessThanOrEqual(received);
    if (!isRefunded && !hadFailures) expect(back).toBe(0);
  }
  // What an amount step left out of captures is paid on all the same.
  const inTransit = ledger.reduce(
    (sum, { kind, transit = 0 }) => (kind === 'capture' ? sum + Math.max(0, transit) : sum),
    0,
  );
  // And a till that gives the customer his money back is made whole.
  const atTills = ledger.reduce((sum, { kind, party, amount }) => {
    return kind === 'refund' && party !== 'customer' ? sum + amount : sum;
  }, 0);
  expect(outside - movedTwice(view, 'payout')).toBeLessThanOrEqual(totals.captured + inTransit + atTills);
}

/** A person said that it never would, so that it was asked for again. */
function movedTwice({ ledger }: OrderView, kind: string): number {
  const moved = ledger.filter((entry) => entry.kind === kind && entry.state === 'confirmed');
  const keys = new Set(moved.map(({ entry }) => entry));
  return moved.reduce((sum, { retries, amount }) => (retries && keys.has(retries) ? sum + amount : sum), 0);
}
