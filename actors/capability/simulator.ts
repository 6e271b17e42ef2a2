/** The simulator knows every method that a provider has, and allows what the most generous one does. */
import type { Capability } from '../../protocols/capability.ts';
import { ADYEN } from './adyen.ts';
import { atOnce, DAY, GENERIC, type Methods } from './generic.ts';
import { KLARNA } from './klarna.ts';
import { MOLLIE } from './mollie.ts';
import { PAYPAL } from './paypal.ts';
import { STRIPE } from './stripe.ts';

/** docs.stripe.com/payments/extended-authorization: up to 30 days; …/overcapture: 15 % beyond. */
export const SIMULATED_CARD: Capability = {
  ...GENERIC,
  validFor: { customer: 30 * DAY, merchant: 30 * DAY },
  reauthorise: true,
  overCapture: { percent: 15 },
};

const SETTLED_AT_ONCE = atOnce(GENERIC.refundWithin);
const EVERYWHERE = [STRIPE, ADYEN, PAYPAL, MOLLIE, KLARNA];

export const SIMULATOR: Methods = {
  ...Object.fromEntries(
    EVERYWHERE.flatMap(Object.entries<Methods[string]>).map(([method, { delayedCapture }]) => [
      method,
      delayedCapture === 'none' ? SETTLED_AT_ONCE : SIMULATED_CARD,
    ]),
  ),
  paypal: SIMULATED_CARD,
  // It has what is on it.
  'gift-card': { ...SIMULATED_CARD, overCapture: { percent: 0 } },
};
