/** One invoice as an order: what is bought, how it is paid, how it reaches the customer. */
import type { OrderCommands } from '../../protocols/commands.ts';
import { DAY_MS } from '../../protocols/durations.ts';
import { draw, pick } from './draw.ts';
import { CURRENCY, nearestShop, PAYMENT_ACCOUNT } from './network.ts';
import { placeOf } from './places.ts';
import { halfUpPence, linePrice } from './price.ts';
import type { SheetRow } from './read-sheet.ts';

export type Place = OrderCommands['place'];
export type PlacedLine = Place['lines'][number];
export type GoodsRow = { row: SheetRow; sku: string };
export type Invoice = { number: string; first: SheetRow; goods: GoodsRow[]; carriage: SheetRow[] };
export type PlacedOrder = {
  order: string;
  customer: string | null;
  /** Origin of the order's commands that are not a store's. */
  channel: 'channel-trade' | 'channel-web';
  place: Place;
  totalPence: number;
};

const VAT_UNITED_KINGDOM = '0.2';
const NO_VAT = '0';
const AUTHORISATION_DAYS = 7;

const MAX_COLLECTED_LINES = 8;
const CLICK_AND_COLLECT_SHARE = 0.25;
const RESERVE_AND_COLLECT_SHARE = 0.15;
/** A franchise owes its commission on what its till takes: out of its account, which must have been paid something before. */
const ROWS_BEFORE_TILLS = 4000;
const METHODS: readonly [string, ...string[]] = ['visa', 'visa', 'mastercard'];

/** `shiftMs` moves the sheet's time to the replay's. */
export function placeOrder(invoice: Invoice, shiftMs: number): PlacedOrder {
  const { number: order, first } = invoice;
  const taxRate = first.country === 'United Kingdom' ? VAT_UNITED_KINGDOM : NO_VAT;
  const lines = invoice.goods.map((goods, index) => placedLine(goods, index + 1, taxRate));
  const shipping = invoice.carriage.reduce((sum, row) => sum + halfUpPence(row.quantity * row.priceMills), 0);
  const totalPence = lines.reduce((sum, line) => sum + lineTotal(line), shipping);
  const destination = placeOf(first.country, first.customer ?? order);
  const placedAtMs = first.atMs + shiftMs;
  const fulfilment = chooseFulfilment(invoice);
  const place: Place = {
    channel: first.customer === null ? 'web' : 'trade',
    currency: CURRENCY,
    placedAt: instant(placedAtMs),
    fulfilment,
    ...(destination && { destination }),
    taxIncluded: true,
    lines,
    ...(shipping > 0 && { shipping: { amount: shipping, taxRate } }),
    ...(fulfilment !== 'ship' && destination && { collectAt: nearestShop(destination).id }),
    ...(fulfilment !== 'reserve-and-collect' && { payment: authorisation(order, totalPence, placedAtMs) }),
  };
  const channel = first.customer === null ? 'channel-web' : 'channel-trade';
  return { order, customer: first.customer, channel, place, totalPence };
}

export function lineTotal(line: PlacedLine): number {
  return line.quantity * line.unitPrice - (line.discount ?? 0);
}

function placedLine({ row, sku }: GoodsRow, line: number, taxRate: string): PlacedLine {
  const { unitPrice, discount } = linePrice(row.quantity, row.priceMills);
  return {
    line: String(line),
    sku,
    ...(row.description !== '' && { name: row.description }),
    quantity: row.quantity,
    unitPrice,
    taxRate,
    ...(discount > 0 && { discount }),
  };
}

/** Small British orders without carriage may be collected; a till takes whole-penny prices only. */
function chooseFulfilment({ number, first, goods, carriage }: Invoice): Place['fulfilment'] {
  const collectable =
    first.country === 'United Kingdom' &&
    carriage.length === 0 &&
    goods.length <= MAX_COLLECTED_LINES &&
    goods.every(({ row }) => row.priceMills % 10 === 0);
  if (!collectable) return 'ship';
  const chance = draw(`fulfilment ${number}`);
  if (chance < CLICK_AND_COLLECT_SHARE) return 'click-and-collect';
  if (chance >= CLICK_AND_COLLECT_SHARE + RESERVE_AND_COLLECT_SHARE) return 'ship';
  return first.row > ROWS_BEFORE_TILLS ? 'reserve-and-collect' : 'click-and-collect';
}

function authorisation(order: string, authorised: number, placedAtMs: number): NonNullable<Place['payment']> {
  return {
    account: PAYMENT_ACCOUNT,
    method: pick(METHODS, `method ${order}`),
    transaction: `tx-${order}`,
    authorised,
    authorisedAt: instant(placedAtMs),
    captureBefore: instant(placedAtMs + AUTHORISATION_DAYS * DAY_MS),
    captured: 0,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
