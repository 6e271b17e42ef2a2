/** Share, tax and discount of rows, one after another: what each adds to the part of the line (or to the fee) that it belongs to. */
import { halfUpProduct } from '../money/round.ts';
import { amountOfUnits } from '../money/units.ts';
import { addUnits, type Booking, joined } from './bookings.ts';
import { lineRule } from './commission.ts';
import { earnsFee, heldOfFee } from './fee-earners.ts';
import { NO_UNITS, type Sum, shareOf } from './holdings.ts';
import { at, type OrderRecord } from './record.ts';
import { feeOf } from './taking-back.ts';

export interface Reckoned {
  tax: number;
  discountShare: number;
  storeShare: number;
}

/** All that is held of a line, whoever prepared it: its tax is reckoned from that. */
interface Sold {
  held: Sum;
  /** What the customer paid for it and did not get back; but for what headquarters gave back of money that was lost. */
  money: number;
}

export class RunningSums {
  private readonly record: OrderRecord;
  /** What one store holds of a line under one rule: its share is reckoned from that. */
  private readonly parts = new Map<string, Sum>();
  /** By position of the line. */
  private readonly sold = new Map<number, Sold>();
  /** Net units that were sold, by position of the line. */
  private readonly units = new Map<number, number>();
  private shipping = 0;
  private readonly shippingOfStores = new Map<string, number>();

  /** `booked` before the rows that are added. */
  constructor(record: OrderRecord, booked: Iterable<Booking>) {
    this.record = record;
    for (const booking of booked) this.add(booking);
  }

  /** What entries moved for one item, one way: each carries its part of the whole cumulatively, by gross, or by what is held. */
  addTogether(moved: readonly Booking[]): Reckoned[] {
    const whole = joined(moved);
    const reckoned = this.add(whole);
    if (moved.length === 1) return [reckoned];
    const weightOf = ({ gross, held }: Booking): number => (whole.gross === 0 ? held.gross : gross);
    let weight = 0;
    let before = NO_SHARE;
    return moved.map((booking) => {
      weight += weightOf(booking);
      const after = partOf(reckoned, weight, weightOf(whole));
      const own = {
        tax: after.tax - before.tax,
        discountShare: after.discountShare - before.discountShare,
        storeShare: after.storeShare - before.storeShare,
      };
      before = after;
      return own;
    });
  }

  private add(booking: Booking): Reckoned {
    const { fulfilment, line, handling } = booking;
    if (handling !== undefined) return this.handlingFee(handling, booking.quantity);
    if (booking.subject === 'shipping') return this.addShipping(booking.gross, fulfilment);
    if (fulfilment === undefined || line === undefined) return NO_SHARE;
    return {
      tax: this.addSold(line, booking),
      discountShare: this.addUnits(line, booking.quantity),
      storeShare: this.addToPart(fulfilment, line, booking.held),
    };
  }

  private addSold(line: number, { held, gross }: Booking): number {
    const before = this.sold.get(line) ?? { held: NO_UNITS, money: 0 };
    const after = { held: addUnits(before.held, held), money: before.money + gross + held.lost };
    this.sold.set(line, after);
    return taxOf(after) - taxOf(before);
  }

  private addToPart(fulfilment: number, line: number, held: Sum): number {
    const work = at(this.record.fulfilments, fulfilment);
    const { key: rule, commission } = lineRule(work, line);
    const key = `${work.store} ${rule}`;
    const before = this.parts.get(key) ?? NO_UNITS;
    const after = addUnits(before, held);
    this.parts.set(key, after);
    return work.terms?.ownership === 'franchise' ? shareOf(after, commission) - shareOf(before, commission) : 0;
  }

  private addUnits(line: number, quantity: number): number {
    const before = this.units.get(line) ?? 0;
    this.units.set(line, before + quantity);
    return this.discountOf(line, before + quantity) - this.discountOf(line, before);
  }

  private discountOf(line: number, units: number): number {
    const { discountShare, quantity } = at(this.record.items, line);
    const of = amountOfUnits(discountShare, quantity, 0, Math.min(quantity, Math.abs(units)));
    // Less than none for a moment, as what is held (holdings.ts, `shareOf`).
    return units < 0 ? -of : of;
  }

  /** A part of the fee is one store's whole, or headquarters'. */
  private addShipping(gross: number, bringer: number | undefined): Reckoned {
    const before = this.shipping;
    this.shipping += gross;
    const tax = this.shippingTaxOf(this.shipping) - this.shippingTaxOf(before);
    if (bringer === undefined || !earnsFee(this.record, bringer)) return { ...NO_SHARE, tax };
    const { store } = at(this.record.fulfilments, bringer);
    const had = this.shippingOfStores.get(store) ?? 0;
    this.shippingOfStores.set(store, had + gross);
    return { tax, discountShare: 0, storeShare: heldOfFee(had + gross) - heldOfFee(had) };
  }

  private handlingFee(position: number, quantity: number): Reckoned {
    const handling = at(this.record.handlings ?? [], position);
    return { ...NO_SHARE, storeShare: feeOf({ ...handling, quantity }) };
  }

  private shippingTaxOf(gross: number): number {
    const { shipping, shippingTax } = this.record;
    return shipping === 0 ? 0 : halfUpProduct(shippingTax, gross, shipping);
  }
}

const NO_SHARE: Reckoned = { tax: 0, discountShare: 0, storeShare: 0 };

/** What `moved` of `whole` carries; both have the same sign. */
function partOf({ tax, discountShare, storeShare }: Reckoned, moved: number, whole: number): Reckoned {
  const part = (amount: number): number => halfUpProduct(amount, Math.abs(moved), Math.abs(whole));
  return { tax: part(tax), discountShare: part(discountShare), storeShare: part(storeShare) };
}

/** Goodwill reduces the tax in proportion. */
function taxOf({ held: { gross, net }, money }: Sold): number {
  if (gross === 0) return 0;
  if (money === gross) return gross - net;
  // Less than nothing for a moment, where a capture fails whose units were given back before.
  return gross > 0 ? halfUpProduct(gross - net, money, gross) : halfUpProduct(net - gross, money, -gross);
}
