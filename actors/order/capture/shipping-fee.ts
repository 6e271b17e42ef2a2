/**
 * How much of the shipping fee goes with a capture (money rules, section 2): with `first-ready` all of it with the first one, with
 * `pro-rata` a part with each, by the value of its goods.
 *
 * F1  Parts are cumulative: what all goods so far are to bring, less what was taken. They never sum to more than the fee, and to all of it
 *     with the last goods that are still wanted.
 * F2  Goods that are wanted no more weigh nothing; what they would have brought goes with the next capture, or alone (`restOfFee`).
 * F3  With `pro-rata`, money that comes before the goods are ready has no part of it until they are.
 */
import { allocate } from '../../money/allocate.ts';
import { halfUpProduct } from '../../money/round.ts';
import type { NewEntry } from '../ledger/ledger.ts';
import { hasTaken } from '../ledger/ledger.ts';
import { at, type FeePart, type OrderRecord, type Working } from '../record.ts';
import { piecesOf } from './pieces.ts';
import { failedCaptures, shippingToCapture, uncapturedGoods } from './still-to-capture.ts';

/** With goods worth so much, minor units. */
export function shippingWith(record: OrderRecord, goods: number): number {
  const left = shippingToCapture(record);
  if (record.shippingPolicy !== 'pro-rata' || left === 0) return left;
  const open = openGoods(record);
  if (goods >= open) return left;
  const before = goodsTaken(record);
  const target = halfUpProduct(record.shipping, before + goods, before + open);
  return Math.min(left, Math.max(0, target - (record.shipping - left)));
}

/** Of goods that are still wanted, what no capture has. */
function openGoods(record: OrderRecord): number {
  let { amount } = uncapturedGoods(record);
  for (const [lead, failed] of failedCaptures(record)) if (!hasTaken(record, lead)) amount += failed.amount;
  return amount;
}

function goodsTaken(record: OrderRecord): number {
  let taken = 0;
  for (const { entry, gross } of piecesOf(record)) {
    if (entry !== undefined && hasTaken(record, entry)) taken += gross;
  }
  return taken;
}

/** With money that comes before the goods are ready. */
export function shippingUpFront(record: OrderRecord): number {
  return record.shippingPolicy === 'pro-rata' ? 0 : shippingToCapture(record);
}

/** What an entry says of the fee that it takes; `goods` by fulfilment, what its goods are worth. */
export function feeOf(
  { shippingPolicy }: OrderRecord,
  shipping: number,
  goods: () => ReadonlyMap<number, number>,
): Pick<NewEntry, 'shipping' | 'shippingOf'> {
  if (shippingPolicy !== 'pro-rata') return { shipping };
  if (shipping === 0) return {};
  const worth = goods();
  const weights = [...worth.values()];
  // Goods that cost nothing are as good as any.
  const isFree = weights.every((weight) => weight === 0);
  const parts = allocate(shipping, isFree ? weights.map(() => 1) : weights);
  const shippingOf = [...worth.keys()].map((fulfilment, index) => ({ fulfilment, amount: at(parts, index) }));
  return { shipping, shippingOf: shippingOf.filter(({ amount }) => amount > 0) };
}

type Entry = Working['ledger'][number];

/** Goods that were prepaid are ready. */
export function addFee(
  entry: Entry,
  { shipping = 0, shippingOf = [] }: Pick<NewEntry, 'shipping' | 'shippingOf'>,
): void {
  if (shipping === 0) return;
  entry.shipping = (entry.shipping ?? 0) + shipping;
  entry.shippingOf = [...(entry.shippingOf ?? []), ...shippingOf];
}

/** A fee that came before the goods goes with those that are ready first, and stays with them. */
export function bringPrepaidFee({ ledger }: Pick<Working, 'ledger'>, fulfilment: number): void {
  const fee = ledger.find(({ prepayment, shipping = 0, shippingOf }) => prepayment && shipping > 0 && !shippingOf);
  if (fee) fee.shippingOf = [{ fulfilment, amount: fee.shipping ?? 0 }];
}

/** Another capture has taken so much of it since. */
export function lessFee(entry: Entry, amount: number): void {
  const left = (entry.shipping ?? 0) - amount;
  const parts = entry.shippingOf;
  delete entry.shipping;
  delete entry.shippingOf;
  if (left <= 0) return;
  entry.shipping = left;
  if (parts) entry.shippingOf = inProportion(left, parts);
}

/** Of what another capture had taken of it; `parts`: whose goods brought all of it. */
export function moreFee(entry: Entry, amount: number, parts: readonly FeePart[] | undefined): void {
  if (amount <= 0) return;
  const fee = (entry.shipping ?? 0) + amount;
  entry.shipping = fee;
  if (parts) entry.shippingOf = inProportion(fee, parts);
}

function inProportion(amount: number, parts: readonly FeePart[]): FeePart[] {
  const shares = allocate(
    amount,
    parts.map((part) => part.amount),
  );
  return parts.map(({ fulfilment }, index) => ({ fulfilment, amount: at(shares, index) }));
}
