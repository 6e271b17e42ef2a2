/**
 * Stripe, as an account has it without asking. One with IC+ pricing says so in its configuration: `captures` 50,
 * `partialReleasesRest` false (docs.stripe.com/payments/multicapture), `overCapture` 15 % for Visa (…/overcapture).
 */
import { atOnce, DAY, each, GENERIC, type Methods, SINGLE_CAPTURE } from './generic.ts';

/** docs.stripe.com/currencies#three-decimal: the last digit must be 0; #zero-decimal: ariary has no parts, which ISO counts by two digits. */
const STEPS = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, MGA: 100 };
/** docs.stripe.com/payments/place-a-hold-on-a-payment-method: online, 7 days. */
const WEEK = { customer: 7 * DAY, merchant: 7 * DAY };
/** The same page: merchant-initiated Visa, exactly 4 days 18 hours. */
const VISA_VALIDITY = { customer: 7 * DAY, merchant: 4 * DAY + 18 };

const STRIPE_GENERIC = { ...GENERIC, ...SINGLE_CAPTURE, amountStep: STEPS, validFor: WEEK };
const CARD = { ...STRIPE_GENERIC, reauthorise: true };
const VISA = { ...CARD, validFor: VISA_VALIDITY };

export const STRIPE: Methods = {
  ...each(['mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay', 'cartes-bancaires'], CARD),
  // The card in a wallet is not known before: the shortest of them counts.
  ...each(['visa', 'card', 'apple-pay', 'google-pay', 'link'], VISA),
  // Changelog 2025-09-30: methods with manual capture. How long is not said for each: the week of cards.
  ...each(
    [
      'affirm',
      'afterpay',
      'clearpay',
      'alma',
      'amazon-pay',
      'billie',
      'cash-app',
      'mobilepay',
      'revolut-pay',
      'satispay',
    ],
    STRIPE_GENERIC,
  ),
  // docs.klarna.com: 28 days.
  klarna: { ...STRIPE_GENERIC, validFor: { customer: 28 * DAY, merchant: 28 * DAY } },
  // stripe.com/docs/charges/placing-a-hold: iDEAL and bank debits have no manual capture; 180 days as bank redirects have it.
  ...each(['ideal', 'bancontact', 'eps', 'blik', 'sepa', 'swish', 'przelewy24', 'twint'], {
    ...atOnce(180),
    amountStep: STEPS,
  }),
};
