/** Credit notes as returns: one for each order that a note takes goods back from, all in one parcel or visit. */
import type { AccountBook } from './account.ts';
import { classifyRow } from './classify-row.ts';
import { draw, pick } from './draw.ts';
import type { Purchases, TakenBack } from './match-credits.ts';
import { SHOPS, WAREHOUSE } from './network.ts';
import { halfUpPence } from './price.ts';
import type { SheetRow } from './read-sheet.ts';

export type PlannedReturn = {
  id: string;
  creditNote: string;
  order: string;
  by: 'store' | 'mail';
  /** The store that takes the goods: the counter, or the warehouse for the post. */
  desk: string;
  lines: { line: string; quantity: number; reason: string }[];
  refundShipping: boolean;
};

/** Pence that an order was charged for carriage. */
type ShippingOf = (order: string) => number | undefined;

const COUNTER_SHARE = 0.6;
const REASONS = ['unwanted', 'not-as-described', 'wrong-item', 'damaged'] as const;

/** `note`: the lines of one credit note. */
export function planReturns(
  note: readonly SheetRow[],
  shippingOf: ShippingOf,
  purchases: Purchases,
  book: AccountBook,
): PlannedReturn[] {
  const returns = new Map<string, PlannedReturn>();
  for (const row of note) {
    for (const taken of takeBackGoods(row, purchases, book)) addUnits(returns, row, taken);
  }
  refundCarriage(note, returns, shippingOf, book);
  return [...returns.values()];
}

function takeBackGoods(row: SheetRow, purchases: Purchases, book: AccountBook): TakenBack[] {
  const kind = classifyRow(row);
  if (kind.kind === 'left-out') book.leaveOut(kind.reason, row);
  if (kind.kind !== 'credit') return [];
  if (row.customer === null) {
    book.leaveOut('guest-credit', row);
    return [];
  }
  const taken = purchases.takeBack(row, row.customer, kind.sku);
  const quantity = taken.reduce((sum, part) => sum + part.quantity, 0);
  if (quantity === 0) book.leaveOut('blind-credit', row);
  else book.keep('credited', row, -quantity);
  const beyond = -row.quantity - quantity;
  if (quantity > 0 && beyond > 0) book.leaveOutPart('credit-beyond-bought', row, -beyond);
  return taken;
}

function addUnits(returns: Map<string, PlannedReturn>, row: SheetRow, { order, line, quantity }: TakenBack): void {
  const planned = returns.get(order) ?? emptyReturn(row, order);
  returns.set(order, planned);
  const known = planned.lines.find((units) => units.line === line);
  if (known !== undefined) known.quantity += quantity;
  else planned.lines.push({ line, quantity, reason: pick(REASONS, `reason ${planned.id} ${line}`) });
}

function emptyReturn({ invoice: creditNote, country }: SheetRow, order: string): PlannedReturn {
  const id = `${creditNote}-${order}`;
  const atCounter = country === 'United Kingdom' && draw(`counter ${creditNote}`) < COUNTER_SHARE;
  return {
    id,
    creditNote,
    order,
    by: atCounter ? 'store' : 'mail',
    desk: atCounter ? pick(SHOPS, `desk ${creditNote}`).id : WAREHOUSE.id,
    lines: [],
    refundShipping: false,
  };
}

/** A return refunds the shipping of its order wholly or not at all, so the credited carriage must be that amount. */
function refundCarriage(
  note: readonly SheetRow[],
  returns: ReadonlyMap<string, PlannedReturn>,
  shippingOf: ShippingOf,
  book: AccountBook,
): void {
  for (const row of note.filter((line) => classifyRow(line).kind === 'carriage-credit')) {
    const pence = halfUpPence(-row.quantity * row.priceMills);
    const match = [...returns.values()].find(
      (planned) => !planned.refundShipping && shippingOf(planned.order) === pence,
    );
    if (match === undefined) book.leaveOut('carriage-credit', row);
    else {
      match.refundShipping = true;
      book.keep('credited', row);
    }
  }
}
