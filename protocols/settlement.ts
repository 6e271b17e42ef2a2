/**
 * A row of a provider's settlement file, in a neutral form: CSV with a head, UTF-8, RFC 4180. Columns may stand in any order, and
 * others between them are ignored. Amounts are decimals with exactly the digits of the currency's minor unit: `83.24` EUR, `500` JPY,
 * `-1.250` KWD. The descriptions name the columns of Stripe's balance transactions and Adyen's settlement detail report that they are
 * made of.
 */
import Type from 'typebox';
import { CURRENCY_PATTERN } from './currency.ts';
import { Instant } from './instant.ts';
import { TOKEN_PATTERN } from './token.ts';

/**
 * What a row moves, and the sign of `gross` as the merchant's balance sees it. `…-failed` gives back what failed after it was
 * counted. The last five are the provider's own business: no ledger entry stands behind them.
 */
export const SETTLEMENT_TYPES = {
  capture: 1,
  'capture-failed': -1,
  refund: -1,
  'refund-failed': 1,
  payout: -1,
  'payout-failed': 1,
  'payout-reversal': 1,
  'payout-reversal-failed': -1,
  fee: 0,
  chargeback: -1,
  'chargeback-reversed': 1,
  'bank-transfer': 'any',
  adjustment: 'any',
} as const;

export type SettlementType = keyof typeof SETTLEMENT_TYPES;

/** Money that an entry of the ledger asked for. */
export type LedgerType = Exclude<
  SettlementType,
  'fee' | 'chargeback' | 'chargeback-reversed' | 'bank-transfer' | 'adjustment'
>;

const Decimal = (description: string) => Type.String({ pattern: '^-?[0-9]{1,16}(\\.[0-9]{1,4})?$', description });
const Text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

/** All columns of the file; every value is text. */
export const SETTLEMENT_ROW = Type.Object({
  record: Text(
    'the provider’s id of the row: the same id again is the same row. Stripe: id. Adyen: Psp Reference, Modification Reference and Type together',
  ),
  date: Type.String({
    ...Instant,
    description: 'when the provider booked it. Stripe: created. Adyen: Creation Date with TimeZone',
  }),
  type: Type.Enum(Object.keys(SETTLEMENT_TYPES), {
    description:
      'Stripe, type: charge and payment are capture; payment_failure_refund capture-failed; refund and payment_refund refund; refund_failure refund-failed; ' +
      'transfer payout; transfer_failure and transfer_cancel payout-failed; transfer_refund payout-reversal; stripe_fee fee; payout bank-transfer; ' +
      'adjustment of a dispute is chargeback, or chargeback-reversed where it gives money back. ' +
      'Adyen, Type: Settled is capture; Refunded refund; RefundedReversed refund-failed; Balancetransfer payout (debit) or payout-reversal (credit); ' +
      'Chargeback and ChargebackReversed the same; Fee and InvoiceDeduction fee; MerchantPayout bank-transfer',
  }),
  account: Type.String({
    pattern: TOKEN_PATTERN,
    description: 'gateway account, as Tillwire calls it. Adyen: Merchant Account',
  }),
  merchant_reference: Type.String({
    maxLength: 200,
    description:
      'the key that Tillwire asked under, `A1001-c1`; the transaction of what was taken when the customer paid; of a chargeback also the order; empty where nobody knows. Stripe: metadata of source. Adyen: Modification Merchant Reference, else Merchant Reference',
  }),
  provider_reference: Type.String({
    maxLength: 200,
    description:
      'Stripe: source. Adyen: Modification Reference. Of a chargeback the payment that it disputes. Stripe: charge of the dispute. Adyen: Psp Reference',
  }),
  currency: Type.String({
    pattern: CURRENCY_PATTERN,
    description:
      'ISO 4217, of gross, fee and net: an account that settles in another currency than it takes can’t be compared. Stripe: currency, in capitals. Adyen: Gross Currency, else Net Currency',
  }),
  gross: Decimal('signed. Stripe: amount. Adyen: Gross Credit (GC) less Gross Debit (GC)'),
  fee: Decimal(
    'what the provider keeps of it. Stripe: fee. Adyen: Commission, Markup, Scheme Fees and Interchange together',
  ),
  net: Decimal(
    'gross − fee; of a fee, bank-transfer or adjustment it counts alone where fee is zero and gross is zero or the same. Stripe: net. Adyen: Net Credit (NC) less Net Debit (NC)',
  ),
});

export const SETTLEMENT_COLUMNS = Object.keys(SETTLEMENT_ROW.properties) as (keyof typeof SETTLEMENT_ROW.properties)[];
