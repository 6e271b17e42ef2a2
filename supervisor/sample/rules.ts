/** The rules by which the sheet becomes trade: the report of the sample prints them with what each one left out. */

export const TRADE_RULES: readonly string[] = [
  'An invoice becomes one order with its own number, in GBP; its lines are numbered 1 to n, for a stock code may repeat.',
  'The sheet says nothing of tax: prices are taken to include VAT of 20 % in the United Kingdom and none elsewhere.',
  'Quantity × price is rounded half-up to pence once a line; a price with a part of a penny goes at the next penny with a line discount.',
  'Stock codes are written in capitals: the sheet spells 85014B and 85014b for one article.',
  'POST, DOT and C2 (carriage) are summed to the shipping of the order.',
  'An invoice without a customer number trades as a guest order, by the web channel; customers order by the trade channel.',
  'A credit note goes back to earlier orders of the same customer and stock code: same price first, then the newest, never more than bought.',
  'Credited carriage refunds the shipping of an order that the same credit note takes goods back from, where the amounts agree.',
  'Nobody pays at a till in the first 4,000 lines: a franchise owes its commission on that out of what its account was paid before.',
  'Articles that are too few are bought by one order alone: what an order gets never depends on which one is quicker.',
  'The local time of the sheet is moved so that its first invoice falls on the start of the replay.',
];

export const LEFT_OUT_RULES = {
  'bad-debt': 'an adjustment of bad debt: an invoice with A, or a price below zero',
  'stock-write-off': 'a negative quantity outside a credit note: stock that was lost or broken, not sold',
  'zero-price': 'a price of zero: a gift or a stock correction',
  manual: 'M: entered by hand, says nothing of what was sold',
  discount: 'D: a discount that names no order',
  'sample-goods': 'S: samples',
  fee: 'fees of a marketplace or bank, and adjustments',
  'gift-voucher': 'gift vouchers: money, not goods',
  test: 'test lines',
  'unusable-stock-code': 'a stock code that cannot be a sku: letters, digits, _ and - only, at most 64',
  'below-half-a-penny': 'quantity × price rounds to nothing',
  'carriage-without-goods': 'carriage on an invoice with nothing to carry',
  'positive-credit': 'a credit note line with a positive quantity',
  'guest-credit': 'a credit note without a customer number: nothing links it to an order',
  'blind-credit': 'a credit note for goods that this customer did not buy in the week',
  'credit-beyond-bought': 'units of a credit note beyond what the customer bought in the week',
  'carriage-credit': 'credited carriage without an order to refund it on',
} as const;

export type LeftOutReason = keyof typeof LEFT_OUT_RULES;
