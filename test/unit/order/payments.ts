/** Payments of orders that several of them pay, and policies under which their methods can do other things than usual. */
import { accountMethods } from '../../../actors/capability/account-methods.ts';
import { BASE, paymentOf, type Scenario } from './scenario.ts';

export const paying = (transaction: string, authorised: number, method = 'visa') => ({
  ...paymentOf(BASE),
  transaction,
  authorised,
  method,
});

/** Taken when the customer paid. */
export const prepaid = (amount: number) => ({ ...paying('tr_0', amount, 'ideal'), captured: amount });

export function methodsOf(overrides: Parameters<typeof accountMethods>[1]) {
  const methods = accountMethods('simulator', overrides);
  return { capabilityOf: (_: string, method: string) => methods.get(method), methodsOf: () => methods.keys() };
}

export const paidFor = ({ view }: Scenario): number => view.totals.captured - view.totals.refunded;
