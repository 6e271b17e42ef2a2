/**
 * Every code of an order's `attention`: what a person must look at. Stable: clients branch on them.
 * README's table is compared with this one by a test.
 */
interface Meaning {
  /** What `about` names. */
  about: 'entry' | 'fulfilment' | 'line' | 'store' | 'return' | 'refund' | 'request' | 'notice' | 'entry or fulfilment';
  means: string;
  /** Where it says nothing, a person does what there is to do, and says `resolve`. */
  end?: string;
}

const LOOK_UP = 'the provider is asked again; once that is given up, look it up there: confirm or fail ends it';
const REST = 'it ends when the rest is paid, or not wanted any more';
const SETTLE = 'settle-refund ends it';

const MEANINGS = {
  'capture-failed': {
    about: 'entry',
    means: 'the customer’s money was not taken, and the goods wait for it',
    end: 'retry ends it, or request-payment: the customer pays in another way',
  },
  'capture-unknown': { about: 'entry', means: 'nobody knows whether the money was taken', end: LOOK_UP },
  'funds-lost': {
    about: 'entry',
    means: 'a capture failed after its goods were handed over',
    end: 'retry ends it, or request-payment; where it may be taken after all, fail comes first',
  },
  'authorisation-expired': {
    about: 'entry or fulfilment',
    means: 'the authorisation ended before the goods were paid',
    end: 'it ends when the goods are paid for, or cancelled',
  },
  'authorisation-exhausted': {
    about: 'fulfilment',
    means: 'the goods are ready, and the authorisation has less left than they cost',
    end: 'it ends when the goods are paid for, or cancelled',
  },
  'reauthorisation-failed': { about: 'entry', means: 'the money could not be authorised again', end: 'retry ends it' },
  'reauthorisation-unknown': { about: 'entry', means: 'nobody knows whether it was authorised again', end: LOOK_UP },
  'payment-requested': {
    about: 'request',
    means: 'nothing covers a part of the order: the customer is asked for it',
    end: 'paid ends it',
  },
  'void-failed': {
    about: 'entry',
    means: 'an authorisation that is not needed could not be released',
    end: 'retry ends it',
  },
  'void-unknown': { about: 'entry', means: 'nobody knows whether it was released', end: LOOK_UP },
  'refund-failed': {
    about: 'entry',
    means: 'the customer did not get the money back',
    end: 'retry ends it, or settle-refund when it was paid in another way',
  },
  'refund-unknown': { about: 'entry', means: 'nobody knows whether the customer got the money back', end: LOOK_UP },
  'refund-by-hand': {
    about: 'refund',
    means: 'the customer paid at a till that can’t be asked to pay back',
    end: SETTLE,
  },
  'refund-window-closed': {
    about: 'refund',
    means: 'the payment method takes nothing back after so long',
    end: SETTLE,
  },
  'partial-refund-impossible': {
    about: 'refund',
    means: 'the payment method gives back all or nothing, and a part is owed',
    end: SETTLE,
  },
  'payout-failed': { about: 'entry', means: 'a store did not get its share', end: 'retry ends it' },
  'payout-unknown': { about: 'entry', means: 'nobody knows whether a store got its share', end: LOOK_UP },
  'payout-reversal-unknown': {
    about: 'entry',
    means: 'nobody knows whether a store gave its share back',
    end: LOOK_UP,
  },
  'store-account-short': {
    about: 'entry',
    means: 'a store’s account has less than it is to give back: it owes the rest',
    end: 'it ends when the next payouts of the store have paid it',
  },
  'store-account-missing': {
    about: 'store',
    means: 'a franchise has no account at the gateway: headquarters holds its money',
  },
  'moved-twice': { about: 'entry', means: 'two entries asked for the same, and both moved' },
  'gateway-mismatch': { about: 'notice', means: 'the provider tells of money that nothing here asked for' },
  'ledger-differs': {
    about: 'entry',
    means: 'the gateway’s journal and the ledger differ for longer than gateway.audit.graceSeconds',
    end: 'it ends when the account and the ledger agree',
  },
  'exchange-overdue': { about: 'return', means: 'the return that is to pay has not come in time', end: REST },
  'exchange-short': { about: 'return', means: 'the return that was to pay brought less', end: REST },
  'exchange-missing': {
    about: 'fulfilment',
    means: 'a till ticket names an exchange whose money is not there: the customer owes it',
  },
  'late-ticket': { about: 'fulfilment', means: 'a till ticket came after its reservation had run out' },
  'no-store-can-fulfil': { about: 'line', means: 'no store has the units: they are cancelled, and not charged' },
  'not-ready': {
    about: 'fulfilment',
    means: 'a store accepted and has not made the goods ready within readyWithinHours',
    end: 'it ends when the goods are ready, missing or cancelled',
  },
  'not-restocked': { about: 'return', means: 'goods came back to a store that nobody opened: no shelf has them' },
} as const satisfies Record<string, Meaning>;

export type AttentionCode = keyof typeof MEANINGS;

export const ATTENTIONS: Readonly<Record<AttentionCode, Meaning>> = MEANINGS;
