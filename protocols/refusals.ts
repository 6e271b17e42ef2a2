/**
 * Every code a command can be refused with, in the order in which they are checked. Stable: clients branch on them.
 * README's table is compared with this one by a test.
 */
export const REFUSALS = {
  'message-too-large': 'the message is larger than 256 KiB',
  'invalid-id':
    'origin, entity id or command is not a token [A-Za-z0-9_-]{1,64}, a store is not called store-<name>, or Nats-Msg-Id is longer than 1,024 characters',
  'unknown-command': 'no such entity or command',
  'not-allowed': 'an origin of this kind may not send this command, or a store speaks for another one',
  unreadable:
    'the payload is not JSON or MessagePack as its Content-Type says, or the headers are malformed; it is kept in DEAD',
  'invalid-payload': 'a field is missing or ill-typed; the reason names its path and the rule',
  'internal-error': 'handling failed; the command is kept in DEAD with the error',
  'command-id-reused': 'the same Nats-Msg-Id was used for another content before',
  'already-exists':
    'an order or return with this id exists already; never said of a store: `open` gives one that exists new terms',
  'unknown-order': 'no such order',
  'unknown-store': 'no such store',
  'unknown-return': 'no such return',
  'wrong-state': 'the entity does not take this command in its present state',
  'unknown-currency': 'the currency has no ISO 4217 exponent',
  'unknown-gateway-account': 'the payment account is not configured',
  'unknown-payment-method': 'the payment account has no such method',
  'not-settled': 'the payment method takes the money at once, and the payment does not say that it did',
  'duplicate-line': 'a line id occurs twice',
  'unknown-reason': 'the reason of a return is not one of those that are configured, or a request has none',
  'unknown-line': 'the order or return has no such line',
  'unknown-entry': 'the order has no such ledger entry',
  'unknown-attention': 'the order raises no such attention',
  'ambiguous-attention': 'the order raises this attention of several: name what it is about',
  'discount-exceeds-value': 'a discount is larger than what it is given on',
  'amount-out-of-bounds': 'a sum is beyond what can be counted exactly',
  'authorisation-too-low': 'the authorisation is lower than the order, or than what is left to capture',
  'exceeds-over-capture': 'weighed goods cost more than their payment can be captured for',
  'not-your-fulfilment': 'the fulfilment belongs to another store',
  'unknown-fulfilment': 'the order has no such fulfilment',
  'ambiguous-fulfilment': 'the store has several fulfilments of this order: name one',
  'exceeds-allocated': 'more units than are allocated, open or ready',
  'not-funded': 'the goods are not paid for yet: the capture is not confirmed, or what a return pays has not come',
  'wrong-amount':
    'till lines and tenders do not add up, a till line is over its price (under it is a discount), an exchange is over the order or what is left of the return, or a payment is less than was requested',
  'exceeds-handed-over': 'more units than the customer holds and has not declared yet',
  'return-window-closed': 'the units were handed over too long ago to be returned',
  'exceeds-received': 'more units than were received and are undecided',
  'exceeds-rejected': 'more units than were rejected and not handed back yet',
  'too-many-notices': 'a provider told too much that nothing of the order fits yet',
  'may-have-moved': 'money may have moved under the key of the entry: it is not asked for again under another one',
  'exceeds-captured': 'more money than was captured and not refunded yet',
  'below-zero': 'stock on hand would become negative',
} as const;

export type RefusalCode = keyof typeof REFUSALS;
