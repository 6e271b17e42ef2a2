/** What is known of the methods of each provider; what the provider answers always wins. */
import { ADYEN } from './adyen.ts';
import type { Methods } from './generic.ts';
import { KLARNA } from './klarna.ts';
import { MOLLIE } from './mollie.ts';
import { PAYPAL } from './paypal.ts';
import { SIMULATOR } from './simulator.ts';
import { STRIPE } from './stripe.ts';

const SHIPPED = {
  simulator: SIMULATOR,
  stripe: STRIPE,
  adyen: ADYEN,
  paypal: PAYPAL,
  mollie: MOLLIE,
  klarna: KLARNA,
} satisfies Record<string, Methods>;

export type ProviderName = keyof typeof SHIPPED;

export const PROVIDER_NAMES = Object.keys(SHIPPED) as ProviderName[];

export const shippedMethods = (provider: ProviderName): Methods => SHIPPED[provider];
