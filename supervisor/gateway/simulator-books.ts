/**
 * The simulated provider's own books, and what it would not do on them: refunds of a transaction never exceed its captures
 * (where it is captured at all), and no party pays back more than it was paid.
 */
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
} as const;
export type DeclineCode = keyof typeof DECLINES;

/** What is booked and kept of a call. */
export type BookedCall = Omit<Call, 'method' | 'notAfter'>;

export class SimulatorBooks {
  /** By transaction, less what failed late; zero where captures were declined. */
  private readonly captured = new Map<string, number>();
  private readonly refunded = new Map<string, number>();
  /** By party and currency. */
  private readonly paid = new Map<string, number>();

  /**
   * Methods that settle at once are refunded without ever being captured here. Unless a capability record says so or not
   * (`settlesAtOnce`), a transaction whose capture was never asked for is taken for one.
   */
  objection(call: Call, at: number, settlesAtOnce = !this.captured.has(call.transaction)): DeclineCode | undefined {
    if (!Number.isSafeInteger(call.amount) || call.amount <= 0) return 'invalid-amount';
    switch (call.kind) {
      case 'capture':
        return call.notAfter !== undefined && at > Date.parse(call.notAfter) ? 'authorisation-expired' : undefined;
      case 'refund':
        return settlesAtOnce || call.amount <= this.refundable(call.transaction) ? undefined : 'exceeds-captured';
      case 'void':
        return undefined;
      case 'payout':
        return call.party === undefined ? 'party-missing' : undefined;
      case 'payout-reversal':
        if (call.party === undefined) return 'party-missing';
        return call.amount <= balance(this.paid, holding(call)) ? undefined : 'insufficient-balance';
    }
  }

  /** What a party holds of the call's currency. */
  balanceOf(call: BookedCall): number {
    return Math.max(0, balance(this.paid, holding(call)));
  }

  /** A call was looked at, whatever came of it. */
  see(call: BookedCall): void {
    this.add(call, 0);
  }

  book(call: BookedCall): void {
    this.add(call, call.amount);
  }

  undo(call: BookedCall): void {
    this.add(call, -call.amount);
  }

  private refundable(transaction: string): number {
    return balance(this.captured, transaction) - balance(this.refunded, transaction);
  }

  private add(call: BookedCall, amount: number): void {
    switch (call.kind) {
      case 'capture':
        increase(this.captured, call.transaction, amount);
        break;
      case 'refund':
        increase(this.refunded, call.transaction, amount);
        break;
      case 'payout':
        increase(this.paid, holding(call), amount);
        break;
      case 'payout-reversal':
        increase(this.paid, holding(call), -amount);
        break;
      case 'void':
        break;
    }
  }
}

function holding({ party, currency }: BookedCall): string {
  return `${party} ${currency}`;
}

function balance(book: Map<string, number>, key: string): number {
  return book.get(key) ?? 0;
}

function increase(book: Map<string, number>, key: string, amount: number): void {
  book.set(key, balance(book, key) + amount);
}
