/**
 * Prices of the sheet, exact. A *mill* is a thousandth of a pound: the sheet has prices of 0.001, and none finer.
 * Amounts are rounded half-up to pence once, per line, and what that moved is kept.
 */
export type LinePrice = { unitPrice: number; discount: number; amount: number };

const MILLS_PER_PENNY = 10;
const PRICE = /^(-?)(\d+)(?:\.(\d{1,3}))?$/;

export function parseMills(price: string): number {
  const found = PRICE.exec(price);
  if (found === null) throw new Error(`price "${price}" is not a decimal of at most three places`);
  const mills = Number(found[2]) * 1000 + Number((found[3] ?? '').padEnd(3, '0'));
  return found[1] === '-' && mills > 0 ? -mills : mills;
}

export function halfUpPence(mills: number): number {
  return Math.floor((mills + MILLS_PER_PENNY / 2) / MILLS_PER_PENNY);
}

/** Half-pennies of a unit price can't be sent: such a line goes at the next penny with a discount down to its rounded amount. */
export function linePrice(quantity: number, priceMills: number): LinePrice {
  const amount = halfUpPence(quantity * priceMills);
  const unitPrice = Math.ceil(priceMills / MILLS_PER_PENNY);
  return { unitPrice, discount: quantity * unitPrice - amount, amount };
}

export function movedMills(amountPence: number, exactMills: number): number {
  return amountPence * MILLS_PER_PENNY - exactMills;
}
