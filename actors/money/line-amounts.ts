import type { Refusal } from '../../protocols/actor.ts';
import type { Rate } from '../../protocols/rate.ts';
import type { RefusalCode } from '../../protocols/refusals.ts';
import { allocate } from './allocate.ts';
import { taxOfGross, taxOfNet } from './tax.ts';
import type { Taxed } from './units.ts';

/** What an order asks for; amounts in minor units. */
export interface Charges {
  readonly taxIncluded: boolean;
  readonly lines: readonly ChargedLine[];
  /** On the whole order, allocated over the lines. */
  readonly discount: number;
  readonly shipping?: { readonly amount: number; readonly taxRate: Rate };
}

export interface ChargedLine {
  readonly quantity: number;
  readonly unitPrice: number;
  /** On the line as a whole, not on each unit. */
  readonly discount: number;
  readonly taxRate: Rate;
}

export interface LineAmounts extends Taxed {
  /** The line's part of the order discount; gross of tax or net as the prices are. */
  readonly discountShare: number;
}

export interface OrderAmounts {
  readonly kind: 'priced';
  readonly lines: LineAmounts[];
  readonly shipping: Taxed;
  /** Gross of lines and shipping: what the customer owes. */
  readonly total: number;
}

export type Priced = OrderAmounts | { readonly kind: 'refused'; readonly refusal: Refusal };

const NOTHING: Taxed = { gross: 0, net: 0, tax: 0 };

/**
 * The amounts of an order, reckoned once when it is placed (money rules, section 1). A line's value is price × quantity −
 * line discount; the order discount is allocated by value; value − share is the line's gross where prices include
 * tax, its net where they don't. Refuses discounts beyond what they are given on and sums beyond safe integers.
 */
export function lineAmounts({ taxIncluded, lines, discount, shipping }: Charges): Priced {
  const values: number[] = [];
  let value = 0;
  for (const line of lines) {
    const listed = line.unitPrice * line.quantity;
    const path = `lines[${values.length}]`;
    if (line.discount > listed) return tooMuchOff(`${path}.discount`, line.discount, listed);
    value += listed - line.discount;
    if (!Number.isSafeInteger(listed) || !Number.isSafeInteger(value)) return beyondBounds(path);
    values.push(listed - line.discount);
  }
  if (discount > value) return tooMuchOff('discount', discount, value);

  const shares = allocate(discount, values);
  const amounts = lines.map((line, index): LineAmounts => {
    const discountShare = shares[index] ?? 0;
    const { gross, net, tax } = taxed((values[index] ?? 0) - discountShare, line.taxRate, taxIncluded);
    return { gross, net, tax, discountShare };
  });
  const shippingAmounts = shipping ? taxed(shipping.amount, shipping.taxRate, taxIncluded) : NOTHING;
  const total = amounts.reduce((sum, line) => sum + line.gross, shippingAmounts.gross);
  if (!Number.isSafeInteger(total)) return beyondBounds('total');
  return { kind: 'priced', lines: amounts, shipping: shippingAmounts, total };
}

function taxed(amount: number, rate: Rate, taxIncluded: boolean): Taxed {
  if (taxIncluded) {
    const tax = taxOfGross(amount, rate);
    return { gross: amount, net: amount - tax, tax };
  }
  const tax = taxOfNet(amount, rate);
  return { gross: amount + tax, net: amount, tax };
}

function tooMuchOff(path: string, discount: number, value: number): Priced {
  return refused('discount-exceeds-value', `${path}: ${discount} minor units off ${value}`);
}

function beyondBounds(path: string): Priced {
  return refused('amount-out-of-bounds', `${path}: beyond ${Number.MAX_SAFE_INTEGER} minor units`);
}

function refused(code: RefusalCode, reason: string): Priced {
  return { kind: 'refused', refusal: { code, reason } };
}
