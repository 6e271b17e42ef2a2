/** A card as most providers have it: what is not known better. */
import type { Capability } from '../../protocols/capability.ts';

const DAY = 24;

export const GENERIC: Capability = {
  delayedCapture: 'partial',
  captures: 1000,
  partialReleasesRest: false,
  validFor: { customer: 7 * DAY, merchant: 5 * DAY },
  amountStep: {},
  partialRefund: true,
  refundWithin: 365,
  reauthorise: false,
  overCapture: { percent: 0 },
  lineItemsRequired: false,
};
