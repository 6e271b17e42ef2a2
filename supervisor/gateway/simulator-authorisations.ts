/**
 * What the simulated provider allows on an authorisation by the terms of its method: a planner that asks for more is declined, as a
 * real provider would.
 */
import { captureCeiling } from '../../actors/capability/over-capture.ts';
import { underTerms } from '../../actors/capability/terms.ts';
import type { Capability } from '../../protocols/capability.ts';
import { DAY_MS } from '../../protocols/durations.ts';
import type { Authorisation } from '../../protocols/gateway.ts';
import type { Call } from './simulator-entry.ts';

export const AUTHORISATION_DECLINES = {
  'settled-at-once': 'the method took the money at once: nothing can be captured or voided',
  'too-many-captures': 'the authorisation takes no more captures',
  'partial-capture': 'the method is captured whole or not at all',
  'authorisation-released': 'the rest was released with the last capture',
  'exceeds-authorised': 'more than is left of the authorisation',
  'amount-step': 'the provider does not take so fine an amount in this currency',
  'partial-refund': 'the method is refunded whole or not at all',
  'refund-window-closed': 'the payment is too old to be refunded',
} as const;
export type AuthorisationDecline = keyof typeof AUTHORISATION_DECLINES;

/** What stands of a transaction, minor units. */
interface Standing {
  /** A capture was looked at, whatever came of it. */
  captureAsked: boolean;
  captures: number;
  captured: number;
  voided: number;
  refunded: number;
  /** Of the latest capture, ms since the epoch. */
  capturedAt: number;
}

const NOTHING: Standing = { captureAsked: false, captures: 0, captured: 0, voided: 0, refunded: 0, capturedAt: 0 };

type MovingCall = Pick<Call, 'kind' | 'order' | 'transaction' | 'amount'>;

/** A call that tells its authorisation. */
type Told = Call & { authorisation: Authorisation };

export const isTold = (call: Call): call is Told => call.authorisation !== undefined;

/**
 * The simulator never made an authorisation: the first call tells it. Orders that name one transaction, as test clients do, are held to
 * their own authorisations, and together give back no more than was taken.
 */
export class SimulatorAuthorisations {
  /** By order and transaction. */
  private readonly standing = new Map<string, Standing>();
  /** By transaction, of all orders together. */
  private readonly together = new Map<string, Standing>();

  objection(call: Told, at: number): AuthorisationDecline | 'exceeds-captured' | undefined {
    const terms = underTerms(call.authorisation.terms);
    const known = this.standing.get(own(call)) ?? NOTHING;
    if (call.amount % (terms.amountStep[call.currency] ?? 1) !== 0) return 'amount-step';
    switch (call.kind) {
      case 'capture':
        return captureObjection(call, terms, known);
      case 'void':
        return voidObjection(call, terms, known);
      case 'refund':
        return refundObjection(call, terms, { known, all: this.together.get(call.transaction) ?? NOTHING }, at);
      default:
        return undefined;
    }
  }

  /** Of a transaction that no call told the authorisation of. */
  refundable(transaction: string): number {
    const { captured, refunded } = this.together.get(transaction) ?? NOTHING;
    return captured - refunded;
  }

  isCaptureAsked(transaction: string): boolean {
    return this.together.get(transaction)?.captureAsked === true;
  }

  see({ kind, transaction }: MovingCall): void {
    if (kind === 'capture') standingOf(this.together, transaction).captureAsked = true;
  }

  /** `sign` −1: it moved back. */
  book(call: MovingCall, at: number, sign: 1 | -1): void {
    for (const known of [standingOf(this.standing, own(call)), standingOf(this.together, call.transaction)]) {
      bookOn(known, call, at, sign);
    }
  }
}

/** Tokens have no space. */
const own = ({ order, transaction }: Pick<Call, 'order' | 'transaction'>): string => `${order} ${transaction}`;

function standingOf(standing: Map<string, Standing>, name: string): Standing {
  const known = standing.get(name) ?? { ...NOTHING };
  standing.set(name, known);
  return known;
}

function bookOn(known: Standing, { kind, amount }: MovingCall, at: number, sign: 1 | -1): void {
  if (kind === 'void') known.voided += sign * amount;
  else if (kind === 'refund') known.refunded += sign * amount;
  else if (kind === 'capture') {
    known.captures += sign;
    known.captured += sign * amount;
    if (sign > 0) known.capturedAt = at;
  }
}

function captureObjection(
  { amount, currency, authorisation }: Told,
  terms: Capability,
  { captures, captured, voided }: Standing,
): AuthorisationDecline | undefined {
  if (terms.delayedCapture === 'none') return 'settled-at-once';
  if (captures >= terms.captures) return 'too-many-captures';
  if (terms.partialReleasesRest && captures > 0) return 'authorisation-released';
  if (terms.delayedCapture === 'full' && amount !== authorisation.amount) return 'partial-capture';
  const most = captureCeiling(authorisation.amount, terms, currency) - voided;
  return captured + amount > most ? 'exceeds-authorised' : undefined;
}

function voidObjection(
  { amount, authorisation }: Told,
  terms: Capability,
  { captures, captured, voided }: Standing,
): AuthorisationDecline | undefined {
  if (terms.delayedCapture === 'none') return 'settled-at-once';
  if (terms.partialReleasesRest && captures > 0) return 'authorisation-released';
  return captured + voided + amount > authorisation.amount ? 'exceeds-authorised' : undefined;
}

/** An order that was paid by what another one gave back refunds under the transaction of that one. */
function refundObjection(
  { amount, authorisation }: Told,
  terms: Capability,
  { known, all }: { known: Standing; all: Standing },
  at: number,
): AuthorisationDecline | 'exceeds-captured' | undefined {
  const atOnce = terms.delayedCapture === 'none';
  const { captured, capturedAt, refunded } = known.captured > 0 ? known : all;
  const taken = atOnce ? authorisation.amount : captured;
  const since = atOnce ? Date.parse(authorisation.at) : capturedAt;
  if ((atOnce ? known.refunded : refunded) + amount > taken) return 'exceeds-captured';
  if (!atOnce && all.refunded + amount > all.captured) return 'exceeds-captured';
  if (!terms.partialRefund && amount !== taken) return 'partial-refund';
  return at > since + terms.refundWithin * DAY_MS ? 'refund-window-closed' : undefined;
}
