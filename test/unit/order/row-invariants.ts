/** The rows of the report at every published state of an order: they sum to its money, by entry and by party. */
import { holdings, targets } from '../../../actors/order/payout/holdings.ts';
import type { OrderRecord } from '../../../actors/order/record.ts';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { OrderView } from '../../../protocols/views.ts';

type Amount = 'gross' | 'storeShare' | 'settled' | 'quantity' | 'tax';

/** What is wrong, as text. `rows` are all that were said so far. */
export function wrongRows(record: OrderRecord, view: OrderView, rows: readonly AttributionRow[]): string[] {
  const found: string[] = [];
  const expect = (what: string, is: unknown, must: unknown): void => {
    if (is !== must) found.push(`${what}: ${is}, must be ${must}`);
  };
  expect('distinct rows', new Set(rows.map(({ row }) => row)).size, rows.length);
  expect('gross of all', sumOf(rows, 'gross'), view.totals.captured - view.totals.refunded);
  for (const entry of view.ledger) {
    expect(`gross of ${entry.entry}`, grossOf(rows, entry.entry), moneyOf(entry));
  }
  const target = targets(record);
  for (const [store, held] of holdings(record)) {
    const own = rows.filter(({ party }) => party === store);
    expect(`settled with ${store}`, sumOf(own, 'settled'), held);
    const { low, high } = target.get(store) ?? { low: 0, high: 0 };
    const share = sumOf(own, 'storeShare');
    // Between them is what is being refunded.
    if (share < low || share > high) found.push(`share of ${store}: ${share}, must be ${low} to ${high}`);
  }
  const hasLostFunds = view.ledger.some(({ kind, state }) => kind === 'capture' && state === 'failed');
  if (!hasLostFunds) found.push(...view.lines.flatMap((line) => wrongLine(line, rows)));
  return found;
}

function sumOf(rows: readonly AttributionRow[], amount: Amount): number {
  return rows.reduce((sum, row) => sum + row[amount], 0);
}

function grossOf(rows: readonly AttributionRow[], entry: string): number {
  return rows.reduce((sum, row) => (row.entry === entry ? sum + row.gross : sum), 0);
}

/** Of the customer's, that moved for certain. */
function moneyOf({ kind, state, amount }: OrderView['ledger'][number]): number {
  if (state !== 'confirmed') return 0;
  if (kind === 'refund') return -amount;
  return kind === 'capture' || kind === 'till-sale' ? amount : 0;
}

const MONEYLESS: ReadonlySet<string> = new Set(['delivery', 'short-pick', 'cancellation', 'handling-fee']);

function wrongLine(of: OrderView['lines'][number], all: readonly AttributionRow[]): string[] {
  const rows = all.filter(({ line, movement }) => line === of.line && !MONEYLESS.has(movement));
  const [units, gross, tax] = [sumOf(rows, 'quantity'), sumOf(rows, 'gross'), sumOf(rows, 'tax')];
  const found: string[] = [];
  if (units < 0 || units > of.quantity) found.push(`line ${of.line}: ${units} of ${of.quantity} sold`);
  if (gross < 0 || gross > of.gross) found.push(`line ${of.line}: ${gross} of ${of.gross} booked`);
  // Sold whole it has its tax to the last minor unit; with nothing left, none.
  const whole = gross === of.gross && units === of.quantity;
  if (whole && tax !== of.tax) found.push(`line ${of.line}: ${tax} of tax ${of.tax}`);
  if (gross === 0 && tax !== 0) found.push(`line ${of.line}: tax ${tax} of nothing`);
  return found;
}
