/** PayPal's own orders API. */
import { atOnce, DAY, each, GENERIC, type Methods } from './generic.ts';

/** developer.paypal.com/payment-methods/auth-honor: valid 29 days, of which it honours three; it may be authorised again from day 4. */
const VALID = { customer: 29 * DAY, merchant: 29 * DAY };
/** developer.paypal.com/api/rest/reference/currency-codes: no decimals, where ISO has two. */
const STEPS = { HUF: 100, TWD: 100 };

const PAYPAL_ACCOUNT = {
  ...GENERIC,
  amountStep: STEPS,
  // How many captures an authorisation takes is not documented well; ten were seen to pass.
  captures: 10,
  validFor: VALID,
  // developer.paypal.com/docs/business/payment-methods: 180 days.
  refundWithin: 180,
  reauthorise: true,
  // The pages on authorisations: at most 115 % and at most 75 USD more, the lesser of both.
  overCapture: { percent: 15, most: { USD: 7500 } },
};

export const PAYPAL: Methods = {
  ...each(['paypal', 'card', 'visa', 'mastercard', 'amex', 'discover'], PAYPAL_ACCOUNT),
  // The same page: paid at once.
  ...each(['ideal', 'bancontact', 'blik', 'eps', 'mybank', 'przelewy24'], {
    ...atOnce(180),
    amountStep: STEPS,
  }),
};
