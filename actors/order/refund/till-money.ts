/**
 * Money that customers paid at a till, wherever an exchange has carried it since: no gateway can give it back. The till of a store that
 * takes goods back pays it, or a person.
 */
import type { Capability } from '../../../protocols/capability.ts';
import type { Entry, OrderRecord, Tender } from '../record.ts';

/** Given back in any part, at any time. */
const AS_CASH: Capability = {
  delayedCapture: 'none',
  captures: 1,
  partialReleasesRest: false,
  validFor: { customer: 1, merchant: 1 },
  amountStep: {},
  partialRefund: true,
  refundWithin: 36_600,
  reauthorise: false,
  overCapture: { percent: 0 },
  lineItemsRequired: false,
};

/** Where the money of an entry came from: position of its tender, or one behind all of them. The till is paid last. */
export const sourceOf = ({ tenders }: Pick<OrderRecord, 'tenders'>, { tender }: Pick<Entry, 'tender'>): number =>
  tender ?? tenders.length;

export function isTill({ tenders }: Pick<OrderRecord, 'tenders'>, source: number): boolean {
  const tender = tenders[source];
  return tender === undefined || tender.till === true;
}

/** What no exchange has paid when the goods are sold is paid at the till. */
export const isPaidAtTill = ({ mode }: Pick<OrderRecord, 'mode'>): boolean => mode === 'reserve-and-collect';

/** Some of it may have to be given back at a till. */
export function hasTillMoney({ tenders, ledger }: Pick<OrderRecord, 'tenders' | 'ledger'>): boolean {
  return tenders.length === 0 || tenders.some(({ till }) => till) || ledger.some(({ kind }) => kind === 'till-sale');
}

/** As another order has it; what it pays stores goes through `account`. */
export function tillTender({ id }: OrderRecord, { amount, at }: Entry, account: string): Tender {
  return {
    account,
    method: 'till',
    transaction: id,
    authorised: amount,
    authorisedAt: at,
    settled: true,
    initiator: 'customer',
    capability: AS_CASH,
    till: true,
  };
}
