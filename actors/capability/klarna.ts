/** Klarna's own order management. */
import { DAY, GENERIC, type Methods } from './generic.ts';

export const KLARNA: Methods = {
  // docs.klarna.com, extend-order-authorization: 28 days, 180 by onboarding; parts are captured one after another.
  klarna: { ...GENERIC, validFor: { customer: 28 * DAY, merchant: 28 * DAY } },
};
