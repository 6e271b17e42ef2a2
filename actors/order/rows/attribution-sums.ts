/** Share, tax and discount of rows, one after another: what each adds to the part of the line (or to the fee) that it belongs to. */
import type { Commission } from '../../../protocols/commission.ts';
import { halfUpProduct } from '../../money/round.ts';
import { amountOfUnits } from '../../money/units.ts';
import { NO_UNITS, type Sum, shareOf } from '../payout/holdings.ts';
import { lineRule } from '../placing/commission.ts';
import { at, type OrderRecord } from '../record.ts';
import { feeOf } from '../returns/taking-back.ts';
import { addUnits, type Booking, joined } from './booking.ts';
import { earnsFee, heldOfFee } from './fee-earners.ts';

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

  /** `booked` before the rows of `changes`, which are added: of what else was booked nothing is asked. */
  constructor(record: OrderRecord, booked: Iterable<Booking>, changes: readonly Booking[]) {
    this.record = record;
    const about = new Set(changes.map(aboutOf));
    for (const booking of booked) if (about.has(aboutOf(booking))) this.hold(booking);
  }

  /** What entries moved for one item, one way: each carries its part of the whole cumulatively, by what is held, or by gross. */
  addTogether(moved: readonly Booking[]): Reckoned[] {
    const whole = joined(moved);
    const reckoned = this.add(whole);
    if (moved.length === 1) return [reckoned];
    const weightOf = ({ gross, held }: Booking): number => (whole.held.gross === 0 ? gross : held.gross);
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
    const { handling, quantity } = booking;
    if (handling !== undefined) return this.handlingFee(handling, quantity);
    const before = this.soFar(booking);
    this.hold(booking);
    const after = this.soFar(booking);
    return {
      tax: after.tax - before.tax,
      discountShare: after.discountShare - before.discountShare,
      storeShare: after.storeShare - before.storeShare,
    };
  }

  private hold({ subject, handling, fulfilment, line, gross, quantity, held }: Booking): void {
    if (handling !== undefined) return;
    if (subject === 'shipping') {
      this.shipping += gross;
      const store = this.earnerOf(fulfilment);
      if (store !== undefined) this.shippingOfStores.set(store, (this.shippingOfStores.get(store) ?? 0) + gross);
    } else if (fulfilment !== undefined && line !== undefined) {
      const sold = this.sold.get(line) ?? NOT_SOLD;
      this.sold.set(line, { held: addUnits(sold.held, held), money: sold.money + gross + held.lost });
      this.units.set(line, (this.units.get(line) ?? 0) + quantity);
      const { name } = this.partOf(fulfilment, line);
      this.parts.set(name, addUnits(this.parts.get(name) ?? NO_UNITS, held));
    }
  }

  /** Of all that a booking belongs to: the line and the store's part of it, or the fee and the store's part of that. */
  private soFar({ subject, fulfilment, line }: Booking): Reckoned {
    if (subject === 'shipping') {
      const store = this.earnerOf(fulfilment);
      const storeShare = store === undefined ? 0 : heldOfFee(this.shippingOfStores.get(store) ?? 0);
      return { tax: this.shippingTax, discountShare: 0, storeShare };
    }
    if (fulfilment === undefined || line === undefined) return NO_SHARE;
    return {
      tax: taxOf(this.sold.get(line) ?? NOT_SOLD),
      discountShare: this.discountOf(line, this.units.get(line) ?? 0),
      storeShare: this.shareOfPart(fulfilment, line),
    };
  }

  private shareOfPart(fulfilment: number, line: number): number {
    if (at(this.record.fulfilments, fulfilment).terms?.ownership !== 'franchise') return 0;
    const { name, commission } = this.partOf(fulfilment, line);
    return shareOf(this.parts.get(name) ?? NO_UNITS, commission);
  }

  private partOf(fulfilment: number, line: number): { name: string; commission: Commission } {
    const work = at(this.record.fulfilments, fulfilment);
    const { key, commission } = lineRule(work, line);
    return { name: `${work.store} ${key}`, commission };
  }

  private discountOf(line: number, units: number): number {
    const { discountShare, quantity } = at(this.record.items, line);
    const of = amountOfUnits(discountShare, quantity, 0, Math.min(quantity, Math.abs(units)));
    // Less than none for a moment, as what is held (holdings.ts, `shareOf`).
    return units < 0 ? -of : of;
  }

  /** A part of the fee is one store's whole, or headquarters'. */
  private earnerOf(bringer: number | undefined): string | undefined {
    const isEarned = bringer !== undefined && earnsFee(this.record, bringer);
    return isEarned ? at(this.record.fulfilments, bringer).store : undefined;
  }

  private handlingFee(position: number, quantity: number): Reckoned {
    const handling = at(this.record.handlings ?? [], position);
    return { ...NO_SHARE, storeShare: feeOf({ ...handling, quantity }) };
  }

  private get shippingTax(): number {
    const { shipping, shippingTax } = this.record;
    return shipping === 0 ? 0 : halfUpProduct(shippingTax, this.shipping, shipping);
  }
}

/** Sums of one line are its own, and those of the fee. */
const aboutOf = ({ line, subject }: Booking): number | Booking['subject'] => line ?? subject;

const NOT_SOLD: Sold = { held: NO_UNITS, money: 0 };
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
