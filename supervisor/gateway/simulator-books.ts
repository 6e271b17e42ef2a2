/**
 * The simulated provider's own books, and what it would not do on them: what the terms of an authorisation don't allow, refunds beyond
 * captures, and no party pays back more than it was paid.
 */
import { AUTHORISATION_DECLINES, isTold, SimulatorAuthorisations } from './simulator-authorisations.ts';
import type { Call } from './simulator-entry.ts';

export const DECLINES = {
  declined: 'the provider declined',
  'idempotency-mismatch': 'the key was used for something else before',
  'late-failure': 'it was accepted and failed afterwards',
  'invalid-amount': 'the amount is not a whole number of minor units above zero',
  'authorisation-expired': 'the authorisation has expired',
  'exceeds-captured': 'the refund exceeds what is left of the captures',
  'party-missing': 'the request does not say whose money it is',
  'insufficient-balance': 'the party holds less than that',
  'account-closed': 'the account of the party is closed',
  ...AUTHORISATION_DECLINES,
} as const;
export type DeclineCode = keyof typeof DECLINES;

/** What is booked and kept of a call. */
export type BookedCall = Omit<Call, 'method' | 'notAfter' | 'authorisation'>;

export class SimulatorBooks {
  private readonly authorisations = new SimulatorAuthorisations();
  /** By party and currency. */
  private readonly paid = new Map<string, number>();
  /** Transactions of reauthorisations that failed late. */
  private readonly withdrawn = new Set<string>();

  /**
   * A transaction whose authorisation no call told, as those of older releases, is not held to terms. If it settled at once, it is
   * refunded without ever being captured here: unless a record says so or not (`settlesAtOnce`), it did if no capture was asked for.
   */
  objection(
    call: Call,
    at: number,
    settlesAtOnce = !this.authorisations.isCaptureAsked(call.transaction),
  ): DeclineCode | undefined {
    if (!Number.isSafeInteger(call.amount) || call.amount <= 0) return 'invalid-amount';
    const isLate = call.kind === 'capture' && call.notAfter !== undefined && at > Date.parse(call.notAfter);
    if (isLate || (call.kind === 'capture' && this.withdrawn.has(call.transaction))) return 'authorisation-expired';
    if (isTold(call)) return this.authorisations.objection(call, at);
    switch (call.kind) {
      case 'refund':
        if (settlesAtOnce) return undefined;
        return call.amount <= this.authorisations.refundable(call.transaction) ? undefined : 'exceeds-captured';
      case 'payout':
        return call.party === undefined ? 'party-missing' : undefined;
      case 'payout-reversal':
        if (call.party === undefined) return 'party-missing';
        return call.amount <= this.balanceOf(call) ? undefined : 'insufficient-balance';
      default:
        return undefined;
    }
  }

  /** What a party holds of the call's currency. */
  balanceOf(call: BookedCall): number {
    return Math.max(0, this.paid.get(holding(call)) ?? 0);
  }

  /** A call was looked at, whatever came of it. */
  see(call: BookedCall): void {
    this.authorisations.see(call);
  }

  book(call: BookedCall, at: number, gatewayReference: string): void {
    if (call.kind === 'reauthorisation') this.withdrawn.delete(gatewayReference);
    this.authorisations.book(call, at, 1);
    this.pay(call, 1);
  }

  undo(call: BookedCall, at: number, gatewayReference: string): void {
    if (call.kind === 'reauthorisation') this.withdrawn.add(gatewayReference);
    this.authorisations.book(call, at, -1);
    this.pay(call, -1);
  }

  private pay(call: BookedCall, sign: 1 | -1): void {
    if (call.kind !== 'payout' && call.kind !== 'payout-reversal') return;
    const amount = call.kind === 'payout' ? call.amount : -call.amount;
    this.paid.set(holding(call), (this.paid.get(holding(call)) ?? 0) + sign * amount);
  }
}

function holding({ party, currency }: BookedCall): string {
  return `${party} ${currency}`;
}
