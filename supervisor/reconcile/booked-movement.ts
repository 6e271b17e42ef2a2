/** What a row of the report says that a gateway account moved: the ledger's side of a reconciliation. */
import type { AttributionRow } from '../../protocols/attribution.ts';

export interface BookedMovement {
  /** Ledger entry, which is the key that the gateway was asked under; the transaction where nobody asked. */
  key: string;
  /** The provider took it by itself when the customer paid. */
  isUnasked: boolean;
  /** Of the ledger, also where nobody asked. */
  entry: string;
  /** A customer paid: it may be disputed. */
  isPayment: boolean;
  /** The provider’s, of what it did when it was asked. */
  reference?: string;
  order: string;
  account: string;
  currency: string;
  /** Minor units, signed as the merchant’s balance sees it. Rows of one entry sum to what it moved. */
  amount: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Undefined where no gateway moved anything: units, money of a till, what was booked without an entry. */
export function bookedMovement(row: AttributionRow): BookedMovement | undefined {
  const { entry, account, transaction, gatewayReference, order, currency, subject, movement, gross, settled, at } = row;
  if (entry === undefined || account === undefined) return undefined;
  // What a store gets leaves the account.
  const amount = subject === 'party' ? -settled : gross;
  if (amount === 0) return undefined;
  const isUnasked = transaction !== undefined;
  const isPayment = gross > 0 && (movement === 'sale' || movement === 'prepayment');
  const of = { key: transaction ?? entry, isUnasked, entry, isPayment };
  const moved = { ...of, order, account, currency, amount, at: Date.parse(at) };
  return gatewayReference === undefined ? moved : { ...moved, reference: gatewayReference };
}
