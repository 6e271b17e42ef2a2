/** A card as most providers have it: what is not known better. */
import type { Capability } from '../../protocols/capability.ts';

export const DAY = 24;
/** Days; where no window is documented. */
const NO_WINDOW = 36_500;

export const GENERIC: Capability = {
  delayedCapture: 'partial',
  captures: 1000,
  partialReleasesRest: false,
  validFor: { customer: 7 * DAY, merchant: 5 * DAY },
  amountStep: {},
  partialRefund: true,
  refundWithin: NO_WINDOW,
  reauthorise: false,
  overCapture: { percent: 0 },
  lineItemsRequired: false,
};

/** One capture, and what it leaves is gone: what providers do unless they were asked for more. */
export const SINGLE_CAPTURE = { captures: 1, partialReleasesRest: true } as const;

/** Method → record. */
export type Methods = Readonly<Record<string, Capability>>;

/** The same record for several methods. */
export function each(methods: readonly string[], record: Capability): Methods {
  return Object.fromEntries(methods.map((method) => [method, record]));
}

/** The money is taken when the customer agrees: there is no authorisation. */
export const atOnce = (refundWithin: number): Capability => ({ ...GENERIC, delayedCapture: 'none', refundWithin });
