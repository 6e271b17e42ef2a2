/**
 * Adyen, as an account has it without asking: what a partial capture leaves is cancelled, unless "multiple partial captures" are
 * enabled (CheckoutService v72); then its configuration says `captures` and `partialReleasesRest` false.
 */
import { atOnce, DAY, each, GENERIC, type Methods, SINGLE_CAPTURE } from './generic.ts';

/** docs.adyen.com/development-resources/currency-codes: no decimals, where ISO has two. */
const STEPS = { CVE: 100, IDR: 100 };
/** adyen.help 115001179684: expires after 28 days with all major schemes, after 12 with Cartes Bancaires. */
const CARD = {
  ...GENERIC,
  ...SINGLE_CAPTURE,
  amountStep: STEPS,
  validFor: { customer: 28 * DAY, merchant: 28 * DAY },
  reauthorise: true,
};
const INVOICE = { ...CARD, reauthorise: false };

export const ADYEN: Methods = {
  ...each(
    ['visa', 'mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay', 'card', 'apple-pay', 'google-pay'],
    CARD,
  ),
  'cartes-bancaires': { ...CARD, validFor: { customer: 12 * DAY, merchant: 12 * DAY } },
  // The same page: methods with a separate capture.
  ...each(['afterpay', 'clearpay', 'klarna', 'ratepay'], INVOICE),
  // developer.paypal.com/payment-methods/auth-honor: 29 days.
  paypal: { ...INVOICE, validFor: { customer: 29 * DAY, merchant: 29 * DAY } },
  // vippsas/vipps-ecom-api, pull 268: capture within 180 days, refund within 365.
  ...each(['vipps', 'mobilepay'], {
    ...INVOICE,
    validFor: { customer: 180 * DAY, merchant: 180 * DAY },
    refundWithin: 365,
  }),
  // Alipay and WeChat Pay: no separate capture (the page above); bank redirects are refunded within 180 days, as elsewhere.
  ...each(['ideal', 'bancontact', 'eps', 'blik', 'sepa', 'swish', 'alipay', 'wechat-pay', 'twint'], {
    ...atOnce(180),
    amountStep: STEPS,
  }),
};
