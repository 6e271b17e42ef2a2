/** Mollie. */
import { atOnce, DAY, each, GENERIC, type Methods, SINGLE_CAPTURE } from './generic.ts';

export const MOLLIE: Methods = {
  // How long Mollie holds a card is not in its public pages: the week of Visa and Mastercard.
  ...each(['visa', 'mastercard', 'amex', 'cartes-bancaires', 'card', 'apple-pay', 'google-pay'], {
    ...GENERIC,
    ...SINGLE_CAPTURE,
    reauthorise: true,
  }),
  // docs.mollie.com/docs/klarna: several partial captures and refunds, refunds for three years; its orders name their lines.
  klarna: {
    ...GENERIC,
    validFor: { customer: 28 * DAY, merchant: 28 * DAY },
    refundWithin: 3 * 365,
    lineItemsRequired: true,
  },
  ...each(
    ['ideal', 'bancontact', 'sepa', 'eps', 'blik', 'paypal', 'mybank', 'przelewy24', 'swish', 'twint'],
    atOnce(180),
  ),
};
